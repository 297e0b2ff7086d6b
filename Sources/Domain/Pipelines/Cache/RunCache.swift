import Diagnostics
package import Files
import JSON
import Objects

/// The run cache: stage key → what a stage with exactly these inputs made, for all runs and projects that share a
/// store.
///
/// One small JSON file a key, written whole and renamed into place; the last writer wins, which is harmless, since both
/// made valid results from the same inputs. An entry is a hint: its objects may be gone, and an entry that cannot be
/// read is as good as none.
package struct RunCache: Sendable {
    private let folder: AbsolutePath
    private let fileSystem: FileSystem

    package init(folder: AbsolutePath, fileSystem: FileSystem) {
        self.folder = folder
        self.fileSystem = fileSystem
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
