import Hashing

/// Writes the integers and digests of docs/formats/remote.md: big-endian, without padding.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    /// `capacity` bytes can be written without moving those before.
    init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    mutating func write(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ content: some Sequence<UInt8>) { bytes.append(contentsOf: content) }

    mutating func write<Number: FixedWidthInteger>(_ number: Number) {
        for byte in 0..<MemoryLayout<Number>.size {
            bytes.append(UInt8(truncatingIfNeeded: number >> (8 * (MemoryLayout<Number>.size - 1 - byte))))
        }
    }

    mutating func write(_ digest: SHA256Digest) {
        write(digest.bytes)
    }
}

/// Reads what `ByteWriter` wrote. Every read is checked: what comes from a remote may say anything.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int

    init(_ bytes: [UInt8], range: Range<Int>? = nil) {
        self.bytes = bytes
        position = range?.lowerBound ?? 0
        end = range?.upperBound ?? bytes.count
    }

    var remaining: Int { end - position }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(FormatProblem) -> Number {
        let size = MemoryLayout<Number>.size
        guard remaining >= size else { throw .endsTooEarly }
        var result: Number = 0
        for index in position..<position + size { result = result << 8 | Number(truncatingIfNeeded: bytes[index]) }
        position += size
        return result
    }

    /// A count of entries that take `entryBytes` at least: no more than can follow.
    mutating func count(ofEntries entryBytes: Int) throws(FormatProblem) -> Int {
        let count = try Int(number(UInt32.self))
        guard count <= remaining / entryBytes else { throw .endsTooEarly }
        return count
    }

    mutating func digest() throws(FormatProblem) -> SHA256Digest {
        guard remaining >= SHA256Digest.byteCount else { throw .endsTooEarly }
        defer { position += SHA256Digest.byteCount }
        return bytes.withUnsafeBytes { SHA256Digest(reading: $0, at: position) }
    }

    mutating func take(_ count: Int) throws(FormatProblem) -> [UInt8] {
        guard count >= 0, remaining >= count else { throw .endsTooEarly }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }
}

/// What is wrong with a pack or a segment. Whoever knows its name says so.
enum FormatProblem: String, Error {
    case wrongMagic = "it does not start or end as it should"
    case endsTooEarly = "it ends too early"
    case tooLong = "something follows its end"
    case tooLarge = "it claims a size that is not allowed"
    case badCompression = "it cannot be decompressed"
    case badReference = "it refers to something that is not there"
    case badEncoding = "it uses an encoding that is not known"
    case badRecord = "a record has a name or kind that is not allowed"
    case otherContent = "its SHA-256 is not the one in its name"
}
