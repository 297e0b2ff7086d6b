import Objects

/// Which part of a file differs from another version of it: all between what both begin and end with.
package struct ContentDifference: Sendable, Equatable {
    /// From 0, the end not included.
    package var bytesBefore: Range<Int>
    package var bytesAfter: Range<Int>
    /// For text: its lines, from 1. Nil for other bytes, and where lines were only added or only removed.
    package var rowsBefore: ClosedRange<Int>?
    package var rowsAfter: ClosedRange<Int>?
    package var isText: Bool
    /// The first line of each that differs, cut.
    package var lineBefore: String?
    package var lineAfter: String?

    private static let mostBytes: UInt64 = 16 << 20
    private static let shownCharacters = 200

    static func between(_ before: Digest?, _ after: Digest?, in objects: ObjectStore) -> ContentDifference? {
        guard let before, let after, before.sizeBytes <= mostBytes, after.sizeBytes <= mostBytes,
            let old = try? objects.read(before), let new = try? objects.read(after)
        else { return nil }
        return between(old, new)
    }

    /// Nil if they are equal.
    static func between(_ before: [UInt8], _ after: [UInt8]) -> ContentDifference? {
        if before == after { return nil }
        let shorter = min(before.count, after.count)
        var start = 0
        while start < shorter, before[start] == after[start] { start += 1 }
        var tail = 0
        while tail < shorter - start, before[before.count - 1 - tail] == after[after.count - 1 - tail] { tail += 1 }
        var difference = ContentDifference(
            bytesBefore: start..<before.count - tail, bytesAfter: start..<after.count - tail,
            isText: isText(before) && isText(after))
        if difference.isText { difference.findRows(before, after, start: start, tail: tail) }
        return difference
    }

    /// Whole lines: the one in which the difference begins, up to the one in which it ends.
    private mutating func findRows(_ before: [UInt8], _ after: [UInt8], start: Int, tail: Int) {
        let newline = UInt8(ascii: "\n")
        var head = start
        while head > 0, before[head - 1] != newline { head -= 1 }
        // An end that both share begins after a newline.
        var rest = tail
        while rest > 0, !(isLineStart(before, before.count - rest) && isLineStart(after, after.count - rest)) {
            rest -= 1
        }
        let (old, new) = (before[head..<max(head, before.count - rest)], after[head..<max(head, after.count - rest)])
        let first = before[..<head].count { $0 == newline } + 1
        rowsBefore = rows(old, from: first)
        rowsAfter = rows(new, from: first)
        lineBefore = rowsBefore.map { _ in firstLine(old) }
        lineAfter = rowsAfter.map { _ in firstLine(new) }
    }

    private func isLineStart(_ bytes: [UInt8], _ index: Int) -> Bool {
        index == 0 || bytes[index - 1] == UInt8(ascii: "\n")
    }

    private func rows(_ part: ArraySlice<UInt8>, from first: Int) -> ClosedRange<Int>? {
        if part.isEmpty { return nil }
        let newlines = part.count { $0 == UInt8(ascii: "\n") }
        let count = part.last == UInt8(ascii: "\n") ? newlines : newlines + 1
        return first...(first + count - 1)
    }

    private func firstLine(_ part: ArraySlice<UInt8>) -> String {
        let line = String(decoding: part.prefix { $0 != UInt8(ascii: "\n") }.prefix(1024), as: UTF8.self)
        return line.count > Self.shownCharacters ? line.prefix(Self.shownCharacters) + "…" : line
    }

    private static func isText(_ bytes: [UInt8]) -> Bool {
        !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
    }
}
