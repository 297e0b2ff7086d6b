import Diagnostics
import Files
import Objects
import TestSupport
import Testing
import Threads
import Workspaces

@Suite struct KeepTests {
    let fixture: WorkspaceFixture
    var folder: TemporaryFolder { fixture.folder }

    init() throws { fixture = try WorkspaceFixture() }

    @Test func `what is kept can be had back`() throws {
        try fixture.writeFolder()
        let before = try fixture.listing("data")
        let workspace = try fixture.open()
        let fingerprint = try workspace.keep(path("data"))
        #expect(try fingerprint == workspace.fingerprint(path("data")))
        #expect(try workspace.isKept(fingerprint))
        #expect(workspace.contentReadCount == 3)
        #expect(try workspace.unsavedPaths(at: path("data")) == [])

        try workspace.remove(path("data"))
        #expect(try workspace.fingerprint(path("data")) == nil)
        let report = try workspace.place(fingerprint, at: path("data"))
        #expect(report.madeFileCount == 4)
        #expect(try fixture.listing("data") == before)
        #expect(workspace.contentReadCount == 3)
        #expect(try workspace.fingerprint(path("data")) == fingerprint)
        #expect(workspace.contentReadCount == 3)
    }

    @Test func `keeping again reads and stores nothing`() throws {
        try fixture.writeFolder()
        let first = try fixture.open().keep(path("data"))
        let workspace = try fixture.open()
        #expect(try workspace.keep(path("data")) == first)
        #expect(workspace.contentReadCount == 0)
    }

    @Test func `a listing alone is no content`() throws {
        try fixture.writeFolder()
        let workspace = try fixture.open()
        let fingerprint = try #require(try workspace.keepListing(path("data")))
        #expect(try workspace.store.contains(fingerprint.digest))
        #expect(try !workspace.isKept(fingerprint))
        #expect(
            try workspace.unsavedPaths(at: path("data")).map(\.description) == [
                "data/a.txt", "data/sub/b.txt", "data/sub/deep/c.txt",
            ])
        #expect(try workspace.keepListing(path("none")) == nil)
    }

    @Test func `what is not there cannot be kept`() throws {
        let error = #expect(throws: WorkspaceError.self) { try fixture.open().keep(path("none")) }
        #expect(error?.message == "none does not exist")
        #expect(error?.kind == .notFound)
    }

    @Test func `stages that end at once keep their outputs side by side`() throws {
        let names = (0..<12).map { "out\($0)" }
        for name in names {
            try folder.write("shared", to: "\(name)/same")
            try folder.write(name, to: "\(name)/own")
        }
        let workspace = try fixture.open()
        let kept = try mapConcurrently(names, width: 6) { try workspace.keep(path($0)) }
        #expect(Set(kept).count == 12)
        #expect(try workspace.store.verify().isWhole)
        let later = try fixture.open()
        for (name, fingerprint) in zip(names, kept) {
            #expect(try later.fingerprint(path(name)) == fingerprint)
        }
        #expect(later.contentReadCount == 0)
    }

    @Test func `a failing call while keeping loses nothing`() throws {
        try fixture.writeFolder()
        for failure in FaultyFileSystem.Failure.allCases {
            var failingCall = 1
            while true {
                try FileSystem.real.removeTree(fixture.project.storeFolder)
                let faulty = FaultyFileSystem()
                let workspace = try fixture.open(in: faulty.fileSystem)
                faulty.fail(atCall: failingCall, with: failure)
                _ = try? workspace.keep(path("data"))
                let callCount = faulty.calls.count
                let next = try fixture.open()
                #expect(try next.store.verify().isWhole)
                let fingerprint = try next.keep(path("data"))
                #expect(try next.isKept(fingerprint))
                if callCount < failingCall { break }
                failingCall += 1
            }
        }
    }
}
