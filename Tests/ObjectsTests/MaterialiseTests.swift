import Files
import Objects
import TestSupport
import Testing

@Suite struct MaterialiseTests {
    let folder: TemporaryFolder
    let files = FileSystem.real

    init() throws { folder = try TemporaryFolder() }

    func materialise(
        _ content: [UInt8], links: [LinkKind], isExecutable: Bool = false, compresses: Bool = false
    ) throws -> LinkKind {
        let store = try folder.openStore(compresses: compresses)
        let digest = try store.put(content)
        let made = try store.materialise(
            digest, at: folder["out"], isExecutable: isExecutable, links: links,
            modifiedNanoseconds: 1_600_000_000_000_000_000)
        #expect(try files.read(folder["out"]) == content)
        #expect(try made.status == files.statusFollowingLinks(of: folder["out"]))
        return made.link
    }

    @Test func `a copy is the user's own`() throws {
        #expect(try materialise(StoredBytes.noise, links: [.copy]) == .copy)
        let status = try files.status(of: folder["out"])
        #expect(status?.isWritable == true)
        #expect(status?.isExecutable == false)
        #expect(status?.linkCount == 1)
        #expect(status?.modifiedNanoseconds == 1_600_000_000_000_000_000)
    }

    @Test func `a hard link is the stored file, read-only`() throws {
        #expect(try materialise(StoredBytes.noise, links: [.hardlink, .copy]) == .hardlink)
        let status = try files.status(of: folder["out"])
        #expect(status?.isWritable == false)
        #expect(status?.linkCount == 2)
    }

    @Test func `a symbolic link leads into the store, which knows it`() throws {
        #expect(try materialise(StoredBytes.noise, links: [.symlink]) == .symlink)
        let target = try files.readLink(folder["out"])
        #expect(try folder.openStore().object(linkedBy: target) == Digest(of: StoredBytes.noise).id)
        #expect(try folder.openStore().object(linkedBy: Array("/etc/passwd".utf8)) == nil)
    }

    @Test(arguments: [LinkKind.hardlink, .symlink])
    func `what cannot be linked is copied`(kind: LinkKind) throws {
        #expect(try materialise(StoredBytes.text, links: [kind], compresses: true) == .copy)
        try files.removeFile(folder["out"])
        #expect(try materialise(StoredBytes.noise, links: [kind], isExecutable: true) == .copy)
        #expect(try files.status(of: folder["out"])?.isExecutable == true)
    }

    /// From 64 MiB on the disk is read and written directly, in blocks: the last piece may end anywhere.
    @Test(arguments: [64 << 20, (64 << 20) + 1, (72 << 20) + 4096, (66 << 20) - 1])
    func `a very large file is copied as it is`(count: Int) throws {
        #expect(try materialise(StoredBytes.longNoise(count: count), links: [.copy]) == .copy)
    }

    @Test func `a very large file that is compressed is copied as it is, and not at all if it is damaged`() throws {
        let content = [UInt8](repeating: 7, count: 70_000_001)
        #expect(try materialise(content, links: [.copy], compresses: true) == .copy)
        let digest = Digest(of: content)
        try files.removeFile(folder["out"])
        let stored = try folder.objectFile(digest)
        try files.setPermissions(stored, 0o644)
        try files.writeAtomically(files.read(stored).dropLast(200), to: stored)
        #expect(throws: ObjectError.self) {
            try folder.openStore().materialise(
                digest, at: folder["out"], isExecutable: false, links: [.copy], modifiedNanoseconds: 0)
        }
        #expect(try files.status(of: folder["out"]) == nil)
    }

    @Test func `what is there already is not replaced`() throws {
        try folder.write("mine", to: "out")
        let store = try folder.openStore()
        let digest = try store.put(StoredBytes.small)
        let error = #expect(throws: FileError.self) {
            _ = try store.materialise(
                digest, at: folder["out"], isExecutable: false, links: [.copy], modifiedNanoseconds: 0)
        }
        #expect(error?.reason == .alreadyExists)
        #expect(try folder.read("out") == "mine")
    }
}
