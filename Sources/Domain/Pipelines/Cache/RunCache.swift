import Diagnostics
package import Files
import JSON
import Objects
package import Workspaces

/// The run cache: stage key → what a stage with exactly these inputs made, for all runs and projects that share a
/// store.
///
/// One small JSON file a key, written whole and renamed into place; the last writer wins, which is harmless, since both
/// made valid results from the same inputs. An entry is a hint: its objects may be gone, and an entry that cannot be
/// read is as good as none.
package struct RunCache: Sendable {
    private let folder: AbsolutePath
    private let fileSystem: FileSystem

    /// In the store's folder; where that is shared with a group, so are the entries.
    package init(of project: Project) throws {
        folder = project.runCacheFolder
        fileSystem = try project.fileSystem.sharing(with: project.storeFolder)
    }

    /// What is known for `key`; nil if nothing is, or if the entry is damaged or of another version.
    package func entry(for key: StageKey) throws -> RunCacheEntry? {
        guard let bytes = try fileSystem.readIfPresent(path(of: key)) else { return nil }
        guard let value = try? JSONValue(parsing: bytes), let entry = RunCacheEntry(json: value), entry.key == key
        else {
            return nil
        }
        return entry
    }

    /// All that can be read.
    package func entries() throws -> [RunCacheEntry] {
        guard try fileSystem.status(of: folder) != nil else { return [] }
        var entries: [RunCacheEntry] = []
        for fanOut in try fileSystem.openFolder(folder).namesAndFolders() where fanOut.isFolder {
            let below = folder.appending(RelativePath(unchecked: fanOut.name))
            for name in try fileSystem.openFolder(below).names() {
                guard let bytes = try fileSystem.readIfPresent(below.appending(RelativePath(unchecked: name))),
                    let value = try? JSONValue(parsing: bytes), let entry = RunCacheEntry(json: value)
                else { continue }
                entries.append(entry)
            }
        }
        return entries
    }

    /// Those that cannot be read, or are not in their place.
    package func damagedEntries() throws -> [AbsolutePath] {
        guard try fileSystem.status(of: folder) != nil else { return [] }
        var damaged: [AbsolutePath] = []
        for fanOut in try fileSystem.openFolder(folder).namesAndFolders()
        where fanOut.isFolder && fanOut.name.count == 2 {
            let below = folder.appending(RelativePath(unchecked: fanOut.name))
            for name in try fileSystem.openFolder(below).names() {
                let path = below.appending(RelativePath(unchecked: name))
                guard name.starts(with: FileSystem.temporaryNamePrefix.utf8) == false,
                    let bytes = try fileSystem.readIfPresent(path)
                else { continue }
                let entry = (try? JSONValue(parsing: bytes)).flatMap(RunCacheEntry.init(json:))
                if entry.map({ self.path(of: $0.key) }) != path { damaged.append(path) }
            }
        }
        return damaged
    }

    /// Removes an entry: its stage runs again, or a remote has it.
    package func forget(_ entry: AbsolutePath) throws { try fileSystem.removeFile(entry) }

    /// Removes what processes left that were killed while they wrote an entry.
    package func removeAbandoned() throws {
        guard try fileSystem.status(of: folder) != nil else { return }
        for fanOut in try fileSystem.openFolder(folder).namesAndFolders() where fanOut.isFolder {
            try fileSystem.openFolder(folder.appending(RelativePath(unchecked: fanOut.name))).removeAbandoned()
        }
    }

    /// Keeps `entry`; durable on return. The objects that it names must be durable already.
    package func save(_ entry: RunCacheEntry) throws {
        let path = path(of: entry.key)
        if let folder = path.parent { try fileSystem.makeFolders(folder) }
        try fileSystem.writeAtomically(Array((entry.json.text(.pretty) + "\n").utf8), to: path)
    }

    /// For the one who is about to make what `key` stands for.
    func lock(of key: StageKey) -> ResultLock {
        ResultLock(path: folder.appending("running/\(key)"), fileSystem: fileSystem)
    }

    private func path(of key: StageKey) -> AbsolutePath {
        let hex = key.description
        return folder.appending("\(hex.prefix(2))/\(hex).json")
    }
}
