import Diagnostics
import Files
import Objects
import TestSupport
import Testing
import Workspaces

@Suite struct PlaceTests {
    let fixture: WorkspaceFixture
    let workspace: Workspace
    let files = FileSystem.real
    var folder: TemporaryFolder { fixture.folder }

    init() throws {
        fixture = try WorkspaceFixture()
        workspace = try fixture.open()
    }

    @Test func `only what differs is touched`() throws {
        try fixture.writeFolder()
        let before = try fixture.listing("data")
        let fingerprint = try workspace.keep(path("data"))
        let untouched = try files.status(of: folder["data/sub/b.txt"])
        try folder.write("changed", to: "data/a.txt")
        _ = try workspace.keep(path("data"))
        try folder.write("extra", to: "data/extra/file")
        _ = try workspace.keep(path("data"))

        let report = try workspace.place(fingerprint, at: path("data"))
        #expect(report.madeFileCount == 1)
        #expect(report.removedFileCount == 1)
        #expect(report.unchangedFileCount == 3)
        #expect(try fixture.listing("data") == before)
        #expect(try files.status(of: folder["data/sub/b.txt"]) == untouched)
    }

    @Test func `unsaved work is not overwritten, and nothing is touched`() throws {
        try fixture.writeFolder()
        let fingerprint = try workspace.keep(path("data"))
        try folder.write("my edit", to: "data/a.txt")
        try folder.write("my notes", to: "data/notes/n.txt")
        let before = try fixture.listing("data")

        let error = #expect(throws: WorkspaceError.self) { try workspace.place(fingerprint, at: path("data")) }
        #expect(
            error?.message
                == "data/a.txt, data/notes/n.txt would be overwritten, and what is there now is not saved anywhere")
        #expect(error?.hint == "move it away, or pass --force to lose it")
        #expect(error?.kind == .conflict)
        #expect(try fixture.listing("data") == before)

        try workspace.place(fingerprint, at: path("data"), unsaved: .overwrite)
        #expect(try workspace.fingerprint(path("data")) == fingerprint)
    }

    @Test func `content that is not in the store is missed before anything is touched`() throws {
        try fixture.writeFolder()
        let fingerprint = try #require(try workspace.keepListing(path("data")))
        try workspace.remove(path("data/sub"))
        let before = try fixture.listing("data")
        let error = #expect(throws: WorkspaceError.self) { try workspace.place(fingerprint, at: path("data")) }
        let id = Digest(of: Array("two".utf8)).id
        #expect(error?.message == "the content of data/sub/b.txt (object \(id)) is not in the store")
        #expect(try fixture.listing("data") == before)
    }

    @Test func `a damaged object does not reach the workspace`() throws {
        try folder.write("good", to: "out")
        let fingerprint = try workspace.keep(path("out"))
        try folder.write("newer", to: "out")
        _ = try workspace.keep(path("out"))
        let digits = fingerprint.digest.id.description
        try files.writeAtomically(
            Array("evil".utf8), to: folder[".repro/store/objects/\(digits.prefix(2))/\(digits.dropFirst(2))"])
        #expect(throws: ObjectError.damaged(fingerprint.digest.id, .otherContent)) {
            try workspace.place(fingerprint, at: path("out"))
        }
        #expect(try folder.read("out") == "newer")
    }

    @Test func `a folder takes a file's place, and a file a folder's`() throws {
        try fixture.writeFolder()
        let listing = try fixture.listing("data")
        let asFolder = try workspace.keep(path("data"))
        try workspace.remove(path("data"))
        try folder.write("now a file", to: "data")
        let asFile = try workspace.keep(path("data"))
        try workspace.place(asFolder, at: path("data"))
        #expect(try fixture.listing("data") == listing)
        try workspace.place(asFile, at: path("data"))
        #expect(try folder.read("data") == "now a file")
    }

    @Test func `folders above are made, and a dangling link is replaced`() throws {
        try folder.write("x", to: "out")
        let fingerprint = try workspace.keep(path("out"))
        try workspace.place(fingerprint, at: path("new/sub/out"))
        #expect(try folder.read("new/sub/out") == "x")
        try files.symbolicLink(at: folder["dangling"], to: Array("nowhere".utf8))
        try workspace.place(fingerprint, at: path("dangling"))
        #expect(try folder.read("dangling") == "x")
        #expect(try files.status(of: folder["dangling"])?.kind == .file)
    }

    @Test(arguments: [LinkKind.hardlink, .symlink])
    func `placed links are known content, read by nobody`(kind: LinkKind) throws {
        let linked = try WorkspaceFixture(config: "store: {links: [\(kind.rawValue)]}\n")
        let workspace = try linked.open()
        try linked.folder.write("one", to: "data/a.txt")
        try linked.folder.write("two", to: "data/b.txt")
        let fingerprint = try workspace.keep(path("data"))
        try workspace.remove(path("data"))
        try workspace.place(fingerprint, at: path("data"))
        let status = try files.statusFollowingLinks(of: linked.folder["data/a.txt"])
        #expect(status?.isWritable == false)
        let later = try linked.open()
        #expect(try later.fingerprint(path("data")) == fingerprint)
        #expect(later.contentReadCount == 0)
    }

    @Test func `a change right after placing is seen`() throws {
        try folder.write("aaaa", to: "out")
        let fingerprint = try workspace.keep(path("out"))
        for round in 0..<30 {
            try workspace.remove(path("out"))
            try workspace.place(fingerprint, at: path("out"))
            let text = "b\(100 + round)"
            try folder.write(text, to: "out")
            #expect(try workspace.fingerprint(path("out"))?.digest == Digest(of: Array(text.utf8)))
        }
    }

    @Test func `a failing call while placing leaves whole files, and the next try ends well`() throws {
        try fixture.writeFolder()
        let listing = try fixture.listing("data")
        let fingerprint = try workspace.keep(path("data"))
        for failure in FaultyFileSystem.Failure.allCases {
            var failingCall = 1
            while true {
                try workspace.remove(path("data/sub"))
                try folder.write("a saved change", to: "data/a.txt")
                _ = try workspace.keep(path("data"))
                let faulty = FaultyFileSystem()
                let faultyWorkspace = try fixture.open(in: faulty.fileSystem)
                faulty.fail(atCall: failingCall, with: failure)
                _ = try? faultyWorkspace.place(fingerprint, at: path("data"))
                let callCount = faulty.calls.count
                let known = Set(listing + ["data/a.txt = a saved change"])
                #expect(try fixture.listing("data").allSatisfy { known.contains($0) })
                try workspace.place(fingerprint, at: path("data"))
                #expect(try fixture.listing("data") == listing)
                if callCount < failingCall { break }
                failingCall += 1
            }
        }
        #expect(try workspace.store.verify().isWhole)
    }
}
