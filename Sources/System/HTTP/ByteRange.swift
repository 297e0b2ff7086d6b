/// A part of a resource: `count` bytes from `offset` on.
package struct ByteRange: Hashable, Sendable {
    package let offset: UInt64
    package let count: UInt64

    package init(offset: UInt64, count: UInt64) {
        self.offset = offset
        self.count = count
    }

    /// One past the last byte; saturates instead of overflowing.
    package var end: UInt64 {
        let (sum, overflow) = offset.addingReportingOverflow(count)
        return overflow ? .max : sum
    }

    /// For a `Range` header: `bytes=10-19`. The count must not be zero: HTTP cannot ask for nothing.
    package var requestHeader: String { "bytes=\(offset)-\(end - 1)" }

    /// For a `Content-Range` header: `bytes 10-19/100`.
    package func replyHeader(of sizeBytes: UInt64) -> String { "bytes \(offset)-\(end - 1)/\(sizeBytes)" }

    /// What a request's `Range` header asks of a resource of `sizeBytes`.
    package enum Request: Equatable, Sendable {
        /// No header, several ranges, another unit or bad syntax: send it all, as RFC 9110 allows.
        case all
        case part(ByteRange)
        /// Nothing of the resource lies in the range: reply 416.
        case unsatisfiable
    }

    package static func parse(requestHeader text: String?, sizeBytes: UInt64) -> Request {
        guard let text, text.hasPrefix("bytes=") else { return .all }
        let sides = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard sides.count == 2 else { return .all }
        switch (decimal(sides[0]), decimal(sides[1])) {
        case (let first?, let last?):
            if last < first { return .all }
            if first >= sizeBytes { return .unsatisfiable }
            return .part(ByteRange(offset: first, count: min(last, sizeBytes - 1) - first + 1))
        case (let first?, nil) where sides[1].isEmpty:
            if first >= sizeBytes { return .unsatisfiable }
            return .part(ByteRange(offset: first, count: sizeBytes - first))
        case (nil, let suffix?) where sides[0].isEmpty:
            if suffix == 0 || sizeBytes == 0 { return .unsatisfiable }
            let count = min(suffix, sizeBytes)
            return .part(ByteRange(offset: sizeBytes - count, count: count))
        default: return .all
        }
    }

    /// Reads `bytes 10-19/100` of a reply; the size is nil where the server wrote `*`.
    package static func parse(replyHeader text: String) -> (range: ByteRange, sizeBytes: UInt64?)? {
        guard text.hasPrefix("bytes ") else { return nil }
        let parts = text.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = decimal(ends[0]), let last = decimal(ends[1]), first <= last, last < .max
        else { return nil }
        return (ByteRange(offset: first, count: last - first + 1), decimal(parts[1]))
    }

    /// Digits only: `UInt64` itself would accept a sign.
    private static func decimal(_ text: Substring) -> UInt64? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? UInt64(text) : nil
    }
}
