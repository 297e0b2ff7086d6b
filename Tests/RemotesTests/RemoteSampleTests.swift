import Hashing
import Objects
import Testing

@testable import Remotes

/// One small sample of every file that remotes of format 1 hold, read for ever.
@Suite struct RemoteSampleTests {
    @Test func `a pack`() throws {
        let file = try fixture("formats/1/remote.pack")
        let pack = try Pack(decoding: file, expecting: SHA256.hash(file))
        let contents = try pack.chunks.map { sha256, location in
            let end = Int(location.offset) + Int(location.storedBytes)
            return try location.decode(Array(file[Int(location.offset)..<end]), expecting: sha256)
        }
        let repeated = String(repeating: "a chunk that compresses well\n", count: 40)
        #expect(contents == [Array("plain chunk\n".utf8), Array(repeated.utf8)])
        #expect(pack.chunks.map(\.location.encoding) == [.plain, .zstd])
    }

    @Test func `a condemned list`() throws {
        let file = try fixture("formats/1/remote.condemned")
        let list = try CondemnedList(decoding: file, expecting: SHA256.hash(file))
        let names = ["1", "2", "3"].map { SHA256.hash(Array($0.utf8)) }
        #expect(list == CondemnedList(packs: [names[0], names[1]], segments: [names[2]]))
        #expect(list.encoded() == file)
    }

    @Test func `a claim`() throws {
        let claim = try #require(Claim(parsing: try fixture("formats/1/remote.claim")))
        #expect(claim.fingerprints.map(\.contentBytes).sorted() == [6, 8])
        #expect(claim.fingerprints.contains { $0.kind == .folder(fileCount: 2) })
        #expect(claim.objects.map(\.sha256) == [SHA256.hash(Array("log".utf8))])
    }
}
