import Files
import Hashing

/// How small objects lie together in one file. docs/formats/object-store.md.
///
/// ```
///   <name>.pack    magic, then records: head (61 bytes), stored bytes, head, stored bytes, …
///   <name>.index   magic, length of the pack, count, fan-out, ids in order, places in the same order
/// ```
enum PackFormat {
    static let packMagic = Array("RPPACK\0\u{1}".utf8)
    static let indexMagic = Array("RPPIDX\0\u{1}".utf8)
    static let packSuffix = ".pack"
    static let indexSuffix = ".index"
    /// Beside a pack that a process needs: its time says since when.
    static let heldSuffix = ".held"

    /// Larger objects are files of their own. docs/decisions/0009-packs.md has the measurement.
    static let largestObjectBytes = 128 << 10
    /// A pack that has grown so large is ended, and another begun.
    static let fullPackBytes: UInt64 = 256 << 20
    /// A batch of fewer small objects makes loose files: a pack costs two files and two flushes.
    static let fewestObjects = 24
}

/// Where an object lies in a pack.
struct PackEntry: Sendable, Hashable {
    let id: ObjectID
    /// Of its record's head.
    let offset: UInt32
    let storedBytes: UInt32
    /// Of the content.
    let sizeBytes: UInt32
    let isCompressed: Bool

    /// Of the record, its head included.
    var recordBytes: UInt64 { UInt64(PackRecordHead.byteCount) + UInt64(storedBytes) }
    var end: UInt64 { UInt64(offset) + recordBytes }
}

/// What stands before an object's bytes in a pack, so that the index can be made from the pack alone.
struct PackRecordHead: Sendable, Equatable {
    let digest: Digest
    let storedBytes: UInt32
    let isCompressed: Bool

    static let byteCount = 61
    private static let checkedBytes = byteCount - 4

    init(digest: Digest, storedBytes: UInt32, isCompressed: Bool) {
        self.digest = digest
        self.storedBytes = storedBytes
        self.isCompressed = isCompressed
    }

    /// Nil if there is no whole head at `offset`.
    init?(reading bytes: UnsafeRawBufferPointer, at offset: Int) {
        guard offset >= 0, offset + Self.byteCount <= bytes.count else { return nil }
        let checked = UnsafeRawBufferPointer(rebasing: bytes[offset + 4..<offset + Self.byteCount])
        let form = checked[0]
        guard form <= 1, bytes.bigEndian(UInt32.self, at: offset) == Self.check(checked) else { return nil }
        isCompressed = form == 1
        storedBytes = checked.bigEndian(UInt32.self, at: 1)
        digest = Digest(
            id: ObjectID(XXH3Digest(reading: checked, at: 9)), sha256: SHA256Digest(reading: checked, at: 25),
            sizeBytes: UInt64(checked.bigEndian(UInt32.self, at: 5)))
    }

    func append(to bytes: inout [UInt8]) {
        var body: [UInt8] = []
        body.reserveCapacity(Self.checkedBytes)
        body.append(isCompressed ? 1 : 0)
        body.append(bigEndian: storedBytes)
        body.append(bigEndian: UInt32(digest.sizeBytes))
        body.append(bigEndian: digest.id.hash.high)
        body.append(bigEndian: digest.id.hash.low)
        body += digest.sha256.bytes
        bytes.append(bigEndian: body.withUnsafeBytes { Self.check($0) })
        bytes += body
    }

    private static func check(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(truncatingIfNeeded: XXH3.hash(bytes.bytes).low)
    }
}

extension UnsafeRawBufferPointer {
    /// The integer at `offset`, which must be there, the highest byte first.
    func bigEndian<Value: FixedWidthInteger>(_ type: Value.Type, at offset: Int) -> Value {
        Value(bigEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }
}

extension [UInt8] {
    mutating func append<Value: FixedWidthInteger>(bigEndian value: Value) {
        Swift.withUnsafeBytes(of: value.bigEndian) { self.append(contentsOf: $0) }
    }
}
