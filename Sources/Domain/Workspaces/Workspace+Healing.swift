package import Files
import Hashing
package import Objects

extension Workspace {
    /// Puts those of `wanted` into the store again that the files and listings at `path` still are, and answers where
    /// each was. What the index says of a file is not believed: a link into the store shows the damage.
    package func restoreObjects(
        _ wanted: Set<Digest>, from path: RelativePath
    ) throws -> [Digest: RelativePath] {
        guard let snapshot = try snapshot(path, knowing: true) else { return [:] }
        var found: [Digest: RelativePath] = [:]
        func restore(_ digest: Digest, from file: RelativePath) throws {
            guard wanted.contains(digest), found[digest] == nil else { return }
            let absolute = project.root.appending(file)
            guard try digestOfContent(at: absolute) == digest else { return }
            if try store.put(file: absolute) == digest { found[digest] = file }
        }
        if snapshot.trees.isEmpty { try restore(snapshot.fingerprint.digest, from: path) }
        for (folder, stored) in snapshot.trees {
            for entry in stored.tree.entries {
                guard case .file(let digest, _) = entry.content else { continue }
                try restore(digest, from: folder.appending(RelativePath(unchecked: entry.name)))
            }
            if wanted.contains(stored.digest), found[stored.digest] == nil {
                try store.put(stored.bytes)
                found[stored.digest] = folder
            }
        }
        return found
    }

    private func digestOfContent(at path: AbsolutePath) throws -> Digest {
        let digests = DigestBuilder()
        try files.open(path).forEachPiece { digests.update($0) }
        return Digest(digests.finish())
    }
}
