package import Files
import Hashing
import Synchronization

/// What `materialise` made.
package struct Materialised: Sendable {
    package let link: LinkKind
    /// Why a way that was asked for before was not taken; nil if the first one was.
    package let reason: LinkRefusal?
    /// Of the file, a link followed.
    package let status: FileStatus
}

/// Why a stored file could not be linked to.
package enum LinkRefusal: Hashable, Sendable {
    /// It lies in a pack.
    case packed
    case compressed
    /// A link would change the stored file's mode.
    case executable
    /// The file system of the workspace cannot make such a link.
    case unsupported
    /// Workspace and store are on two file systems.
    case otherFileSystem
    case tooManyLinks
    case denied
}

extension ObjectStore {
    /// Makes a file at `path`, where nothing is yet, with the object's content: by the first way of `links` that works,
    /// and by copying if none does. The content is verified; if that fails, no file is left.
    ///
    /// A file that is made executable is never a link. `modifiedNanoseconds` is set unless it is one.
    package func materialise(
        _ digest: Digest, at path: AbsolutePath, isExecutable: Bool, links: [LinkKind], modifiedNanoseconds: Int64
    ) throws -> Materialised {
        let folder = try fileSystem.openFolder(path.parent ?? .fileSystemRoot)
        return try materialise(
            digest, in: folder, as: path.name, isExecutable: isExecutable, links: links,
            modifiedNanoseconds: modifiedNanoseconds)
    }

    /// The same for an entry of an open folder. `advanced` hears how many bytes more of a file of its own were read.
    package func materialise(
        _ digest: Digest, in folder: borrowing Folder, as name: [UInt8], isExecutable: Bool, links: [LinkKind],
        modifiedNanoseconds: Int64, _ advanced: (Int) -> Void = { _ in }
    ) throws -> Materialised {
        // What another made of that name is not ours to remove.
        var isMade = false
        let file = NewFile(
            digest: digest, name: name, permissions: isExecutable ? 0o777 : 0o666, modified: modifiedNanoseconds)
        do {
            return try withContent(of: digest.id) { bytes in
                // Its id is checked already.
                try Self.check(digest.id.hash, UInt64(bytes.count), digest)
                let target = try folder.create(name, permissions: file.permissions)
                isMade = true
                try target.write(bytes)
                let reason: LinkRefusal? = links.first.map { $0 == .copy } ?? true ? nil : .packed
                return Materialised(link: .copy, reason: reason, status: try file.end(target))
            } loose: { source, isCompressed in
                var reason: LinkRefusal?
                for link in links {
                    if link == .copy { break }
                    let refusal = try makeLink(
                        link, file, source, isCompressed, in: folder, isExecutable, &isMade, advanced)
                    guard let refusal else {
                        let status = try folder.statusFollowingLinks(of: name)
                        guard let status else { throw FileError(.inspect, folder.path, .notFound) }
                        return Materialised(link: link, reason: reason, status: status)
                    }
                    reason = reason ?? refusal
                }
                return try copy(file, source, isCompressed, in: folder, reason, &isMade, advanced)
            }
        } catch {
            if isMade { _ = try? folder.removeFile(name) }
            throw error
        }
    }

    private struct NewFile {
        let digest: Digest
        let name: [UInt8]
        let permissions: UInt32
        let modified: Int64

        func end(_ file: consuming OpenFile) throws -> FileStatus {
            try file.setModified(nanoseconds: modified)
            let status = try file.status()
            try file.close()
            return status
        }
    }

    private func copy(
        _ file: NewFile, _ source: borrowing OpenFile, _ isCompressed: Bool, in folder: borrowing Folder,
        _ reason: LinkRefusal?, _ isMade: inout Bool, _ advanced: (Int) -> Void
    ) throws -> Materialised {
        let target = try folder.create(file.name, permissions: file.permissions)
        isMade = true
        let hash = XXH3()
        var count: UInt64 = 0
        let direct = DirectWriter(target, expectedBytes: file.digest.sizeBytes)
        try forEachPiece(of: file.digest, source, isCompressed, isDirect: direct != nil) { piece in
            hash.update(piece)
            count += UInt64(piece.byteCount)
            if let direct { try direct.write(piece, to: target) } else { try target.write(piece) }
            advanced(piece.byteCount)
        }
        try direct?.finish(to: target)
        try Self.check(hash.digest(), count, file.digest)
        return Materialised(link: .copy, reason: reason, status: try file.end(target))
    }

    private func forEachPiece(
        of digest: Digest, _ source: borrowing OpenFile, _ isCompressed: Bool, isDirect: Bool,
        _ body: (RawSpan) throws -> Void
    ) throws {
        if isDirect, !isCompressed { return try source.forEachPieceDirectly(body) }
        let limit = isCompressed ? digest.sizeBytes : nil
        try forEachContentPiece(of: digest.id, source, isCompressed, limitBytes: limit, body)
    }

    /// Nil if the link was made; else why not.
    private func makeLink(
        _ link: LinkKind, _ file: NewFile, _ source: borrowing OpenFile, _ isCompressed: Bool,
        in folder: borrowing Folder, _ isExecutable: Bool, _ isMade: inout Bool,
        _ advanced: (Int) -> Void
    ) throws -> LinkRefusal? {
        if isCompressed { return .compressed }
        if isExecutable, link != .reflink { return .executable }
        // Asking the file system again for each of many files would cost a call and a file each time.
        if let known = refusedLinks.withLock({ $0[link] }) { return known }
        let stored = paths.plain(file.digest.id)
        do throws(FileError) {
            switch link {
            case .copy: return nil
            case .hardlink: try folder.hardLink(stored, as: file.name)
            case .symlink: try folder.symbolicLink(file.name, to: stored.bytes)
            case .reflink:
                let target = try folder.create(file.name, permissions: file.permissions)
                isMade = true
                if try !target.reflink(source) {
                    try folder.removeFile(file.name)
                    isMade = false
                    return refuse(link, .unsupported)
                }
                try target.setModified(nanoseconds: file.modified)
                try target.close()
            }
        } catch {
            switch error.reason {
            case .otherFileSystem: return refuse(link, .otherFileSystem)
            case .unsupported: return refuse(link, .unsupported)
            case .tooManyLinks: return .tooManyLinks
            case .denied: return .denied
            default: throw error
            }
        }
        isMade = true
        try checkLinked(source, file.digest, advanced)
        return nil
    }

    private func refuse(_ link: LinkKind, _ reason: LinkRefusal) -> LinkRefusal {
        refusedLinks.withLock { $0[link] = reason }
        return reason
    }

    /// A link shows whatever the object holds, so the object must be right.
    private func checkLinked(_ source: borrowing OpenFile, _ digest: Digest, _ advanced: (Int) -> Void) throws {
        try source.rewind()
        let hash = XXH3()
        var count: UInt64 = 0
        try source.forEachPiece(expectedBytes: digest.sizeBytes) { piece in
            hash.update(piece)
            count += UInt64(piece.byteCount)
            advanced(piece.byteCount)
        }
        try Self.check(hash.digest(), count, digest)
    }

    private static func check(_ hash: XXH3Digest, _ byteCount: UInt64, _ digest: Digest) throws {
        if byteCount != digest.sizeBytes {
            let damage = Damage.otherSize(expectedBytes: digest.sizeBytes, foundBytes: byteCount)
            throw ObjectError.damaged(digest.id, damage)
        }
        if ObjectID(hash) != digest.id { throw ObjectError.damaged(digest.id, .otherContent) }
    }
}
