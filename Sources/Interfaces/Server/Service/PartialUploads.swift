import Diagnostics
import Experiments
import Files
import HTTP
import Hashing
import MicroHTTPD
import Objects
import Synchronization

/// Artifacts that come in parts, by several requests: each part is a file, until all become one object.
///
///     uploads/<id>/target          the path of the artifact
///     uploads/<id>/<number>-<tag>  a part; the tag is of its content, so that a part sent again does no harm
///     uploads/<id>/done            of one that is complete: all that is left, and the same call again is harmless
///
/// All state is in these files: a server that was started anew goes on with them.
struct PartialUploads {
    let services: Services

    static let maximumPartCount: Int64 = 10_000
    /// What nobody touched for so long is not coming any more.
    static let patience: Duration = .seconds(24 * 3600)

    private var folder: AbsolutePath { services.scratch.appending("uploads") }
    private var files: FileSystem { services.fileSystem }

    /// Answers the upload's id: whoever knows it may send parts.
    func begin(_ target: RelativePath) throws -> String {
        let id = RunID.random().text
        let place = folder.appending(id)
        try files.makeFolders(place)
        try files.create(place.appending("target"), permissions: 0o600).write(target.bytes)
        return id
    }

    func part(_ number: Int64, of id: String) throws -> any Upload {
        let place = try place(of: id)
        guard (1...Self.maximumPartCount).contains(number) else { throw Self.badNumber }
        if try files.status(of: place.appending("done")) != nil { throw MLflowError.missing("upload \(id) has ended") }
        return PartUpload(number, in: place, files)
    }

    /// The parts, in this order, are the artifact from now on.
    func complete(_ id: String, _ target: RelativePath, parts: [(number: Int64, tag: String)]) throws {
        let place = try place(of: id, target)
        if try files.status(of: place.appending("done")) != nil { return }
        if parts.isEmpty { throw MLflowError.invalid("an upload has at least one part") }
        guard zip(parts, parts.dropFirst()).allSatisfy({ $0.number < $1.number }) else {
            throw MLflowError.invalid("the parts must be in the order of their numbers, each once")
        }
        let pieces = try parts.map { number, tag in
            // A tag is text of the client: as the name of a file only once it is known to be one of ours.
            guard let digest = XXH3Digest(hex: tag) else { throw missingPart(number) }
            let file = place.appending(Self.name(number, digest))
            guard try files.status(of: file) != nil else { throw missingPart(number) }
            return file
        }
        let digest = try services.objects.put(joining: pieces)
        try services.store.putArtifact(Artifact(path: target, digest: digest, modifiedAt: services.clock.now()))
        try files.create(place.appending("done"), permissions: 0o600).close()
        let kept = ["done", "target"].map { Array($0.utf8) }
        for name in try files.openFolder(place).names() where !kept.contains(name) {
            try files.removeFile(place.appending(RelativePath(unchecked: name)))
        }
    }

    /// One that is not there has been given up before.
    func abort(_ id: String, _ target: RelativePath) throws {
        guard Self.isID(id), try files.status(of: folder.appending(id)) != nil else { return }
        try files.removeTree(try place(of: id, target))
    }

    /// Removes what nobody has touched for long.
    func removeStale(olderThan age: Duration = patience) throws {
        guard try files.status(of: folder) != nil else { return }
        let limit = FileSystem.nowNanoseconds() - age.components.seconds * 1_000_000_000
        for entry in try files.openFolder(folder).entries() where entry.status.modifiedNanoseconds < limit {
            try files.removeTree(folder.appending(RelativePath(unchecked: entry.name)))
        }
    }

    private func place(of id: String) throws -> AbsolutePath {
        let place = folder.appending(id)
        guard Self.isID(id), try files.status(of: place.appending("target")) != nil else {
            throw MLflowError.missing("there is no upload '\(id)'")
        }
        return place
    }

    private func place(of id: String, _ target: RelativePath) throws -> AbsolutePath {
        let place = try place(of: id)
        guard try files.read(place.appending("target")) == target.bytes else {
            throw MLflowError.invalid("upload \(id) is of another artifact")
        }
        return place
    }

    private func missingPart(_ number: Int64) -> MLflowError {
        .invalid("part \(number) with that ETag has not been uploaded")
    }

    static let badNumber = MLflowError.invalid("the number of a part is from 1 to \(maximumPartCount)")

    private static func isID(_ text: String) -> Bool {
        text.utf8.count == 32 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    fileprivate static func name(_ number: Int64, _ tag: XXH3Digest) -> String { "\(number)-\(tag)" }
}

/// A part on its way in, straight to the disk.
private final class PartUpload: Upload {
    private struct State: ~Copyable {
        var file: UnfinishedFile?
        let hash = XXH3()
    }

    private let number: Int64
    private let folder: AbsolutePath
    private let files: FileSystem
    private let state = Mutex(State())

    init(_ number: Int64, in folder: AbsolutePath, _ files: FileSystem) {
        self.number = number
        self.folder = folder
        self.files = files
    }

    func receive(_ piece: UnsafeRawBufferPointer) throws {
        try state.withLock { state in
            if state.file == nil {
                state.file = try UnfinishedFile(in: folder, permissions: 0o600, fileSystem: files)
            }
            state.hash.update(piece.bytes)
            try state.file?.write(piece.bytes)
        }
    }

    func finish() throws -> Reply {
        // One of no bytes has come without a piece.
        try receive(UnsafeRawBufferPointer(start: nil, count: 0))
        let tag = try state.withLock { state in
            let tag = state.hash.digest()
            try state.file.take()?.rename(to: folder.appending(PartialUploads.name(number, tag)))
            return tag
        }
        var reply = Reply.emptyObject
        reply.headers["ETag"] = "\"\(tag)\""
        return reply
    }

    func abandon() { state.withLock { $0.file = nil } }
}
