import Diagnostics
import Files
import Hashing
import Objects
import TestSupport
import Testing

@testable import Remotes

/// Packs that rot in a remote, and pushes that heal them.
@Suite struct DamageTests {
    private func damage(_ bench: SyncBench, _ change: (inout [UInt8]) -> Void) throws {
        for name in try bench.names("packs") {
            let path = bench.folder["remote/packs/\(name)"]
            var bytes = try FileSystem.real.read(path)
            change(&bytes)
            try FileSystem.real.removeFile(path)
            try FileSystem.real.writeAtomically(bytes, to: path)
        }
    }

    @Test func `a damaged pack that verify has found is healed by the next push`() throws {
        let bench = try SyncBench()
        let folder = try bench.keep(["a": noise(400_000, seed: 1), "b": [1, 2]])
        try bench.push(folder)
        try damage(bench) { $0[1000] ^= 1 }
        #expect(try !bench.remote().verify().isWhole)
        try bench.push(folder)
        try bench.expectArrival(folder)
        #expect(try bench.remote(cache: "other").verify().isWhole)
        bench.storage.reset()
        try bench.push(folder)
        #expect(bench.storage.count(.put) == 0)
    }

    @Test func `a pack that is gone is healed once a fetch has missed it`() throws {
        let bench = try SyncBench()
        let folder = try bench.keep(["a": noise(40_000, seed: 1)])
        try bench.push(folder)
        for name in try bench.names("packs") {
            try FileSystem.real.removeFile(bench.folder["remote/packs/\(name)"])
        }
        #expect(throws: TransferError.self) { try bench.remote().fetch([folder], into: bench.there) }
        try bench.push(folder)
        try bench.expectArrival(folder)
    }

    @Test func `what was wrong on the way only is forgotten`() throws {
        let bench = try SyncBench()
        let folder = try bench.keep(["a": noise(40_000, seed: 1)])
        try bench.push(folder)
        bench.remote().noteDamage(Set(try bench.remote().inventory().packs.map(\.sha256)))
        bench.storage.reset()
        try bench.push(folder)
        #expect(!bench.storage.calls.contains { $0.kind == .put && $0.name.hasPrefix("packs/") })
        #expect(bench.remote().damagedPacks().isEmpty)
    }

    @Test func `what this machine has not stays listed, and is named`() throws {
        let bench = try SyncBench()
        let folder = try bench.keep(["a": noise(40_000, seed: 1)])
        try bench.push(folder)
        try damage(bench) { $0[1000] ^= 1 }
        let remote = bench.remote(cache: "other")
        #expect(try !remote.verify().isWhole)
        let other = Fingerprint(
            kind: .file(isExecutable: false), digest: try bench.there.put([5, 5]), contentBytes: 2)
        try remote.push(remote.planPush([other], from: bench.there), from: bench.there)
        #expect(try !bench.remote(cache: "third").verify().isWhole)
        #expect(try bench.remote(cache: "third").inventory().chunkList(of: folder.digest) != nil)
    }

    @Test(arguments: [[], Array("REPROCD1".utf8), Array("REPROCD1".utf8) + [0xFF, 0xFF, 0xFF, 0xFF]] as [[UInt8]])
    func `a condemned list that is damaged condemns nothing`(bytes: [UInt8]) throws {
        #expect(throws: FormatProblem.self) {
            try CondemnedList(decoding: bytes, expecting: SHA256.hash(bytes))
        }
        let list = CondemnedList(packs: [SHA256.hash([1])], segments: [SHA256.hash([2])])
        let whole = list.encoded()
        #expect(try CondemnedList(decoding: whole, expecting: SHA256.hash(whole)) == list)
        #expect(throws: FormatProblem.otherContent) {
            try CondemnedList(decoding: whole, expecting: SHA256.hash(bytes))
        }
    }

    @Test func `a claim is read as it was written, and not at all if it is not right`() throws {
        let folder = Fingerprint(kind: .folder(fileCount: 3), digest: Digest(of: [1]), contentBytes: 77)
        let file = Fingerprint(kind: .file(isExecutable: true), digest: Digest(of: [2, 2]), contentBytes: 2)
        let claim = Claim([folder, file], objects: [Digest(of: [3])])
        let text = claim.text(Timestamp(milliseconds: 1_700_000_000_000))
        #expect(Claim(parsing: text) == claim)
        #expect(String(decoding: text, as: UTF8.self).hasPrefix("repro push 1\n2023-11-14\nexecutable "))
        #expect(Claim([file, folder]).name == claim.name)
        #expect(Claim(parsing: text + Array("file x\n".utf8)) == nil)
        #expect(Claim(parsing: []) == nil)
    }
}
