/// A normalised path below some root: bytes, no empty, `.` or `..` component, no leading or trailing slash.
///
/// The root itself is the empty path. Paths are bytes and not String because file names need not be UTF-8, and
/// because String compares NFC and NFD spellings as equal while the file system does not.
package struct RelativePath: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    package static let root = RelativePath(unchecked: [])

    /// Trusts that `bytes` is already normalised.
    package init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// Normalises `text`, which is relative to `base`; a path that leads out of the root is refused.
    package init(parsing text: String, relativeTo base: RelativePath = .root) throws(PathError) {
        try self.init(parsing: Array(text.utf8), relativeTo: base)
    }

    package init(parsing bytes: [UInt8], relativeTo base: RelativePath = .root) throws(PathError) {
        if base.isRoot, Self.isNormalised(bytes) {
            self.bytes = bytes
            return
        }
        let shown = String(decoding: bytes, as: UTF8.self)
        if bytes.isEmpty { throw .empty }
        if bytes.contains(0) { throw .containsNUL(shown) }
        if bytes[0] == slash { throw .outsideProject(shown) }
        var components = base.components
        for component in bytes.split(separator: slash) {
            if component.elementsEqual(".".utf8) { continue }
            if component.elementsEqual("..".utf8) {
                if components.popLast() == nil { throw .outsideProject(shown) }
            } else {
                components.append(component)
            }
        }
        self.bytes = Array(components.joined(separator: [slash]))
    }

    /// Nearly all are: nothing needs to be taken apart then.
    private static func isNormalised(_ bytes: [UInt8]) -> Bool {
        // Of the component so far: empty, `.` and `..` are all dots, and short.
        var length = 0
        var dots = 0
        for byte in bytes {
            switch byte {
            case 0: return false
            case slash:
                if length == dots, length <= 2 { return false }
                length = 0
                dots = 0
            default:
                length += 1
                if byte == UInt8(ascii: ".") { dots += 1 }
            }
        }
        return length != dots || length > 2
    }

    /// All bytes at once: one by one, as arrays do it, takes longer than the rest of a look into a dictionary.
    package func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }

    package var isRoot: Bool { bytes.isEmpty }

    package var components: [ArraySlice<UInt8>] { bytes.split(separator: slash) }

    /// The last component; empty for the root.
    package var name: [UInt8] { Array(components.last ?? []) }

    /// The folder that holds this path; nil for the root.
    package var parent: RelativePath? {
        if isRoot { return nil }
        guard let cut = bytes.lastIndex(of: slash) else { return .root }
        return RelativePath(unchecked: Array(bytes[..<cut]))
    }

    /// This path with one more component, which must not be empty nor contain a slash.
    package func appending(name: some Sequence<UInt8>) -> RelativePath {
        isRoot ? RelativePath(unchecked: Array(name)) : RelativePath(unchecked: bytes + [slash] + name)
    }

    package func appending(_ path: RelativePath) -> RelativePath {
        if isRoot { return path }
        return path.isRoot ? self : RelativePath(unchecked: bytes + [slash] + path.bytes)
    }

    /// Whether this path is `folder` or lies below it.
    package func isAtOrBelow(_ folder: RelativePath) -> Bool {
        if folder.isRoot { return true }
        guard bytes.starts(with: folder.bytes) else { return false }
        return bytes.count == folder.bytes.count || bytes[folder.bytes.count] == slash
    }

    /// This path as seen from `folder`, which must be at or above it; nil if it is not.
    package func relative(to folder: RelativePath) -> RelativePath? {
        guard isAtOrBelow(folder) else { return nil }
        if folder.isRoot { return self }
        return RelativePath(unchecked: Array(bytes.dropFirst(folder.bytes.count + 1)))
    }

    /// Byte order, as `LC_ALL=C sort` has it.
    package static func < (a: RelativePath, b: RelativePath) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

    /// For people; bytes that are not UTF-8 show as U+FFFD.
    package var description: String { isRoot ? "." : String(decoding: bytes, as: UTF8.self) }
}

let slash = UInt8(ascii: "/")
