import Diagnostics
import Experiments
import Files
import HTTP
import MicroHTTPD
import Objects

/// What the stages of a run read and made, as far as the store has it: a level of a folder, or one file. They are
/// found through the run's record, so that a path names the version that this run saw.
extension NativeAPI {
    @Sendable func listRunFiles(_ request: Request) throws -> Reply {
        let run = try run(request)
        let path = try ArtifactPath.parse(request.queryValue("path") ?? "")
        let entries = try RunFiles(stages: try store.stages(run: run.id), objects: services.objects).entries(in: path)
        return .json { writer in
            writer.object { writer in
                writer.key("entries")
                writer.array(entries) { writer, entry in
                    writer.object { writer in
                        writer.field("name", String(decoding: entry.name, as: UTF8.self))
                        writer.key("isFolder")
                        writer.bool(entry.isFolder)
                        if let size = entry.sizeBytes { writer.field("sizeBytes", Int64(clamping: size)) }
                        writer.field("madeBy", entry.producer)
                        writer.key("isStored")
                        writer.bool(entry.isStored)
                    }
                }
            }
        }
    }

    @Sendable func readRunFile(_ request: Request) throws -> Reply {
        let run = try run(request)
        let path = try ArtifactPath.parse(request.capture("path"))
        let files = RunFiles(stages: try store.stages(run: run.id), objects: services.objects)
        guard let digest = try files.file(path) else {
            throw MLflowError.missing("no stage of run \(run.name) had a file \(path)")
        }
        guard try services.objects.contains(digest) else {
            throw MLflowError.missing("the content of \(path) is not in this store; `repro fetch` may bring it")
        }
        let moment = run.endedAt ?? run.startedAt
        return try ArtifactReply(services: services).reply(
            to: request, Artifact(path: path, digest: digest, modifiedAt: moment))
    }
}

/// The files of a run's stages as one tree.
private struct RunFiles {
    struct Entry {
        var name: [UInt8]
        var isFolder: Bool
        var sizeBytes: UInt64?
        /// The stage that made it; nil for what was only read.
        var producer: String?
        var isStored: Bool
    }

    /// By path; of one that was read and made, what was made.
    private var roots: [RelativePath: (fingerprint: Fingerprint, producer: String?)] = [:]
    private let objects: ObjectStore

    init(stages: [StageExecution], objects: ObjectStore) {
        self.objects = objects
        for stage in stages {
            for file in stage.inputs {
                if let fingerprint = file.fingerprint, roots[file.path] == nil {
                    roots[file.path] = (fingerprint, nil)
                }
            }
            for file in stage.outputs {
                if let fingerprint = file.fingerprint { roots[file.path] = (fingerprint, stage.stage) }
            }
        }
    }

    func entries(in folder: RelativePath) throws -> [Entry] {
        if let (content, producer) = try content(folder) {
            guard case .folder(let tree, _, _) = content, try objects.contains(tree) else { return [] }
            return try objects.readTree(tree).entries.map { try entry($0.name, $0.content, producer) }
        }
        // Between the root of the project and what the stages name there are only names.
        var found: [[UInt8]: Entry] = [:]
        for (path, root) in roots where path.isAtOrBelow(folder) && path != folder {
            guard let rest = path.relative(to: folder), let first = rest.components.first.map(Array.init) else {
                continue
            }
            if rest.components.count == 1 {
                found[first] = try entry(first, Self.content(root.fingerprint), root.producer)
            } else if found[first] == nil {
                found[first] = Entry(name: first, isFolder: true, sizeBytes: nil, producer: nil, isStored: true)
            }
        }
        return found.values.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// Nil if it is no file.
    func file(_ path: RelativePath) throws -> Digest? {
        guard case .file(let digest, _)? = try content(path)?.0 else { return nil }
        return digest
    }

    /// Nil if no stage had it.
    private func content(_ path: RelativePath) throws -> (Tree.Content, producer: String?)? {
        var root: RelativePath? = path
        while let candidate = root {
            if let found = roots[candidate] {
                guard let rest = path.relative(to: candidate) else { return nil }
                return try descend(Self.content(found.fingerprint), rest).map { ($0, found.producer) }
            }
            root = candidate.parent
        }
        return nil
    }

    private func descend(_ content: Tree.Content, _ path: RelativePath) throws -> Tree.Content? {
        var content = content
        for name in path.components {
            guard case .folder(let tree, _, _) = content, try objects.contains(tree),
                let next = try objects.readTree(tree).entries.first(where: { $0.name == Array(name) })
            else { return nil }
            content = next.content
        }
        return content
    }

    private func entry(_ name: [UInt8], _ content: Tree.Content, _ producer: String?) throws -> Entry {
        switch content {
        case .file(let digest, _):
            Entry(
                name: name, isFolder: false, sizeBytes: digest.sizeBytes, producer: producer,
                isStored: try objects.contains(digest))
        case .folder(let tree, _, let bytes):
            Entry(
                name: name, isFolder: true, sizeBytes: bytes, producer: producer, isStored: try objects.contains(tree))
        case .symbolicLink:
            Entry(name: name, isFolder: false, sizeBytes: nil, producer: producer, isStored: false)
        }
    }

    private static func content(_ fingerprint: Fingerprint) -> Tree.Content {
        switch fingerprint.kind {
        case .file(let isExecutable): .file(fingerprint.digest, isExecutable: isExecutable)
        case .folder(let fileCount):
            .folder(tree: fingerprint.digest, fileCount: fileCount, contentBytes: fingerprint.contentBytes)
        }
    }
}
