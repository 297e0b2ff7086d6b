import Files
import Synchronization
import TestSupport
import Testing

@Suite struct UnfinishedFileTests {
    let folder: TemporaryFolder
    let files = FileSystem.real

    init() throws { folder = try TemporaryFolder() }

    @Test func `it is whole in its place, or not there`() throws {
        do {
            let unfinished = try UnfinishedFile(in: folder.path)
            try unfinished.write(Array("half".utf8))
        }
        #expect(try folder.names() == [])
        let unfinished = try UnfinishedFile(in: folder.path)
        try unfinished.write(Array("whole".utf8))
        try unfinished.synchronise()
        try unfinished.rename(to: folder["file"])
        #expect(try folder.names() == ["file"])
        #expect(try folder.read("file") == "whole")
    }

    @Test func `what a dead process left is removed, what a living one uses and what others made is not`() throws {
        try folder.write("half", to: FileSystem.temporaryName())
        try folder.write("half", to: FileSystem.temporaryName() + "/in/file")
        let others = [".repro-unfinished-", ".repro-unfinished-notes.txt", ".repro-unfinished-1-", "other"]
        for name in others { try folder.write("mine", to: name) }
        let living = try UnfinishedFile(in: folder.path)
        let livingFolder = try UnfinishedFolder(in: folder.path)
        try files.openFolder(folder.path).removeAbandoned()
        let known =
            others + [living.path.name, livingFolder.folder.path.name].map { String(decoding: $0, as: UTF8.self) }
        #expect(try folder.names().sorted() == known.sorted())
        try living.rename(to: folder["done"])
        withExtendedLifetime(livingFolder) {}
    }

    @Test func `one that is taken for abandoned while it is made is made anew`() throws {
        // The worst moment, between the call that makes it and the one that locks it: the first three times.
        let path = folder.path
        let thefts = Mutex(0)
        let stealing = FileSystem { call in
            if call.action == .lock || call.action == .open {
                let count = thefts.withLock { thefts in
                    thefts += 1
                    return thefts
                }
                if count % 4 != 0 { (try? FileSystem.real.openFolder(path))?.removeAbandoned() }
            }
            return nil
        }
        for _ in 0..<20 {
            let unfinished = try UnfinishedFile(in: folder.path, fileSystem: stealing)
            let beside = try UnfinishedFolder(in: folder.path, fileSystem: stealing)
            #expect(try files.status(of: unfinished.path) != nil)
            #expect(try files.status(of: beside.folder.path) != nil)
        }
        #expect(thefts.withLock { $0 } > 100)
        #expect(try folder.names() == [])
    }

    @Test func `a path longer than the system takes is reached in steps`() throws {
        let name = String(repeating: "d", count: 250)
        var deep = folder.path
        while deep.bytes.count < 9000 { deep = deep.appending(name) }
        try files.makeFolders(deep)
        let file = deep.appending("file")
        try files.writeAtomically(Array("deep".utf8), to: file)
        #expect(try files.read(file) == Array("deep".utf8))
        #expect(try files.status(of: file)?.sizeBytes == 4)
        #expect(try files.status(of: deep.appending("none")) == nil)
        try files.symbolicLink(at: deep.appending("link"), to: Array("file".utf8))
        #expect(try files.readLink(deep.appending("link")) == Array("file".utf8))
        #expect(try files.statusFollowingLinks(of: deep.appending("link"))?.kind == .file)
        try files.hardLink(file, to: folder["short"])
        try files.rename(file, to: deep.appending("other"))
        let taken = #expect(throws: FileError.self) {
            try files.renameToNew(folder["short"], to: deep.appending("other"))
        }
        #expect(taken?.reason == .alreadyExists)
        #expect(try files.touch(deep.appending("other")))
        try files.setPermissions(deep.appending("other"), 0o600)
        #expect(try files.openFolder(deep).names().count == 2)
        #expect(try files.removeFile(deep.appending("other")))
        #expect(try !files.removeFile(deep.appending("other")))
        #expect(try !files.removeEmptyFolder(deep))
        let tooLong = deep.appending(String(repeating: "n", count: 256))
        let error = #expect(throws: FileError.self) { _ = try files.create(tooLong) }
        #expect(error?.reason == .nameTooLong)
        try files.removeTree(folder.path.appending(name))
        #expect(try folder.names() == ["short"])
    }
}
