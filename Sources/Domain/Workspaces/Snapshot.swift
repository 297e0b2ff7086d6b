import Files
import Objects

/// What is at a path, down to each byte: its fingerprint and, for a folder, the listings that it stands for.
struct Snapshot: Sendable {
    let fingerprint: Fingerprint
    /// Of the folder and all below it, by their paths in the project. Empty for a file.
    let trees: [RelativePath: StoredTree]
    /// What was passed over because of ignore files.
    let ignored: Set<RelativePath>

    /// A listing and its encoding.
    struct StoredTree: Sendable {
        let tree: Tree
        let bytes: [UInt8]
        let digest: Digest
    }

    /// Of a scan whose files all have digests.
    init?(_ scan: Scan) {
        ignored = scan.ignored
        guard !scan.folders.isEmpty else {
            guard let file = scan.files.first, let digest = file.digest else { return nil }
            fingerprint = Fingerprint(
                kind: .file(isExecutable: file.status.isExecutable), digest: digest, contentBytes: digest.sizeBytes)
            trees = [:]
            return
        }
        var built = [StoredTree?](repeating: nil, count: scan.folders.count)
        // A folder's number is lower than those of the folders in it.
        for number in scan.folders.indices.reversed() {
            guard let tree = Self.tree(scan.folders[number], scan, built) else { return nil }
            let bytes = tree.encoded()
            built[number] = StoredTree(tree: tree, bytes: bytes, digest: Digest(of: bytes))
        }
        guard let top = built[0] else { return nil }
        fingerprint = Fingerprint(
            kind: .folder(fileCount: top.tree.fileCount), digest: top.digest, contentBytes: top.tree.contentBytes)
        var trees: [RelativePath: StoredTree] = [:]
        for (folder, tree) in zip(scan.folders, built) { trees[folder.path] = tree }
        self.trees = trees
    }

    private static func tree(_ folder: Scan.Folder, _ scan: Scan, _ built: [StoredTree?]) -> Tree? {
        var entries: [Tree.Entry] = []
        entries.reserveCapacity(folder.entries.count)
        for (name, content) in folder.entries {
            switch content {
            case .symbolicLink(let target):
                entries.append(Tree.Entry(name: name, content: .symbolicLink(target: target)))
            case .file(let number):
                guard let digest = scan.files[number].digest else { return nil }
                let isExecutable = scan.files[number].status.isExecutable
                entries.append(Tree.Entry(name: name, content: .file(digest, isExecutable: isExecutable)))
            case .folder(let number):
                guard let below = built[number] else { return nil }
                let content = Tree.Content.folder(
                    tree: below.digest, fileCount: below.tree.fileCount, contentBytes: below.tree.contentBytes)
                entries.append(Tree.Entry(name: name, content: content))
            }
        }
        return Tree(entries)
    }
}
