import Diagnostics
import Files
import TestSupport
import Testing

@Suite struct FileSystemTests {
    let folder: TemporaryFolder
    let files = FileSystem.real

    init() throws { folder = try TemporaryFolder() }

    @Test func `what is written is read back`() throws {
        let content = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try files.writeAtomically(content, to: folder["a"])
        #expect(try files.read(folder["a"]) == content)
        var pieces: [Int] = []
        try files.open(folder["a"]).forEachPiece { pieces.append($0.byteCount) }
        #expect(pieces.reduce(0, +) == content.count)
        #expect(try folder.names() == ["a"])
    }

    @Test func `an absent file has no status and no content`() throws {
        #expect(try files.status(of: folder["none/below"]) == nil)
        #expect(try files.readIfPresent(folder["none"]) == nil)
        try folder.write("x", to: "file")
        #expect(try files.readIfPresent(folder["file/below"]) == nil)
        #expect(try !files.removeFile(folder["none"]))
    }

    @Test func `entries come in byte order, whatever their bytes`() throws {
        let names: [[UInt8]] = [[0xFF, 0xFE], Array("b".utf8), Array("a b".utf8), Array("Z".utf8), Array("é".utf8)]
        for name in names {
            try files.writeAtomically([], to: folder.path.appending(RelativePath(unchecked: name)))
        }
        let entries = try files.openFolder(folder.path).entries()
        #expect(entries.map(\.name) == names.sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test func `a failed atomic write leaves the old content and nothing else`() throws {
        try folder.write("old", to: "a")
        let faulty = FaultyFileSystem()
        faulty.fail(atCall: .max, with: .diskFull)
        try faulty.fileSystem.writeAtomically(Array("old".utf8), to: folder["a"])
        let callCount = faulty.calls.count
        for failing in 1..<callCount {
            faulty.fail(atCall: failing, with: .tornWrite)
            #expect(throws: FileError.self) {
                try faulty.fileSystem.writeAtomically(Array("new".utf8), to: folder["a"])
            }
            #expect(try folder.names() == ["a"])
            #expect(try folder.read("a") == "old")
        }
    }

    @Test func `a tree is removed without following its links`() throws {
        try folder.write("keep", to: "outside/file")
        try folder.write("x", to: "tree/sub/deep/file")
        try files.symbolicLink(at: folder["tree/link"], to: folder["outside"].bytes)
        try files.removeTree(folder["tree"])
        #expect(try folder.names() == ["outside"])
        #expect(try folder.read("outside/file") == "keep")
        try files.removeTree(folder["tree"])
    }

    @Test func `a rename to a new name replaces nothing`() throws {
        try folder.write("a", to: "a")
        try folder.write("b", to: "b")
        let error = #expect(throws: FileError.self) { try files.renameToNew(folder["a"], to: folder["b"]) }
        #expect(error?.reason == .alreadyExists)
        #expect(try folder.read("b") == "b")
        try files.renameToNew(folder["a"], to: folder["c"])
        #expect(try folder.names() == ["b", "c"])
    }

    @Test func `a copy has the same bytes, by whatever way`() throws {
        let content = [UInt8](repeating: 7, count: 2_500_000)
        try files.writeAtomically(content, to: folder["a"])
        let copy = try files.create(folder["b"])
        try copy.append(contentOf: files.open(folder["a"]))
        try copy.close()
        #expect(try files.read(folder["b"]) == content)
    }

    @Test func `the set time of change is what the status says`() throws {
        let file = try files.create(folder["a"])
        try file.setModified(nanoseconds: 1_700_000_000_123_456_789)
        #expect(try file.status().modifiedNanoseconds == 1_700_000_000_123_456_789)
    }

    @Test func `a link is seen as one and leads to its target`() throws {
        try folder.write("abc", to: "a")
        try files.symbolicLink(at: folder["link"], to: Array("a".utf8))
        #expect(try files.status(of: folder["link"])?.kind == .symbolicLink)
        #expect(try files.statusFollowingLinks(of: folder["link"])?.sizeBytes == 3)
        #expect(try files.readLink(folder["link"]) == Array("a".utf8))
        try files.symbolicLink(at: folder["dangling"], to: Array("none".utf8))
        #expect(try files.statusFollowingLinks(of: folder["dangling"]) == nil)
    }
}

@Suite struct FileErrorTests {
    @Test func `errors name the path and what to do`() {
        let path = AbsolutePath("/data/x")
        let full = FileError(.write, path, .diskFull)
        #expect(full.message == "disk full while writing /data/x")
        #expect(full.hint == "free some space there, then run the same command again; nothing was lost")
        #expect(full.kind == .unavailable)
        let denied = FileError(.open, path, .denied)
        #expect(denied.message == "permission denied while opening /data/x")
        #expect(denied.hint == "see who owns it with `ls -ld /data/x`")
        #expect(denied.kind == .denied)
        let readOnly = FileError(.create, path, .readOnly)
        #expect(readOnly.message == "read-only file system while creating /data/x")
        #expect(readOnly.hint == "mount it for writing, or use a folder that is writable")
        let absent = FileError(.open, path, .notFound)
        #expect(absent.message == "no such file or folder while opening /data/x")
        #expect(absent.kind == .notFound)
    }

    @Test func `the system's own refusals become reasons`() throws {
        let folder = try TemporaryFolder()
        try folder.write("x", to: "file")
        let absent = #expect(throws: FileError.self) { _ = try FileSystem.real.read(folder["none"]) }
        #expect(absent?.reason == .notFound)
        let notAFolder = #expect(throws: FileError.self) { try FileSystem.real.makeFolders(folder["file/sub"]) }
        #expect(notAFolder?.reason == .notAFolder)
        let isAFolder = #expect(throws: FileError.self) { _ = try FileSystem.real.read(folder.path) }
        #expect(isAFolder?.reason == .isAFolder)
    }
}
