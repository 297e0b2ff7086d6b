import Diagnostics
import Files
import Objects
import TestSupport
import Testing
import Workspaces

/// What ignore files exclude is no part of a folder, and is never lost.
@Suite struct IgnoredContentTests {
    let fixture: WorkspaceFixture
    var folder: TemporaryFolder { fixture.folder }

    init() throws {
        fixture = try WorkspaceFixture()
        try folder.write("one", to: "data/a.txt")
        try folder.write("two", to: "data/sub/b.txt")
    }

    @Test func `ignored files and folders do not count, sockets among them neither`() throws {
        let before = try fixture.open().fingerprint(path("data"))
        try folder.write("*.tmp\ncache/\n", to: ".reproignore")
        try folder.write("x", to: "data/x.tmp")
        try folder.write("x", to: "data/sub/cache/deep/y")
        #expect(try fixture.open().fingerprint(path("data")) == before)
        try folder.write("other\n", to: ".reproignore")
        #expect(try fixture.open().fingerprint(path("data")) != before)
    }

    @Test func `rules of DVC's file count too, and nested ones below their folder`() throws {
        let before = try fixture.open().keep(path("data"))
        try folder.write("c.txt\n", to: ".dvcignore")
        try folder.write("!c.txt\n", to: ".reproignore")
        try folder.write("x", to: "data/c.txt")
        #expect(try fixture.open().fingerprint(path("data")) != before)
        _ = try FileSystem.real.removeFile(folder[".reproignore"])
        #expect(try fixture.open().fingerprint(path("data")) == before)
        try folder.write("b.txt\n", to: "data/sub/.reproignore")
        let workspace = try fixture.open()
        let kept = try workspace.keep(path("data"))
        #expect(
            try workspace.changes(from: before, to: kept, at: path("data")).map(\.path.description)
                == ["data/sub/.reproignore", "data/sub/b.txt"])
    }

    @Test func `a path that is named counts, whatever ignore files say of it`() throws {
        try folder.write("data\n", to: ".reproignore")
        let workspace = try fixture.open()
        #expect(try workspace.fingerprint(path("data")) != nil)
        #expect(try workspace.ignoringRule(of: path("data/sub"), isFolder: true)?.location.line == 1)
        #expect(try workspace.ignoringRule(of: path("other"), isFolder: true) == nil)
    }

    @Test func `placing leaves ignored files alone`() throws {
        let kept = try fixture.open().keep(path("data"))
        try folder.write("*.tmp\n", to: ".reproignore")
        try folder.write("mine", to: "data/x.tmp")
        let workspace = try fixture.open()
        let report = try workspace.place(kept, at: path("data"))
        #expect(report.unchangedFileCount == 2)
        #expect(report.madeFileCount + report.removedFileCount == 0)
        #expect(try folder.read("data/x.tmp") == "mine")
    }

    @Test func `an ignored file in the place of a wanted one is not overwritten without force`() throws {
        try folder.write("old", to: "data/x.tmp")
        try folder.write("old", to: "data/cache/in")
        let kept = try fixture.open().keep(path("data"))
        try folder.write("*.tmp\ncache\n", to: ".reproignore")
        try folder.write("mine", to: "data/x.tmp")
        try folder.write("mine too", to: "data/cache/extra")
        let workspace = try fixture.open()
        let error = #expect(throws: WorkspaceError.self) { try workspace.place(kept, at: path("data")) }
        #expect(error == .unsavedContent([try path("data/x.tmp")]))
        try workspace.place(kept, at: path("data"), unsaved: .overwrite)
        #expect(try folder.read("data/x.tmp") == "old")
        #expect(try folder.read("data/cache/in") == "old")
        #expect(try folder.read("data/cache/extra") == "mine too")
    }

    @Test func `removing names unsaved files even if they are ignored`() throws {
        _ = try fixture.open().keep(path("data"))
        try folder.write("*.tmp\n", to: ".reproignore")
        try folder.write("mine", to: "data/x.tmp")
        #expect(try fixture.open().unsavedPaths(at: path("data")) == [path("data/x.tmp")])
    }

    @Test func `a project without ignore files opens none`() throws {
        let faults = FaultyFileSystem()
        _ = try fixture.open().fingerprint(path("data"))
        FileSystem.wait(nanoseconds: 20_000_000)
        let workspace = try fixture.open(in: faults.fileSystem)
        _ = try workspace.fingerprint(path("data"))
        faults.forgetCalls()
        _ = try workspace.fingerprint(path("data"))
        #expect(faults.calls.filter { $0.action == .open }.map(\.path) == [folder["data"], folder["data/sub"]])
    }
}
