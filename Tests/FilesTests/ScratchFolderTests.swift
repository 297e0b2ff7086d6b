import Files
import TestSupport
import Testing

@Suite struct ScratchFolderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `it lasts as long as its process wants it`() throws {
        do {
            let scratch = try ScratchFolder(in: folder["tmp"])
            let paths = [scratch.nextPath(), scratch.nextPath()]
            #expect(paths[0] != paths[1])
            for path in paths { try FileSystem.real.writeAtomically([1], to: path) }
            #expect(try folder.names(in: "tmp").count == 2)
        }
        #expect(try folder.names(in: "tmp") == [])
    }

    @Test func `what a dead process left is removed, what a living one uses is not`() throws {
        try folder.write("unfinished", to: "tmp/dead/1")
        try folder.write("", to: "tmp/dead.lock")
        let living = try ScratchFolder(in: folder["tmp"])
        #expect(try FileSystem.real.status(of: folder["tmp/dead"]) == nil)
        let path = living.nextPath()
        try FileSystem.real.writeAtomically([1], to: path)
        let other = try ScratchFolder(in: folder["tmp"])
        #expect(try FileSystem.real.status(of: path) != nil)
        withExtendedLifetime((living, other)) {}
    }
}
