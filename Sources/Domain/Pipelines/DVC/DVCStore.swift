package import Diagnostics
package import Files
import Hashing
package import Objects
import Threads

/// Where DVC keeps content by its MD5: a project's cache, or a remote in a folder. Read to bring content into our store.
package struct DVCStore: Sendable {
    private let cache: DVCCache
    private let fileSystem: FileSystem

    package init(folder: AbsolutePath, fileSystem: FileSystem) {
        cache = DVCCache(folder: folder, fileSystem: fileSystem)
        self.fileSystem = fileSystem
    }

    /// The cache of the project at `root`.
    package init(ofProject root: AbsolutePath, fileSystem: FileSystem) throws {
        cache = try DVCCache(ofProject: root, fileSystem: fileSystem)
        self.fileSystem = fileSystem
    }

    package var folder: AbsolutePath { cache.folder }

    /// What taking content into our store came to.
    package struct Taken: Sendable {
        /// Nil if something is missing or damaged.
        package var fingerprint: Fingerprint?
        /// Names, from the tracked path, of what is not there or not what its MD5 says; the root stands for the listing
        /// of a folder, or for the file itself.
        package var missing: [RelativePath] = []
        package var fileCount = 0
        /// Of files that take no second place on the disk: both stores have the same blocks.
        package var sharedBytes: UInt64 = 0
        package var copiedBytes: UInt64 = 0
    }

    /// Puts what DVC has of a path, or of a part of it, into `store`. Each byte is checked against its MD5. Nothing is
    /// stored unless all of it is there.
    package func take(
        _ tracked: DVCTracked, below part: RelativePath = .root, into store: ObjectStore, scratch: ScratchFolder,
        monitor: any Monitor
    ) throws -> Taken {
        let content = tracked.out.content
        guard content.isFolder else {
            if !part.isRoot { return Taken(missing: [part]) }
            return try store.withBatch { batch in
                let taker = DVCTaker(cache: cache, batch: batch, scratch: scratch, fileSystem: fileSystem)
                guard let file = try taker.take(content) else { return Taken(missing: [.root]) }
                var taken = Taken(fileCount: 1)
                taken.fingerprint = Fingerprint(
                    kind: .file(isExecutable: tracked.out.isExecutable), digest: file.digest,
                    contentBytes: file.digest.sizeBytes)
                taken.count(file)
                return taken
            }
        }
        guard let listing = try cache.listing(of: tracked.out) else { return Taken(missing: [.root]) }
        let files = listing.files.compactMap { file in file.path.relative(to: part).map { (path: $0, md5: file.md5) } }
        if files.isEmpty, !part.isRoot { return Taken(missing: [part]) }
        return try take(files, isLegacy: content.isLegacy, of: tracked, store, scratch, monitor)
    }

    /// Names, from the tracked path, of what is not there; content is not read, but the listing of a folder is.
    package func missing(of tracked: DVCTracked) throws -> [RelativePath] {
        func isThere(_ content: DVCContent) throws -> Bool {
            try fileSystem.statusFollowingLinks(of: cache.path(of: content))?.kind == .file
        }
        let content = tracked.out.content
        guard content.isFolder else { return try isThere(content) ? [] : [.root] }
        guard let listing = try cache.listing(of: tracked.out) else { return [.root] }
        return try listing.files.filter { file in
            try !isThere(DVCContent(md5: file.md5, isFolder: false, isLegacy: content.isLegacy))
        }.map(\.path)
    }

    /// Whether the content of a file that is somewhere else is here, too, by its MD5.
    package func keeps(contentOf file: AbsolutePath) throws -> Bool {
        let hasher = DVCHasher(root: cache.folder, fileSystem: fileSystem)
        for isLegacy in [false, true] {
            let md5 = try hasher.hash(file, isLegacy)
            if try has(DVCContent(md5: md5, isFolder: false, isLegacy: isLegacy)) { return true }
        }
        return false
    }

    func has(_ content: DVCContent) throws -> Bool {
        try fileSystem.statusFollowingLinks(of: cache.path(of: content))?.kind == .file
    }

    func listing(of folder: DVCFile) throws -> DVCListing? { try cache.listing(of: folder) }

    /// Makes objects of the listings of folders that stand in DVC's files, as if they had been fetched.
    package func keepListings(of tracked: [DVCTracked]) throws {
        for out in tracked.map(\.out) {
            if let listing = out.listing { try cache.keep(listing, as: out.content) }
        }
    }

    func adopt(_ file: AbsolutePath, as content: DVCContent) throws -> Bool {
        // The listing of a folder was always hashed as it is.
        let hasher = DVCHasher(root: cache.folder, fileSystem: fileSystem)
        let plain = try hasher.hash(file, false)
        guard try plain == content.md5 || (content.isLegacy && hasher.hash(file, true) == content.md5) else {
            try fileSystem.removeFile(file)
            return false
        }
        let target = cache.path(of: content)
        if let parent = target.parent { try fileSystem.makeFolders(parent) }
        try fileSystem.setPermissions(file, 0o444)
        try fileSystem.open(file).synchronise()
        try fileSystem.rename(file, to: target)
        return true
    }

    private func take(
        _ files: [(path: RelativePath, md5: MD5Digest)], isLegacy: Bool, of tracked: DVCTracked,
        _ store: ObjectStore, _ scratch: ScratchFolder, _ monitor: any Monitor
    ) throws -> Taken {
        var taken = Taken(fileCount: files.count)
        let done = Guarded(0)
        do {
            try store.withBatch { batch in
                let taker = DVCTaker(cache: cache, batch: batch, scratch: scratch, fileSystem: fileSystem)
                let results = try mapConcurrently(files, width: coreCount) { file in
                    let result = try taker.take(DVCContent(md5: file.md5, isFolder: false, isLegacy: isLegacy))
                    let count = done.withLock { count in
                        count += 1
                        return count
                    }
                    monitor.progress(
                        Progress(activity: "taking over \(tracked.path)", doneItems: count, totalItems: files.count))
                    return result
                }
                var entries: [(path: [[UInt8]], digest: Digest)] = []
                for (file, result) in zip(files, results) {
                    guard let result else {
                        taken.missing.append(file.path)
                        continue
                    }
                    taken.count(result)
                    entries.append((file.path.components.map(Array.init), result.digest))
                }
                if !taken.missing.isEmpty { throw Incomplete() }
                // One file of a folder was asked for.
                if files.count == 1, files[0].path.isRoot {
                    taken.fingerprint = Fingerprint(
                        kind: .file(isExecutable: false), digest: entries[0].digest,
                        contentBytes: entries[0].digest.sizeBytes)
                } else {
                    taken.fingerprint = try cache.putTree(entries[...], depth: 0, into: batch).fingerprint
                }
            }
        } catch is Incomplete {
            (taken.sharedBytes, taken.copiedBytes) = (0, 0)
        }
        return taken
    }

    private struct Incomplete: Error {}
}

extension DVCStore.Taken {
    fileprivate mutating func count(_ file: DVCTaker.File) {
        if file.isShared { sharedBytes += file.digest.sizeBytes } else { copiedBytes += file.digest.sizeBytes }
    }
}

/// Takes single files, without copying them where the file system lets two names have one content.
private struct DVCTaker {
    let cache: DVCCache
    let batch: ObjectBatch
    let scratch: ScratchFolder
    let fileSystem: FileSystem

    struct File: Sendable {
        let digest: Digest
        let isShared: Bool
    }

    /// Smaller ones are packed or compressed by our store, which saves more than a link.
    private static let linkedFromBytes: UInt64 = 1 << 20

    /// Nil if the object is not there, or is not what its name says.
    func take(_ content: DVCContent) throws -> File? {
        let path = cache.path(of: content)
        guard let status = try fileSystem.status(of: path), status.kind == .file else { return nil }
        if status.sizeBytes < Self.linkedFromBytes {
            let bytes = try fileSystem.read(path)
            guard try content.isLegacy ? isWholeLegacy(content, path) : MD5.hash(bytes) == content.md5 else {
                return nil
            }
            return File(digest: try batch.put(bytes), isShared: false)
        }
        let md5 = MD5()
        let digests = DigestBuilder()
        try fileSystem.open(path).forEachPiece { piece in
            md5.update(piece)
            digests.update(piece)
        }
        let digest = Digest(digests.finish())
        guard try content.isLegacy ? isWholeLegacy(content, path) : md5.finish() == content.md5 else { return nil }
        if let link = try secondName(of: path) {
            try batch.adopt(link, as: digest)
            return File(digest: digest, isShared: true)
        }
        // Read again; if it changed meanwhile, its digest did too.
        return try batch.put(file: path) == digest ? File(digest: digest, isShared: false) : nil
    }

    /// DVC 2 counted other bytes than those of the file.
    private func isWholeLegacy(_ content: DVCContent, _ path: AbsolutePath) throws -> Bool {
        try DVCHasher(root: cache.folder, fileSystem: fileSystem).hash(path, true) == content.md5
    }

    /// A file with the same blocks, or the same file under another name; nil if neither can be made.
    private func secondName(of path: AbsolutePath) throws -> AbsolutePath? {
        let target = scratch.nextPath()
        do {
            let copy = try fileSystem.create(target)
            if try copy.reflink(fileSystem.open(path)) {
                try copy.close()
                return target
            }
        }
        try fileSystem.removeFile(target)
        do throws(FileError) {
            try fileSystem.hardLink(path, to: target)
            return target
        } catch {
            switch error.reason {
            case .otherFileSystem, .unsupported, .tooManyLinks, .denied: return nil
            default: throw error
            }
        }
    }
}
