package import Diagnostics

/// One line of an ignore file, compiled.
package struct IgnorePattern: Sendable, Equatable {
    /// What a path is compared with. Most patterns need no `Wildcard`.
    private enum Shape: Sendable, Equatable {
        /// The last name of the path.
        case name([UInt8])
        case nameEnd([UInt8])
        case nameLike(Wildcard)
        /// The path below the file's folder: how it begins, and what the rest is like.
        case path(start: [UInt8], rest: Wildcard)
    }

    private let shape: Shape
    /// Takes back what an earlier line excluded.
    package let isException: Bool
    private let fitsFoldersOnly: Bool
    /// As it is written.
    package let text: [UInt8]
    package let location: SourceLocation

    /// Nil for an empty line, a comment, and a pattern that fits nothing.
    init?(line: ArraySlice<UInt8>, location: SourceLocation) {
        guard line.first != UInt8(ascii: "#") else { return nil }
        // Git takes what follows a NUL for no part of the line.
        let text = Self.withoutSpacesAtEnd(line.prefix { $0 != 0 })
        self.text = Array(text)
        self.location = location
        var rest = text
        isException = rest.first == UInt8(ascii: "!")
        if isException { rest = rest.dropFirst() }
        fitsFoldersOnly = rest.last == slash
        if fitsFoldersOnly { rest = rest.dropLast() }
        guard let shape = Self.shape(rest) else { return nil }
        self.shape = shape
    }

    private static func shape(_ pattern: ArraySlice<UInt8>) -> Shape? {
        if pattern.isEmpty { return nil }
        guard pattern.contains(slash) else {
            if !Wildcard.isPattern(pattern) { return .name(Array(pattern)) }
            if pattern.first == UInt8(ascii: "*"), !Wildcard.isPattern(pattern.dropFirst()) {
                return .nameEnd(Array(pattern.dropFirst()))
            }
            return Wildcard(pattern).map(Shape.nameLike)
        }
        let below = pattern.first == slash ? pattern.dropFirst() : pattern
        let start = below.prefix { !Wildcard.isSpecial($0) }
        return Wildcard(below.dropFirst(start.count)).map { .path(start: Array(start), rest: $0) }
    }

    /// A space at the end counts only after a backslash. Git leaves a line alone that ends with a backslash.
    private static func withoutSpacesAtEnd(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var (place, end) = (line.startIndex, line.startIndex)
        while place < line.endIndex {
            let isEscape = line[place] == UInt8(ascii: "\\")
            if isEscape, place + 1 == line.endIndex { return line }
            let isSpace = line[place] == UInt8(ascii: " ")
            place += isEscape ? 2 : 1
            if !isSpace { end = place }
        }
        return line[..<end]
    }

    /// `path`: from the file's folder. `nameStart`: where its last name begins.
    func fits(_ path: Slice<UnsafeBufferPointer<UInt8>>, nameStart: Int, isFolder: Bool) -> Bool {
        if fitsFoldersOnly, !isFolder { return false }
        switch shape {
        case .name(let name): return path[nameStart...].elementsEqual(name)
        case .nameEnd(let end):
            return path.endIndex - nameStart >= end.count && path[(path.endIndex - end.count)...].elementsEqual(end)
        case .nameLike(let wildcard): return wildcard.matches(path[nameStart...])
        case .path(let start, let rest):
            return path.starts(with: start) && rest.matches(path[(path.startIndex + start.count)...])
        }
    }
}
