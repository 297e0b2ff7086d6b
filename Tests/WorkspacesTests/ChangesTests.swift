import Files
import Objects
import TestSupport
import Testing
import Workspaces

@Suite struct ChangesTests {
    let fixture: WorkspaceFixture
    let workspace: Workspace
    var folder: TemporaryFolder { fixture.folder }

    init() throws {
        fixture = try WorkspaceFixture()
        workspace = try fixture.open()
    }

    func lines(_ before: Fingerprint?, _ after: Fingerprint?) throws -> [String] {
        try workspace.changes(from: before, to: after, at: path("data")).map { change in
            if case .renamed(let source) = change.kind { return "\(source) -> \(change.path)" }
            return "\(change.kind) \(change.path)"
        }
    }

    @Test func `each file that differs is named, in order`() throws {
        try fixture.writeFolder()
        try folder.write("to be moved", to: "data/old.txt")
        let before = try workspace.keepListing(path("data"))
        try folder.write("ONE", to: "data/a.txt")
        try workspace.remove(path("data/sub/b.txt"))
        try folder.write("new", to: "data/sub/new.txt")
        try workspace.remove(path("data/old.txt"))
        try folder.write("to be moved", to: "data/sub/moved.txt")
        let after = try workspace.keepListing(path("data"))
        #expect(
            try lines(before, after) == [
                "modified data/a.txt", "removed data/sub/b.txt", "data/old.txt -> data/sub/moved.txt",
                "added data/sub/new.txt",
            ])
        #expect(try lines(after, after) == [])
        let change = try workspace.changes(from: before, to: after, at: path("data"))[0]
        #expect(change.before == Digest(of: Array("one".utf8)))
        #expect(change.after == Digest(of: Array("ONE".utf8)))
    }

    @Test func `from nothing all is new, to nothing all is gone`() throws {
        try fixture.writeFolder()
        let all = try workspace.keepListing(path("data"))
        #expect(try lines(nil, all).count == 4)
        #expect(try lines(all, nil).allSatisfy { $0.hasPrefix("removed ") })
        #expect(try lines(nil, nil) == [])
    }

    @Test func `a file that became a folder is gone, and the folder's files are new`() throws {
        try folder.write("x", to: "data")
        let asFile = try workspace.keepListing(path("data"))
        try workspace.remove(path("data"))
        try folder.write("y", to: "data/f")
        let asFolder = try workspace.keepListing(path("data"))
        #expect(try lines(asFile, asFolder) == ["removed data", "added data/f"])
    }

    @Test func `without listings the folder itself is the change`() throws {
        try folder.write("x", to: "data/f")
        let before = try workspace.fingerprint(path("data"))
        try folder.write("y", to: "data/f")
        let after = try workspace.keepListing(path("data"))
        #expect(try lines(before, after) == ["modified data"])
    }
}
