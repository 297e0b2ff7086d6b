import Diagnostics
package import Files
import Hashing
package import Objects

extension Workspace {
    /// Puts those of `wanted` into the store again that the files and listings at `path` still are, and answers where
    /// each was. What the index says of a file is not believed: a link into the store shows the damage.
    package func restoreObjects(
        _ wanted: Set<Digest>, from path: RelativePath
    ) throws -> [Digest: RelativePath] {
        guard var scan = try scan(path, knowing: true) else { return [:] }
        let reader = ContentReader(workspace: self)
        try read(scan.unknownFiles, of: &scan, as: "reading \(path)", SilentMonitor()) { file, path in
            try reader.digest(of: file, at: path)
        }
        var found: [Digest: RelativePath] = [:]
        for file in scan.files {
            guard let digest = file.digest, wanted.contains(digest), found[digest] == nil else { continue }
            let absolute = project.root.appending(file.path)
            guard try digestOfContent(at: absolute) == digest else { continue }
            if try store.put(file: absolute) == digest { found[digest] = file.path }
        }
        guard let trees = Snapshot(scan)?.trees else { return found }
        for (folder, tree) in trees where wanted.contains(tree.digest) && found[tree.digest] == nil {
            try store.put(tree.bytes)
            found[tree.digest] = folder
        }
        return found
    }

    private func digestOfContent(at path: AbsolutePath) throws -> Digest {
        let digests = DigestBuilder()
        try files.open(path).forEachPiece { digests.update($0) }
        return Digest(digests.finish())
    }
}
