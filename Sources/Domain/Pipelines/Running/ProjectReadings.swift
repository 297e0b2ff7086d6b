import Files
import Hashing
import Synchronization

/// What was read and listed of a project while it was planned, each by its content.
package final class ProjectReadings: Sendable {
    private struct State {
        var files: [RelativePath: XXH3Digest?] = [:]
        var folders: [RelativePath: XXH3Digest] = [:]
        /// Something was not the same when it was read again: nobody can say what the plan was made from.
        var isContradictory = false
    }

    private let state = Mutex(State())

    package init() {}

    /// The same files; each look at them is noted here.
    package func noting(_ files: ProjectFiles) -> ProjectFiles {
        ProjectFiles(
            read: { path in
                let content = try files.read(path)
                self.note(content.map { XXH3.hash($0) }, of: path)
                return content
            },
            list: { folder in
                let entries = files.list(folder)
                let digest = listingDigest(entries)
                self.state.withLock { state in
                    if let earlier = state.folders.updateValue(digest, forKey: folder), earlier != digest {
                        state.isContradictory = true
                    }
                }
                return entries
            })
    }

    /// Of a file that was read elsewhere. Nil: it is not there.
    func note(_ digest: XXH3Digest?, of path: RelativePath) {
        state.withLock { state in
            if let earlier = state.files.updateValue(digest, forKey: path), earlier != digest {
                state.isContradictory = true
            }
        }
    }

    /// Nil if they contradict each other.
    func all() -> (files: [RelativePath: XXH3Digest?], folders: [RelativePath: XXH3Digest])? {
        state.withLock { $0.isContradictory ? nil : ($0.files, $0.folders) }
    }
}

/// Of names and kinds, in whatever order they were listed.
func listingDigest(_ entries: [ProjectFiles.Entry]) -> XXH3Digest {
    var bytes: [UInt8] = []
    for entry in entries.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
        // No name has a zero in it.
        bytes += entry.name
        bytes += [0, entry.isFolder ? 1 : 0]
    }
    return XXH3.hash(bytes)
}
