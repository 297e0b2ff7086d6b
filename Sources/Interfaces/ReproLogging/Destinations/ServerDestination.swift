import Curl
import Diagnostics
import Experiments
import Files
import Hashing
import JSON
import Objects

/// A `repro server`, by our own API. Content that the server has already is not sent.
final class ServerDestination: RunDestination {
    let address: DestinationAddress
    private let server: TrackingServer
    private let fileSystem = FileSystem.real
    /// More points than that are sent in several requests.
    private static let requestPoints = 1 << 17

    init(url: String, token: String?) throws {
        server = try TrackingServer(url: url, token: token)
        address = .server(url)
    }

    func send(_ update: RunUpdate, _ files: [OutgoingFile]) throws -> SentUpdate {
        var sent = SentUpdate()
        do {
            var update = update
            var contents: [OutgoingFile.Content] = []
            for file in files {
                do {
                    let digest = try digest(of: file.content)
                    update.files.append(LoggedFile(place: file.place, digest: digest, modifiedAt: file.modifiedAt))
                    contents.append(file.content)
                } catch let error as FileError {
                    sent.refusals.append(UpdateRefusal(what: "file \(file.place)", reason: error.message))
                }
            }
            // An end must not be seen before the files are there.
            let end = update.end
            if !update.files.isEmpty { update.end = nil }
            for part in update.parts(mostPoints: Self.requestPoints) {
                let reply = try JSONFields(server.post(["runs", part.run.text, "updates"], part.json))
                try take(reply, part, contents, &sent)
            }
            if update.end != end {
                var last = RunUpdate(run: update.run, stage: update.stage)
                last.end = end
                _ = try server.post(["runs", last.run.text, "updates"], last.json)
            }
            return sent
        } catch let error as TrackingServerError where error.mayPass || error.kind == .denied {
            throw DestinationAway(cause: error)
        } catch let error as TrackingServerError {
            // Whatever answers there is no server of ours just now.
            if case .noAPI = error { throw DestinationAway(cause: error) }
            throw error
        }
    }

    func resumePoint(_ run: RunID) throws -> ResumePoint {
        let fields = try JSONFields(server.get(["runs", run.text]))
        var steps: [String: Int64] = [:]
        for (key, value) in try fields.pairs("metrics") { steps[key] = try JSONFields(value).integer("step") }
        return ResumePoint(
            id: RunID(try fields.required("id", fields.text("id"))),
            head: RunHead(
                name: try fields.text("name") ?? "", experiment: try fields.text("experiment") ?? ""), lastSteps: steps)
    }

    private func take(
        _ reply: JSONFields, _ part: RunUpdate, _ contents: [OutgoingFile.Content], _ sent: inout SentUpdate
    ) throws {
        if let run = try reply.object("run") {
            sent.run = RunHead(name: try run.text("name") ?? "", experiment: try run.text("experiment") ?? "")
        }
        sent.refusals += try reply.objects("refused").map {
            UpdateRefusal(what: try $0.text("what") ?? "", reason: try $0.text("reason") ?? "")
        }
        for case .integer(let index) in try reply.array("wanted") {
            guard part.files.indices.contains(Int(clamping: index)) else { continue }
            let file = part.files[Int(index)]
            do {
                try upload(file, contents[Int(index)], of: part.run)
            } catch let error as FileError {
                sent.refusals.append(UpdateRefusal(what: "file \(file.place)", reason: error.message))
            } catch TrackingServerError.refused(let kind, let message, _) where kind != .unavailable && kind != .denied
            {
                sent.refusals.append(UpdateRefusal(what: "file \(file.place)", reason: message))
            }
        }
    }

    private func upload(_ file: LoggedFile, _ content: OutgoingFile.Content, of run: RunID) throws {
        let body: RequestBody
        switch content {
        case .bytes(let bytes): body = .bytes(bytes)
        case .file(let path):
            // Opened for each piece: a file that a request waits for must not hold a descriptor.
            body = .source(
                BodySource(sizeBytes: file.digest.sizeBytes) { [fileSystem] offset, count in
                    try fileSystem.open(path).read(at: offset, count: count)
                })
        }
        try server.put(
            file.place.uploadPath(run), body, headers: ["X-Repro-SHA256": file.digest.sha256.description])
    }

    private func digest(of content: OutgoingFile.Content) throws -> Digest {
        switch content {
        case .bytes(let bytes): return Digest(of: bytes)
        case .file(let path):
            let builder = DigestBuilder()
            try fileSystem.open(path).forEachPiece { builder.update($0) }
            return Digest(builder.finish())
        }
    }
}

extension LoggedFile.Place {
    /// After `/api/v1`.
    fileprivate func uploadPath(_ run: RunID) -> [String] {
        func segments(_ path: RelativePath) -> [String] { path.components.map { String(decoding: $0, as: UTF8.self) } }
        return switch self {
        case .artifact(let path): ["runs", run.text, "artifacts"] + segments(path)
        case .model(let id, let path): ["models", id, "artifacts"] + segments(path)
        case .patch: ["runs", run.text, "patch"]
        }
    }
}
