import Diagnostics
package import Files
package import HTTP

/// A remote in a folder: another disk, or one that many machines mount.
///
/// Safe on NFS: a file is written under a name of its own, flushed, then given its name with `link`, which fails where
/// the name is taken, whoever took it.
package struct DirectoryStorage: RemoteStorage {
    package let folder: AbsolutePath
    private let fileSystem: FileSystem

    package init(folder: AbsolutePath, in fileSystem: FileSystem = .real) {
        self.folder = folder
        self.fileSystem = fileSystem
    }

    package var label: String { folder.description }
    package var isWritable: Bool { true }

    package func put(_ name: RemoteName, _ bytes: [UInt8]) throws -> PutOutcome {
        let target = folder.appending(name.text)
        if try fileSystem.status(of: target) != nil { return .alreadyThere }
        let parent = target.parent ?? folder
        try fileSystem.makeFolders(parent)
        let unfinished = try UnfinishedFile(in: parent, fileSystem: fileSystem)
        try unfinished.write(bytes)
        try unfinished.synchronise()
        do throws(FileError) {
            try unfinished.link(to: target)
        } catch {
            switch error.reason {
            case .alreadyExists: return .alreadyThere
            // FAT and some FUSE file systems have no links; the content is the same, whoever wins.
            case .unsupported, .denied: try unfinished.rename(to: target)
            default: throw error
            }
        }
        try fileSystem.synchroniseFolder(parent)
        return .stored
    }

    package func get(_ name: RemoteName, _ range: ByteRange?, limitBytes: Int) throws -> [UInt8]? {
        let path = folder.appending(name.text)
        let file: OpenFile
        do throws(FileError) {
            file = try fileSystem.open(path)
        } catch {
            if error.reason == .notFound { return nil }
            throw error
        }
        let size = try file.status().sizeBytes
        let start = min(range?.offset ?? 0, size)
        let count = min(range?.end ?? size, size) - start
        guard count <= UInt64(limitBytes) else {
            throw RemoteError.tooLarge(remote: label, name: name.text, limitBytes: limitBytes)
        }
        return try file.read(at: start, count: Int(count))
    }

    package func head(_ name: RemoteName) throws -> RemoteEntry? {
        guard let status = try fileSystem.statusFollowingLinks(of: folder.appending(name.text)), status.kind == .file
        else { return nil }
        return Self.entry(name, status)
    }

    package func list(_ folder: String, page: String?) throws -> RemotePage {
        let path = folder.isEmpty ? self.folder : self.folder.appending(folder)
        if try fileSystem.statusFollowingLinks(of: path)?.kind != .folder { return RemotePage(entries: [], next: nil) }
        let open = try fileSystem.openFolder(path)
        let content = try open.entries()
        for entry in content where entry.status.kind == .file { open.removeIfAbandoned(entry.name) }
        let entries = content.filter { $0.status.kind == .file }.compactMap { entry in
            let text = (folder.isEmpty ? "" : folder + "/") + String(decoding: entry.name, as: UTF8.self)
            return RemoteName(text).map { Self.entry($0, entry.status) }
        }
        return RemotePage(entries: entries.sorted { $0.name < $1.name }, next: nil)
    }

    package func delete(_ name: RemoteName) throws {
        _ = try fileSystem.removeFile(folder.appending(name.text))
    }

    private static func entry(_ name: RemoteName, _ status: FileStatus) -> RemoteEntry {
        let modified = Timestamp(milliseconds: status.modifiedNanoseconds / 1_000_000)
        return RemoteEntry(name: name, sizeBytes: status.sizeBytes, modified: modified)
    }
}
