import Diagnostics
import Files
import Objects
import TestSupport
import Testing

/// How a stored file can go bad.
enum Harm: CaseIterable {
    case flipFirst, flipLast, truncate, empty, append

    func apply(to bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        switch self {
        case .flipFirst: bytes[0] ^= 1
        case .flipLast: bytes[bytes.count - 1] ^= 0x80
        case .truncate: bytes.removeLast()
        case .empty: bytes = []
        case .append: bytes.append(0)
        }
        return bytes
    }
}

@Suite struct DamageTests {
    let folder: TemporaryFolder
    let store: ObjectStore
    let files = FileSystem.real

    init() throws {
        folder = try TemporaryFolder()
        store = try folder.openStore()
    }

    func harm(_ digest: Digest, _ harm: Harm) throws {
        let path = try folder.objectFile(digest)
        let bytes = try files.read(path)
        try files.removeFile(path)
        try files.writeAtomically(harm.apply(to: bytes), to: path)
    }

    @Test(arguments: [StoredBytes.small, StoredBytes.text, StoredBytes.noise].map(SampleBytes.init), Harm.allCases)
    func `a damaged object is named, not handed out, and healed by putting it again`(
        sample: SampleBytes, harm: Harm
    ) throws {
        let content = sample.bytes
        let whole = try store.put(Array("untouched".utf8))
        let digest = try store.put(content)
        try self.harm(digest, harm)

        let report = try store.verify()
        #expect(report.damaged.map(\.id) == [digest.id])
        #expect(report.objectCount == 2)
        let error = #expect(throws: ObjectError.self) { try store.read(digest) }
        #expect(error?.kind == .corrupt)
        #expect(error?.hint == "run the stage that makes it again with --force, which stores it anew")
        #expect(throws: ObjectError.self) {
            _ = try store.materialise(
                digest, at: folder["out"], isExecutable: false, links: [.hardlink], modifiedNanoseconds: 0)
        }
        #expect(try files.status(of: folder["out"]) == nil)

        try store.put(content)
        #expect(try store.verify().isWhole)
        #expect(try store.read(digest) == content)
        #expect(try store.read(whole) == Array("untouched".utf8))
    }

    @Test func `damage is healed by either form`() throws {
        let digest = try store.put(StoredBytes.text)
        try harm(digest, .flipLast)
        try folder.openStore(compresses: false).put(StoredBytes.text)
        #expect(try store.verify().isWhole)
        try harm(digest, .flipLast)
        try store.put(StoredBytes.text)
        #expect(try store.verify().isWhole)
        #expect(try store.read(digest) == StoredBytes.text)
    }

    @Test func `a frame made to fill the memory is stopped at the expected size`() throws {
        let digest = try store.put(StoredBytes.text)
        let other = try store.put([UInt8](repeating: 0, count: 5_000_000))
        let path = try folder.objectFile(digest)
        try files.rename(try folder.objectFile(other), to: path)
        let error = #expect(throws: ObjectError.self) { try store.read(digest) }
        #expect(
            error?.message
                == "object \(digest.id) is damaged: compressed data holds more than the 100000 bytes it should")
    }

    @Test func `strangers among the objects are listed, not touched`() throws {
        try store.put(StoredBytes.small)
        try folder.write("?", to: "store/objects/zz")
        try folder.write("?", to: "store/objects/aa/readme")
        let report = try store.verify()
        #expect(report.isWhole)
        #expect(report.strangers == [folder["store/objects/aa/readme"], folder["store/objects/zz"]])
    }

    @Test func `a store of a newer version is refused with what to do`() throws {
        try folder.write("repro object store 3\n", to: "store/version")
        let error = #expect(throws: ObjectError.self) { try folder.openStore() }
        #expect(error?.message == "the store \(folder["store"]) has version 3; this program reads version 2")
        #expect(error?.hint == "use a newer `repro`")
    }

    @Test func `a folder with something else in it does not become a store`() throws {
        try folder.write("precious", to: "mine/file")
        let error = #expect(throws: ObjectError.self) {
            try ObjectStore.openOrCreate(at: folder["mine"]).put(StoredBytes.small)
        }
        #expect(error == .notAStore(folder["mine"]))
        #expect(try folder.names(in: "mine") == ["file"])
        #expect(throws: ObjectError.noStore(folder["none"])) { try ObjectStore.open(at: folder["none"]) }
        try folder.write("what", to: "store/version")
        let damaged = #expect(throws: ObjectError.self) { try folder.openStore() }
        #expect(damaged?.kind == .corrupt)
    }
}
