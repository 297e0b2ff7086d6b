import Files
import Glibc
import Objects
import TestSupport
import Testing
import Workspaces

@Suite struct FingerprintTests {
    let fixture: WorkspaceFixture
    let files = FileSystem.real
    var folder: TemporaryFolder { fixture.folder }

    init() throws { fixture = try WorkspaceFixture() }

    @Test func `an absent path has none`() throws {
        #expect(try fixture.open().fingerprint(path("none/below")) == nil)
    }

    @Test func `a file's is of its bytes and its executable bit`() throws {
        try folder.write("hello", to: "f")
        let plain = try fixture.open().fingerprint(path("f"))
        #expect(plain?.digest == Digest(of: Array("hello".utf8)))
        #expect(plain?.kind == .file(isExecutable: false))
        #expect(plain?.contentBytes == 5)
        try files.setPermissions(folder["f"], 0o700)
        #expect(try fixture.open().fingerprint(path("f"))?.kind == .file(isExecutable: true))
    }

    @Test func `a folder's is of all that is in it, wherever it stands`() throws {
        try fixture.writeFolder()
        let other = try WorkspaceFixture()
        try other.writeFolder()
        let fingerprint = try fixture.open().fingerprint(path("data"))
        #expect(fingerprint?.kind == .folder(fileCount: 4))
        #expect(fingerprint?.contentBytes == 11)
        #expect(try other.open().fingerprint(path("data")) == fingerprint)
        try other.folder.write("THREE", to: "data/sub/deep/c.txt")
        #expect(try other.open().fingerprint(path("data")) != fingerprint)
    }

    @Test func `names that String would mix up are kept apart`() throws {
        for name in [Array("e\u{301}".utf8), Array("\u{e9}".utf8), [0xFF, 0x01]] {
            try files.makeFolders(folder["odd"])
            try files.writeAtomically([1], to: folder["odd"].appending(RelativePath(unchecked: name)))
        }
        #expect(try fixture.open().fingerprint(path("odd"))?.kind == .folder(fileCount: 3))
    }

    @Test func `a second look reads nothing, also by a new process`() throws {
        try fixture.writeFolder()
        let workspace = try fixture.open()
        let first = try workspace.fingerprint(path("data"))
        #expect(workspace.contentReadCount == 3)
        #expect(try workspace.fingerprint(path("data")) == first)
        #expect(workspace.contentReadCount == 3)
        let second = try fixture.open()
        #expect(try second.fingerprint(path("data")) == first)
        #expect(try second.fingerprint(path("data/a.txt")) != nil)
        #expect(second.contentReadCount == 0)
    }

    @Test func `a fresh fingerprint reads everything`() throws {
        try fixture.writeFolder()
        let workspace = try fixture.open()
        let first = try workspace.fingerprint(path("data"))
        #expect(try workspace.freshFingerprint(path("data")) == first)
        #expect(workspace.contentReadCount == 6)
    }

    @Test func `files that were read too early are read again at the end, and then known`() throws {
        try fixture.writeFolder()
        let workspace = try fixture.open()
        let first = try workspace.settlingLater { try workspace.fingerprint(path("data")) }
        let second = try fixture.open()
        #expect(try second.fingerprint(path("data")) == first)
        #expect(second.contentReadCount == 0)
    }

    @Test func `a change within one step of the clock is seen`() throws {
        let workspace = try fixture.open()
        try expectChangesSeen(by: workspace)
        try workspace.settlingLater { try expectChangesSeen(by: workspace) }
    }

    private func expectChangesSeen(by workspace: Workspace) throws {
        try folder.write("0", to: "f")
        for round in 0..<60 {
            // The same file, the same size, as soon as we can.
            let text = Array(String(round % 10).utf8)
            let file = folder["f"].description
            let descriptor = Glibc.open(file, O_WRONLY)
            #expect(text.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == 1)
            close(descriptor)
            #expect(try workspace.fingerprint(path("f"))?.digest == Digest(of: text))
        }
    }

    @Test func `a change whose time was set back is seen`() throws {
        let workspace = try fixture.open()
        try folder.write("before", to: "f")
        let status = try #require(try files.status(of: folder["f"]))
        let first = try workspace.fingerprint(path("f"))
        try folder.write("behind", to: "f")
        var times = [timespec(), timespec()]
        for index in times.indices {
            times[index].tv_sec = Int(status.modifiedNanoseconds / 1_000_000_000)
            times[index].tv_nsec = Int(status.modifiedNanoseconds % 1_000_000_000)
        }
        #expect(utimensat(AT_FDCWD, folder["f"].description, times, 0) == 0)
        #expect(try files.status(of: folder["f"])?.modifiedNanoseconds == status.modifiedNanoseconds)
        #expect(try workspace.fingerprint(path("f")) != first)
    }

    @Test(arguments: ["deleted", "garbage", "empty"])
    func `an index that is gone or damaged is made again`(harm: String) throws {
        try fixture.writeFolder()
        let first = try fixture.open().fingerprint(path("data"))
        for suffix in ["", "-wal", "-shm"] { try files.removeFile(folder[".repro/index.sqlite\(suffix)"]) }
        if harm == "garbage" { try folder.write(String(repeating: "x", count: 9000), to: ".repro/index.sqlite") }
        if harm == "empty" { try folder.write("", to: ".repro/index.sqlite") }
        let second = try fixture.open()
        #expect(try second.fingerprint(path("data")) == first)
        #expect(second.contentReadCount == 3)
        let third = try fixture.open()
        #expect(try third.fingerprint(path("data")) == first)
        #expect(third.contentReadCount == 0)
    }

    @Test func `links in a folder are links, the one that was named is followed`() throws {
        try folder.write("content", to: "outside/f")
        try folder.write("x", to: "data/f")
        try files.symbolicLink(at: folder["data/out"], to: folder["outside"].bytes)
        try files.symbolicLink(at: folder["data/dangling"], to: Array("nowhere".utf8))
        try files.symbolicLink(at: folder["named"], to: Array("outside".utf8))
        let workspace = try fixture.open()
        #expect(try workspace.fingerprint(path("data"))?.contentBytes == 1)
        #expect(try workspace.fingerprint(path("named")) == workspace.fingerprint(path("outside")))
        #expect(workspace.contentReadCount == 3)
    }

    @Test func `a link to nothing is said to be one`() throws {
        try files.symbolicLink(at: folder["link"], to: Array("nowhere".utf8))
        let error = #expect(throws: WorkspaceError.self) { try fixture.open().fingerprint(path("link")) }
        #expect(error?.message == "link is a symbolic link to nothing")
        #expect(error?.hint == "remove the link, or make what it points to")
    }

    @Test func `a pipe is refused, and not waited for`() throws {
        try folder.write("x", to: "data/f")
        #expect(mkfifo(folder["data/pipe"].description, 0o600) == 0)
        let error = #expect(throws: WorkspaceError.self) { try fixture.open().fingerprint(path("data")) }
        #expect(error == .specialFile(try path("data/pipe")))
        #expect(error?.message == "data/pipe is neither a file nor a folder (a socket, a pipe or a device)")
    }

    @Test func `version control and unfinished files are not content`() throws {
        try folder.write("x", to: "data/f")
        let bare = try fixture.open().fingerprint(path("data"))
        try folder.write("x", to: "data/.git/config")
        try folder.write("x", to: "data/\(FileSystem.temporaryName())")
        #expect(try fixture.open().fingerprint(path("data")) == bare)
        try folder.write("x", to: "data/.gitignore")
        #expect(try fixture.open().fingerprint(path("data")) != bare)
    }
}
