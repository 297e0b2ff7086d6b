import Diagnostics
import Experiments
import Files
import HTTP
import Hashing
import JSON
import MicroHTTPD
import Objects

/// What programs log by our own library and command line: one message for all that a run has to say, and the content of
/// its files apart. The id of a run is chosen by who starts it, so that a message can be sent again.
extension NativeAPI {
    @Sendable func updateRun(_ request: Request) throws -> Reply {
        let id = try exactRun(request)
        var update = try RunUpdate(json: JSONValue(parsing: request.body, file: "the message"), run: id)
        let files = update.files
        for file in files { try check(file.place) }
        let wanted = try files.indices.filter { try !has(files[$0].digest) }
        update.files = files.indices.filter { !wanted.contains($0) }.map { files[$0] }
        let refusals = try writer.apply(update)
        services.events.changed("run", id.text, always: update.start != nil || update.end != nil)
        let run = try store.run(id)
        return .json { writer in
            writer.object { writer in
                if let run {
                    writer.key("run")
                    writer.object {
                        $0.field("id", run.id.text)
                        $0.field("name", run.name)
                        $0.field("experiment", run.experimentName)
                        $0.field("status", run.status.rawValue)
                    }
                }
                writer.key("refused")
                writer.array(refusals) { writer, refusal in
                    writer.object {
                        $0.field("what", refusal.what)
                        $0.field("reason", refusal.reason)
                    }
                }
                writer.key("wanted")
                writer.array(wanted) { $0.integer(Int64($1)) }
            }
        }
    }

    @Sendable func putRunArtifact(_ request: Request) throws -> any Upload {
        try upload(request, .artifact(try path(request)))
    }

    @Sendable func putPatch(_ request: Request) throws -> any Upload { try upload(request, .patch) }

    @Sendable func putModelArtifact(_ request: Request) throws -> any Upload {
        let model = request.capture("model")
        guard let run = try store.loggedModel(model)?.sourceRun else { throw ModelError.noSuchLoggedModel(model) }
        return try upload(request, .model(id: model, try path(request)), run: run)
    }

    private func upload(_ request: Request, _ place: LoggedFile.Place, run: RunID? = nil) throws -> ArtifactUpload {
        let id = try run ?? exactRun(request)
        guard let found = try store.run(id) else {
            throw ExperimentError.noSuchRun(reference: id.text, nearest: nil)
        }
        if found.deletedAt != nil { throw ExperimentError.runDeleted(id) }
        var expected: SHA256Digest?
        if let text = request.head.headers["X-Repro-SHA256"] {
            expected = SHA256Digest(hex: text)
            if expected == nil {
                throw QueryError(name: "X-Repro-SHA256", value: text, wanted: "64 hexadecimal digits")
            }
        }
        let services = services
        let writer = writer
        return ArtifactUpload(services, expected: expected) { digest in
            try writer.log(LoggedFile(place: place, digest: digest, modifiedAt: services.clock.now()), run: id)
            services.events.changed("run", id.text, always: false)
        }
    }

    private var writer: RunUpdateWriter {
        let api = MLflowAPI(services: services)
        return RunUpdateWriter(
            store,
            folders: ArtifactFolders(
                ofRun: { try api.artifactFolder(of: $0) },
                ofModel: { try api.folder(of: try api.location(of: try api.loggedModel($0))) }))
    }

    /// A run by its whole id: it may be about to begin.
    private func exactRun(_ request: Request) throws -> RunID {
        let id = request.capture("run")
        let isPlain = id.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D || byte == 0x5F
        }
        guard isPlain, (1...256).contains(id.utf8.count), id.utf8.first != 0x2D, id.utf8.first != 0x5F else {
            throw QueryError(name: "run", value: id, wanted: "the id of a run: letters, digits, - and _")
        }
        return RunID(id)
    }

    private func path(_ request: Request) throws -> RelativePath {
        let path = try ArtifactPath.parse(request.capture("path"))
        if path.isRoot { throw ArtifactPath.invalidPath }
        return path
    }

    private func check(_ place: LoggedFile.Place) throws {
        switch place {
        case .artifact(let path), .model(_, let path): _ = try ArtifactPath.parse(path.description)
        case .patch: break
        }
    }

    /// Whether exactly this content is in the store, and stays: a client that only says so cannot make it so.
    private func has(_ digest: Digest) throws -> Bool {
        guard try services.objects.hold(digest) else { return false }
        return (try? services.objects.digest(of: digest.id)) == digest
    }
}
