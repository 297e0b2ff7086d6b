import Diagnostics
import Experiments
import Files
import Hashing
import JSON

/// Finds the files of what a program logs by a path, and describes data by its content.
struct FileWalk {
    private let clock: Clock
    private let fileSystem = FileSystem.real

    init(_ clock: Clock) { self.clock = clock }

    /// The file at `path`, or all files below it; symbolic links to files are followed, those to folders are not.
    func files(at path: AbsolutePath, _ place: PlacePrefix) throws -> [OutgoingFile] {
        guard let status = try fileSystem.statusFollowingLinks(of: path) else {
            throw FileError(.open, path, .notFound)
        }
        let now = clock.now()
        if status.kind != .folder {
            return [OutgoingFile(place: place.place(.root), content: .file(path), modifiedAt: now)]
        }
        return try below(path).map { relative, _ in
            OutgoingFile(place: place.place(relative), content: .file(path.appending(relative)), modifiedAt: now)
        }
    }

    /// Data at `path`, named by what it holds: the digest changes with any byte and any name.
    func dataset(at path: AbsolutePath, name: String, context: String?) throws -> DatasetUse {
        guard let status = try fileSystem.statusFollowingLinks(of: path) else {
            throw FileError(.open, path, .notFound)
        }
        var count: Int64 = 1
        var bytes = status.sizeBytes
        let digest: XXH3Digest
        if status.kind == .folder {
            let files = try below(path)
            count = Int64(files.count)
            bytes = files.reduce(0) { $0 + $1.sizeBytes }
            var names: [UInt8] = []
            for (relative, _) in files {
                names += relative.bytes + [0] + (try hash(path.appending(relative)).bytes)
            }
            digest = XXH3.hash(names)
        } else {
            digest = try hash(path)
        }
        let profile = JSONValue.object(["files": .integer(count), "bytes": .integer(Int64(clamping: bytes))])
        return DatasetUse(
            dataset: Experiments.Dataset(
                name: name, digest: digest.description, sourceType: "local", source: path.description,
                profile: profile.text()),
            tags: context.map { [Tag(key: "mlflow.data.context", value: $0)] } ?? [])
    }

    private func hash(_ path: AbsolutePath) throws -> XXH3Digest {
        let builder = DigestBuilder()
        try fileSystem.open(path).forEachPiece { builder.update($0) }
        return builder.finish().xxh3
    }

    /// By path.
    private func below(_ folder: AbsolutePath) throws -> [(path: RelativePath, sizeBytes: UInt64)] {
        var found: [(path: RelativePath, sizeBytes: UInt64)] = []
        var folders = [RelativePath.root]
        while let relative = folders.popLast() {
            for entry in try fileSystem.openFolder(folder.appending(relative)).entries() {
                let path = relative.appending(name: entry.name)
                switch entry.status.kind {
                case .folder: folders.append(path)
                case .file: found.append((path, entry.status.sizeBytes))
                case .symbolicLink:
                    if let status = try fileSystem.statusFollowingLinks(of: folder.appending(path)),
                        status.kind == .file
                    {
                        found.append((path, status.sizeBytes))
                    }
                case .other: break
                }
            }
        }
        return found.sorted { $0.path < $1.path }
    }
}
