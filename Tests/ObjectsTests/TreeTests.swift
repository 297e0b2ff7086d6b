import Diagnostics
import Files
import Hashing
import TestSupport
import Testing

@testable import Objects

@Suite struct TreeTests {
    static let tree = Tree([
        .init(name: Array("z".utf8), content: .file(Digest(of: [1]), isExecutable: false)),
        .init(name: [0xFF], content: .file(Digest(of: [2, 3]), isExecutable: true)),
        .init(name: Array("Z".utf8), content: .folder(tree: Digest(of: [4]), fileCount: 12, contentBytes: 345)),
        .init(name: Array("link".utf8), content: .symbolicLink(target: Array("../x".utf8))),
    ])

    func stored(_ bytes: [UInt8]) throws -> Tree {
        let folder = try TemporaryFolder()
        let store = try folder.openStore()
        return try store.readTree(store.put(bytes))
    }

    @Test func `a tree comes back from its encoding`() throws {
        #expect(try stored(Self.tree.encoded()) == Self.tree)
        #expect(try stored(Tree([]).encoded()) == Tree([]))
    }

    @Test func `entries are in byte order and counts are of everything below`() {
        #expect(Self.tree.entries.map(\.name) == [[0x5A], Array("link".utf8), [0x7A], [0xFF]])
        #expect(Self.tree.fileCount == 15)
        #expect(Self.tree.contentBytes == 348)
    }

    /// If this fails, the format has changed: every stored folder would get another digest.
    @Test func `the encoding never changes`() {
        #expect(Tree([]).fingerprint.digest.sizeBytes == 12)
        #expect(XXH3.hash(Self.tree.encoded()).description == "50805fef622bb367947b0c8cdae28192")
    }

    @Test func `no shortened, lengthened or reordered tree is read`() throws {
        let folder = try TemporaryFolder()
        let store = try folder.openStore()
        let whole = Self.tree.encoded()
        var spoiled = (0..<whole.count).map { Array(whole[..<$0]) }
        spoiled.append(whole + [0])
        for bytes in spoiled {
            let error = #expect(throws: ObjectError.self) { try store.readTree(store.put(bytes)) }
            #expect(error?.kind == .corrupt)
        }
    }

    @Test func `an impossible name is refused`() throws {
        for name in ["", ".", "..", "a/b", "a\0b"] {
            let entry = Tree.Entry(name: Array(name.utf8), content: .symbolicLink(target: []))
            let error = #expect(throws: ObjectError.self) { try stored(Tree([entry]).encoded()) }
            #expect(error?.message.hasSuffix("is not the listing of a folder: an entry has an impossible name") == true)
        }
    }

    @Test func `two entries of one name are refused`() throws {
        let entry = Tree.Entry(name: Array("a".utf8), content: .symbolicLink(target: []))
        #expect(throws: ObjectError.self) { try stored(Tree([entry, entry]).encoded()) }
    }

    @Test func `random bytes never trap`() throws {
        let header = Array(Tree([]).encoded().prefix(8))
        for seed in 0..<2000 as Range<UInt64> {
            let bytes = header + [0, 0, 0, 3] + StoredBytes.randomBytes(count: 90, seed: seed).map { $0 & 7 }
            _ = try? Tree(decoding: bytes)
        }
    }
}
