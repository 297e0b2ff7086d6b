import Files
import Hashing
import Objects
import Threads

/// DVC's own store, read to bring its content into ours, and with `lock: dvc` written too.
struct DVCCache: Sendable {
    let folder: AbsolutePath
    let fileSystem: FileSystem

    /// The cache of the project at `root`: where `cache.dir` of `.dvc/config` says, else `.dvc/cache`.
    init(ofProject root: AbsolutePath, fileSystem: FileSystem) throws {
        let settings = root.appending(".dvc")
        let configured = try DVCConfig(ofProject: root, fileSystem: fileSystem).value("dir", in: "cache")
        let folder = configured.map { AbsolutePath($0, relativeTo: settings) } ?? settings.appending("cache")
        self.init(folder: folder, fileSystem: fileSystem)
    }

    init(folder: AbsolutePath, fileSystem: FileSystem) {
        self.folder = folder
        self.fileSystem = fileSystem
    }

    func path(of content: DVCContent) -> AbsolutePath {
        folder.appending(content.place)
    }

    // MARK: Reading

    /// Puts what DVC keeps into `store`; nil if DVC does not have all of it, or if something there is damaged.
    func take(_ file: DVCFile, into store: ObjectStore) throws -> Fingerprint? {
        guard file.content.isFolder else {
            guard let digest = try store.withBatch({ try put(file.content, into: $0) }) else { return nil }
            return Fingerprint(
                kind: .file(isExecutable: file.isExecutable), digest: digest, contentBytes: digest.sizeBytes)
        }
        guard let listing = try listing(of: file) else { return nil }
        return try store.withBatch { batch in
            let digests = try mapConcurrently(listing.files, width: coreCount) { entry in
                try put(
                    DVCContent(md5: entry.md5, isFolder: false, isLegacy: file.content.isLegacy), into: batch)
            }
            var entries: [(path: [[UInt8]], digest: Digest)] = []
            for (entry, digest) in zip(listing.files, digests) {
                guard let digest else { return nil }
                entries.append((entry.path.components.map(Array.init), digest))
            }
            return try putTree(entries[...], depth: 0, into: batch).fingerprint
        }
    }

    /// What a folder holds; nil if nothing that is here says it.
    func listing(of folder: DVCFile) throws -> DVCListing? { try folder.listing ?? listing(of: folder.content) }

    /// What a folder holds; nil if its object is not there, or is damaged.
    func listing(of folder: DVCContent) throws -> DVCListing? {
        guard let bytes = try fileSystem.readIfPresent(path(of: folder)), MD5.hash(bytes) == folder.md5 else {
            return nil
        }
        return DVCListing(parsing: bytes)
    }

    /// DVC's name for what a path in a folder holds; nil if there is no such path.
    func content(of path: RelativePath, in folder: DVCContent) throws -> DVCContent? {
        guard let bytes = try fileSystem.readIfPresent(self.path(of: folder)), let listing = DVCListing(parsing: bytes)
        else { return nil }
        if let file = listing.files.first(where: { $0.path == path }) {
            return DVCContent(md5: file.md5, isFolder: false, isLegacy: folder.isLegacy)
        }
        let below = listing.files.compactMap { file in file.path.relative(to: path).map { ($0, file.md5) } }
        if below.isEmpty { return nil }
        return DVCContent(md5: MD5.hash(DVCListing(below).bytes), isFolder: true, isLegacy: folder.isLegacy)
    }

    /// Nil if the object is not there, or is not what its name says.
    private func put(_ content: DVCContent, into batch: ObjectBatch) throws -> Digest? {
        let path = path(of: content)
        guard try fileSystem.statusFollowingLinks(of: path)?.kind == .file else { return nil }
        if !content.isLegacy {
            let md5 = MD5()
            try fileSystem.open(path).forEachPiece { md5.update($0) }
            if md5.finish() != content.md5 { return nil }
        }
        return try batch.put(file: path)
    }

    /// `entries` are in path order, and alike in their first `depth` names.
    func putTree(
        _ entries: ArraySlice<(path: [[UInt8]], digest: Digest)>, depth: Int, into batch: ObjectBatch
    ) throws -> Tree {
        var below: [Tree.Entry] = []
        for (name, group) in Dictionary(grouping: entries, by: { $0.path[depth] }) {
            if let file = group.first, file.path.count == depth + 1 {
                below.append(Tree.Entry(name: name, content: .file(file.digest, isExecutable: false)))
                continue
            }
            let tree = try putTree(group[...], depth: depth + 1, into: batch)
            let digest = try batch.put(tree.encoded())
            below.append(
                Tree.Entry(
                    name: name,
                    content: .folder(tree: digest, fileCount: tree.fileCount, contentBytes: tree.contentBytes)))
        }
        let tree = Tree(below)
        if depth == 0 { try batch.put(tree.encoded()) }
        return tree
    }

    // MARK: Writing

    /// Keeps what the workspace at `root` holds at a path, as DVC would. `file` is what the path was found to hold.
    func keep(_ file: DVCFile, in root: AbsolutePath, hasher: DVCHasher) throws {
        guard file.content.isFolder else { return try copy(root.appending(file.path), as: file.content) }
        let listing = try hasher.listing(of: file.path)
        for (path, md5) in listing.files {
            try copy(root.appending(file.path).appending(path), as: DVCContent(md5: md5, isFolder: false))
        }
        try keep(listing, as: file.content)
    }

    func keep(_ listing: DVCListing, as content: DVCContent) throws {
        let target = path(of: content)
        if try fileSystem.status(of: target) != nil { return }
        if let folder = target.parent { try fileSystem.makeFolders(folder) }
        try fileSystem.writeAtomically(listing.bytes, to: target, permissions: Self.objectPermissions)
    }

    private static let objectPermissions: UInt32 = 0o444

    private func copy(_ source: AbsolutePath, as content: DVCContent) throws {
        let target = path(of: content)
        guard try fileSystem.status(of: target) == nil, let folder = target.parent else { return }
        try fileSystem.makeFolders(folder)
        let unfinished = try UnfinishedFile(
            in: folder, permissions: Self.objectPermissions, fileSystem: fileSystem)
        try unfinished.append(contentOf: try fileSystem.open(source))
        try unfinished.synchronise()
        try unfinished.rename(to: target)
    }
}
