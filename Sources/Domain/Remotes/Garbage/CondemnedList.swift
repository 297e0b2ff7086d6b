import Hashing

/// Packs and segments that a collection of garbage is going to remove. docs/formats/remote.md, "Collecting garbage".
struct CondemnedList: Sendable, Equatable {
    var packs: Set<SHA256Digest> = []
    var segments: Set<SHA256Digest> = []

    private static let magic: StaticString = "REPROCD1"

    var isEmpty: Bool { packs.isEmpty && segments.isEmpty }

    func encoded() -> [UInt8] {
        var file = ByteWriter()
        file.write(Self.magic)
        for names in [packs, segments] {
            file.write(UInt32(names.count))
            for name in names.sorted() { file.write(name) }
        }
        return file.bytes
    }

    init(packs: Set<SHA256Digest> = [], segments: Set<SHA256Digest> = []) {
        self.packs = packs
        self.segments = segments
    }

    /// Reads a file, whose name said `sha256`.
    init(decoding bytes: [UInt8], expecting sha256: SHA256Digest) throws(FormatProblem) {
        guard SHA256.hash(bytes) == sha256 else { throw .otherContent }
        var reader = ByteReader(bytes)
        guard try reader.take(8) == Array("\(Self.magic)".utf8) else { throw .wrongMagic }
        for _ in 0..<(try reader.count(ofEntries: 32)) { packs.insert(try reader.digest()) }
        for _ in 0..<(try reader.count(ofEntries: 32)) { segments.insert(try reader.digest()) }
        guard reader.remaining == 0 else { throw .tooLong }
    }

    mutating func formUnion(_ other: CondemnedList) {
        packs.formUnion(other.packs)
        segments.formUnion(other.segments)
    }
}
