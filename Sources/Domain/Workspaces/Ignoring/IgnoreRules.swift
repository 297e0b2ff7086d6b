import Diagnostics
package import Files

/// What ignore files of a folder, and of those above it, say: which paths are none of the content.
///
/// The rules are those of gitignore(5). Of all lines that fit a path the last one counts, that of the innermost file
/// first; but what lies in an excluded folder is never taken back, for nobody looks in there.
package struct IgnoreRules: Sendable, Equatable {
    private struct File: Sendable, Equatable {
        let folder: RelativePath
        let patterns: [IgnorePattern]
    }

    /// The outermost first.
    private var files: [File] = []

    package init() {}

    package var isEmpty: Bool { files.isEmpty }

    /// Adds what the file at `place` says. Of two in one folder, the later one has the last word.
    package mutating func add(_ content: [UInt8], at place: RelativePath) {
        let patterns = Self.patterns(content, file: place.description)
        if !patterns.isEmpty { files.append(File(folder: place.parent ?? .root, patterns: patterns)) }
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private static func patterns(_ content: [UInt8], file: String) -> [IgnorePattern] {
        let text = content.starts(with: byteOrderMark) ? content.dropFirst(byteOrderMark.count) : content[...]
        var patterns: [IgnorePattern] = []
        for (number, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            let location = SourceLocation(file: file, line: number + 1, column: 1)
            if let pattern = IgnorePattern(line: line, location: location) { patterns.append(pattern) }
        }
        return patterns
    }

    /// The line that decides about the path, whatever holds for the folders above it; nil if none fits.
    package func decision(about path: RelativePath, isFolder: Bool) -> IgnorePattern? {
        path.bytes.withUnsafeBufferPointer { bytes in
            let nameStart = (bytes.lastIndex(of: slash) ?? -1) + 1
            for file in files.reversed() {
                let folder = file.folder.bytes
                let start = folder.isEmpty ? 0 : folder.count + 1
                // A rule of another folder: this one is not above the path.
                guard start < bytes.count, folder.isEmpty || path.isAtOrBelow(file.folder) else { continue }
                for pattern in file.patterns.reversed()
                where pattern.fits(bytes[start...], nameStart: nameStart, isFolder: isFolder) {
                    return pattern
                }
            }
            return nil
        }
    }

    /// Whether the path is excluded, whatever holds for the folders above it.
    package func ignores(_ path: RelativePath, isFolder: Bool) -> Bool {
        guard !files.isEmpty, let pattern = decision(about: path, isFolder: isFolder) else { return false }
        return !pattern.isException
    }
}
