import Diagnostics
import Files
import Objects
import TestSupport
import Testing

/// Where a bit of a pack, or of its index, can flip.
enum PackHarm: CaseIterable {
    case magic, recordHead, storedSize, content, lastByte, truncated
    case indexMagic, indexFanOut, indexIDs, indexEnd, indexEmpty, indexLost

    var isOfIndex: Bool {
        switch self {
        case .indexMagic, .indexFanOut, .indexIDs, .indexEnd, .indexEmpty, .indexLost: true
        case .magic, .recordHead, .storedSize, .content, .lastByte, .truncated: false
        }
    }

    /// Nil: the file is gone.
    func apply(to bytes: [UInt8]) -> [UInt8]? {
        var bytes = bytes
        switch self {
        case .magic, .indexMagic: bytes[3] ^= 4
        // The record at byte 8 is that of the first object that was put.
        case .recordHead: bytes[8 + 30] ^= 1
        case .storedSize: bytes[8 + 5] ^= 0x40
        case .content: bytes[8 + 61 + 5] ^= 1
        case .lastByte, .indexEnd: bytes[bytes.count - 1] ^= 1
        case .truncated: bytes.removeLast()
        case .indexFanOut: bytes[30] ^= 1
        case .indexIDs: bytes[1044 + 16 * 7] ^= 1
        case .indexEmpty: bytes = []
        case .indexLost: return nil
        }
        return bytes
    }
}

@Suite struct PackDamageTests {
    let folder: TemporaryFolder
    let files = FileSystem.real
    let contents: [[UInt8]]
    let digests: [Digest]

    init() throws {
        folder = try TemporaryFolder()
        contents = (0..<40).map { StoredBytes.randomBytes(count: 100 + $0, seed: UInt64($0)) }
        digests = try folder.putPack(contents)
    }

    func harm(_ path: AbsolutePath, _ change: ([UInt8]) -> [UInt8]?) throws {
        let bytes = try files.read(path)
        try files.removeFile(path)
        if let changed = change(bytes) { try files.writeAtomically(changed, to: path, permissions: 0o444) }
    }

    @Test(arguments: PackHarm.allCases.filter { !$0.isOfIndex })
    func `damage to a pack is named with pack, byte and object, and healed by putting it again`(harm: PackHarm) throws {
        let pack = try folder.packFiles(".pack")[0]
        try self.harm(pack, harm.apply)
        let report = try folder.openStore().verify()
        if harm == .magic {
            // Nothing is lost with it.
            #expect(report.isWhole)
            return
        }
        let number = harm == .lastByte || harm == .truncated ? 39 : 0
        #expect(report.damaged.map(\.id) == [digests[number].id])
        let text = report.damaged[0].damage.description
        let name = String(decoding: pack.name.dropLast(5), as: UTF8.self)
        #expect(text.contains("(pack \(name), byte "))
        for (content, digest) in zip(contents, digests) where digest != digests[number] {
            #expect(try folder.openStore().read(digest) == content)
        }
        if harm != .recordHead, harm != .storedSize {
            let error = #expect(throws: ObjectError.self) { try folder.openStore().read(digests[number]) }
            #expect(error?.kind == .corrupt)
        }

        let store = try folder.openStore()
        try store.withBatch { batch in for content in contents { try batch.put(content) } }
        #expect(try store.verify().isWhole)
        for (content, digest) in zip(contents, digests) { #expect(try folder.openStore().read(digest) == content) }
        #expect(try store.verify().objectCount == 40)
    }

    @Test(arguments: PackHarm.allCases.filter(\.isOfIndex))
    func `an index that is damaged or lost is made again from its pack`(harm: PackHarm) throws {
        let index = try folder.packFiles(".index")[0]
        let whole = try files.read(index)
        try self.harm(index, harm.apply)
        let reader = try folder.openStore()
        for (content, digest) in zip(contents, digests) { #expect(try reader.read(digest) == content) }
        let report = try folder.openStore().verify()
        #expect(!report.isWhole)
        #expect(report.damaged == [])
        #expect(report.damagedIndexes == [index])
        #expect(report.mendedIndexes == [index])
        #expect(try files.read(index) == whole)
        #expect(try folder.openStore().verify().isWhole)
    }

    @Test func `where pack and index are damaged, all other objects are found`() throws {
        try harm(folder.packFiles(".index")[0], PackHarm.indexIDs.apply)
        try harm(folder.packFiles(".pack")[0], PackHarm.recordHead.apply)
        let store = try folder.openStore()
        #expect(throws: ObjectError.missing(digests[0].id)) { try store.read(digests[0]) }
        for (content, digest) in zip(contents, digests).dropFirst() { #expect(try store.read(digest) == content) }
        let report = try store.verify()
        #expect(report.damagedIndexes.count == 1)
        #expect(report.mendedIndexes == [])
        #expect(report.objectCount == 39)
        try store.put(contents[0])
        #expect(try folder.openStore().read(digests[0]) == contents[0])
    }

    @Test func `every flipped bit of a record is found`() throws {
        let pack = try folder.packFiles(".pack")[0]
        let whole = try files.read(pack)
        for byte in 8..<8 + 61 + 100 {
            try harm(pack) { bytes in
                var bytes = bytes
                bytes[byte] ^= UInt8(1) << UInt8(byte % 8)
                return bytes
            }
            #expect(try folder.openStore().verify().damaged.map(\.id) == [digests[0].id], "byte \(byte)")
            try harm(pack) { _ in whole }
        }
        #expect(try folder.openStore().verify().isWhole)
    }

    @Test func `strangers among the packs are listed, not touched`() throws {
        try folder.write("?", to: "store/packs/readme")
        try folder.write("?", to: "store/packs/0123456789abcdef0123456789abcdef.index")
        let report = try folder.openStore().verify()
        #expect(report.isWhole)
        #expect(
            report.strangers == [
                folder["store/packs/0123456789abcdef0123456789abcdef.index"], folder["store/packs/readme"],
            ])
    }
}
