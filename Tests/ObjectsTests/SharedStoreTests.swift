import Files
import Glibc
import Objects
import TestSupport
import Testing

/// A store folder that several users of one group write to.
@Suite struct SharedStoreTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func mode(_ path: AbsolutePath) -> UInt32 {
        var status = stat()
        return lstat(path.description, &status) == 0 ? UInt32(status.st_mode) & 0o7777 : 0
    }

    func paths(below path: AbsolutePath) throws -> [AbsolutePath] {
        try FileSystem.real.openFolder(path).entries().flatMap { entry -> [AbsolutePath] in
            let below = path.appending(RelativePath(unchecked: entry.name))
            return [below] + (entry.status.kind == .folder ? try paths(below: below) : [])
        }
    }

    @Test func `what comes into a folder of a group belongs to the group, whatever the umask`() throws {
        try FileSystem.real.makeFolder(folder["store"])
        #expect(chmod(folder["store"].description, 0o2775) == 0)
        let worker = try folder.openStore()
        try worker.put(StoredBytes.small)
        let digests = try worker.withBatch { batch in try Small.contents(40).map { try batch.put($0) } }
        #expect(try folder.openStore().hold(digests[3]))
        let found = try paths(below: folder["store"])
        #expect(found.count > 8)
        for path in found {
            let mode = mode(path)
            let name = String(decoding: path.name, as: UTF8.self)
            if try FileSystem.real.status(of: path)?.kind == .folder {
                #expect(mode & 0o2070 == 0o2070, "\(path)")
            } else if name.hasSuffix(".pack") || name.hasSuffix(".index") || path.parent?.name.count == 2 {
                #expect(mode == 0o444, "\(path)")
            } else {
                #expect(mode & 0o060 == 0o060, "\(path)")
            }
            #expect(mode & 0o002 == 0, "\(path)")
        }
        withExtendedLifetime(worker) {}
    }

    @Test func `a folder of one user stays one`() throws {
        try FileSystem.real.makeFolder(folder["store"])
        #expect(chmod(folder["store"].description, 0o755) == 0)
        try folder.openStore().put(StoredBytes.small)
        for path in try paths(below: folder["store"]) { #expect(mode(path) & 0o2022 == 0, "\(path)") }
    }
}
