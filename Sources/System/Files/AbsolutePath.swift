import Glibc

/// A path from the root of the file system, as bytes: starts with a slash, has no empty, `.` or `..` component.
///
/// Normalised by its letters only: symbolic links in it are not resolved.
package struct AbsolutePath: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// Normalises `text`; a relative one is taken from `base`. `..` at the root stays at the root, as in the kernel.
    package init(_ text: String, relativeTo base: AbsolutePath = .fileSystemRoot) {
        self.init(bytes: Array(text.utf8), relativeTo: base)
    }

    package init(bytes text: [UInt8], relativeTo base: AbsolutePath = .fileSystemRoot) {
        var components = text.first == slash ? [] : base.bytes.split(separator: slash)
        for component in text.split(separator: slash) {
            if component.elementsEqual(".".utf8) { continue }
            if component.elementsEqual("..".utf8) {
                _ = components.popLast()
            } else {
                components.append(component)
            }
        }
        bytes = [slash] + components.joined(separator: [slash])
    }

    private init(normalised bytes: [UInt8]) { self.bytes = bytes }

    package func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }

    package static let fileSystemRoot = AbsolutePath(normalised: [slash])

    /// The working directory of this process; `/` if it was deleted.
    package static func workingDirectory() -> AbsolutePath {
        guard let text = getcwd(nil, 0) else { return .fileSystemRoot }
        defer { free(text) }
        return AbsolutePath(
            bytes: Array(UnsafeBufferPointer(start: text, count: strlen(text))).map { UInt8(bitPattern: $0) })
    }

    package func appending(_ path: RelativePath) -> AbsolutePath {
        if path.isRoot { return self }
        return AbsolutePath(normalised: (bytes.count == 1 ? [] : bytes) + [slash] + path.bytes)
    }

    /// This path with one more component (or several, with slashes), which must be normal already.
    package func appending(_ name: String) -> AbsolutePath { appending(RelativePath(unchecked: Array(name.utf8))) }

    /// The folder that holds this path; nil for `/`.
    package var parent: AbsolutePath? {
        guard bytes.count > 1, let cut = bytes.lastIndex(of: slash) else { return nil }
        return AbsolutePath(normalised: cut == 0 ? [slash] : Array(bytes[..<cut]))
    }

    package var name: [UInt8] { Array(bytes.split(separator: slash).last ?? []) }

    /// This path as seen from `folder`; nil if it does not lie at or below it.
    package func relative(to folder: AbsolutePath) -> RelativePath? {
        if self == folder { return .root }
        let prefix = folder.bytes.count == 1 ? folder.bytes : folder.bytes + [slash]
        guard bytes.starts(with: prefix) else { return nil }
        return RelativePath(unchecked: Array(bytes.dropFirst(prefix.count)))
    }

    package static func < (a: AbsolutePath, b: AbsolutePath) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

    /// Lends the path to C, with a NUL at its end.
    @discardableResult
    package func withCString<Result, Failure: Error>(
        _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
        defer { copy.deallocate() }
        UnsafeMutableRawBufferPointer(start: copy, count: bytes.count).copyBytes(from: bytes)
        copy[bytes.count] = 0
        return try body(copy)
    }

    /// For people; bytes that are not UTF-8 show as U+FFFD.
    package var description: String { String(decoding: bytes, as: UTF8.self) }
}
