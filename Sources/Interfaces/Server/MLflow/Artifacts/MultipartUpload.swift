import Experiments
import Files
import HTTP
import MicroHTTPD

/// Large artifacts in parts, as MLflow's clients send them to a cloud store; here every part comes to us, too, at an
/// address of its own. Many parts travel at once, and one that fails is sent again alone.
extension MLflowAPI {
    private var uploads: PartialUploads { PartialUploads(services: services) }

    /// Under the clients' prefix alone: what the page sends is short.
    var multipartRoutes: [Route] {
        let base = "/api/2.0/mlflow-artifacts/mpu/"
        return [
            Route(
                method: .put, pattern: PathPattern(base + "parts/{upload}/{number}"), access: .needs(.write),
                dialect: .mlflow, action: .upload(putPart))
        ]
            + [base, "/ajax-api/2.0/mlflow-artifacts/mpu/"].flatMap { base in
                [
                    Self.one(.post, base + "create/{path...}", .needs(.write), .worker, beginMultipart),
                    Self.one(.post, base + "complete/{path...}", .needs(.write), .worker, completeMultipart),
                    Self.one(.post, base + "abort/{path...}", .needs(.write), .worker, abortMultipart),
                ]
            }
    }

    /// Whether clients do well to send in parts: not if they are on this machine, or behind a proxy that does not say
    /// under which address they reach it, since each part needs an address that they can use.
    func offersMultipart(_ request: Request) -> Bool {
        let headers = request.head.headers
        if headers["X-Forwarded-Host"] != nil { return true }
        return !(headers["Host"].map(isLoopback) ?? true)
    }

    @Sendable private func beginMultipart(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let count = try parameters.integer("num_parts") ?? 1
        guard (1...PartialUploads.maximumPartCount).contains(count) else {
            throw MLflowError.invalid("num_parts must be from 1 to \(PartialUploads.maximumPartCount), not \(count)")
        }
        let target = try target(request, parameters)
        let id = try uploads.begin(target)
        let address = "\(clientAddress(request))/api/2.0/mlflow-artifacts/mpu/parts/\(id)/"
        // The client sends a part with these headers and no others: what it showed us it may show again.
        let authorization = request.head.headers["Authorization"]
        return .json { writer in
            writer.object { writer in
                writer.field("upload_id", id)
                writer.key("credentials")
                writer.array(1...count) { writer, number in
                    writer.object { writer in
                        writer.field("url", address + "\(number)")
                        writer.field("part_number", number)
                        writer.key("headers")
                        writer.object { $0.field("Authorization", authorization) }
                    }
                }
            }
        }
    }

    @Sendable private func putPart(_ request: Request) throws -> any Upload {
        guard let number = Int64(request.capture("number")) else { throw PartialUploads.badNumber }
        return try uploads.part(number, of: request.capture("upload"))
    }

    @Sendable private func completeMultipart(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let parts = try parameters.objects("parts").map { part in
            let tag = try part.required("etag")
            return (try part.requiredInteger("part_number"), String(tag.filter { $0 != "\"" }))
        }
        try uploads.complete(try parameters.required("upload_id"), try target(request, parameters), parts: parts)
        return .emptyObject
    }

    @Sendable private func abortMultipart(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        try uploads.abort(try parameters.required("upload_id"), try target(request, parameters))
        return .emptyObject
    }

    /// The folder is in the path; `path` is that of the client's file, of which the name counts.
    private func target(_ request: Request, _ parameters: Parameters) throws -> RelativePath {
        let path = try parameters.required("path")
        guard let name = path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last else {
            throw ArtifactPath.invalidPath
        }
        let file = try ArtifactPath.parse(String(name))
        if file.isRoot { throw ArtifactPath.invalidPath }
        return try ArtifactPath.parse(request.capture("path")).appending(file)
    }

    /// Where this client reaches us, as it says, or a proxy in front of us.
    private func clientAddress(_ request: Request) -> String {
        let headers = request.head.headers
        let proto = headers["X-Forwarded-Proto"].flatMap { ["http", "https"].contains($0) ? $0 : nil }
        let host = headers["X-Forwarded-Host"] ?? headers["Host"] ?? ""
        let prefix = headers["X-Forwarded-Prefix"].map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 } ?? ""
        return "\(proto ?? (isTLS ? "https" : "http"))://\(host)\(prefix)"
    }

    private func isLoopback(_ host: String) -> Bool {
        guard let name = try? HTTPURL(parsing: "http://\(host)/").host else { return true }
        return AccessPolicy.isLoopbackName(name)
    }
}
