import Curl
import Diagnostics
package import HTTP
import JSON

/// Where a bucket of Google Cloud Storage is.
package struct GCSLocation: Sendable, Hashable {
    package var bucket: String
    /// Without slashes at the ends; empty for the bucket's top.
    package var prefix: String
    /// Nil for Google's own.
    package var endpoint: HTTPURL?

    package init(bucket: String, prefix: String = "", endpoint: HTTPURL? = nil) {
        self.bucket = bucket
        self.prefix = prefix
        self.endpoint = endpoint
    }

    package var label: String { "gs://\(bucket)" + (prefix.isEmpty ? "" : "/\(prefix)") }

    func key(_ text: String) -> String { prefix.isEmpty ? text : "\(prefix)/\(text)" }

    /// `path` is below the API's root, encoded already.
    func url(_ path: String, _ query: [QueryItem]) -> HTTPURL {
        var url = endpoint ?? HTTPURL(scheme: .https, host: "storage.googleapis.com")
        url.encodedPath = (url.encodedPath == "/" ? "" : url.encodedPath) + path
        url.encodedQuery = query.isEmpty ? nil : QueryItem.encode(query)
        return url
    }
}

/// A remote in a bucket of Google Cloud Storage, through its JSON API.
package final class GCSStorage: RemoteStorage {
    private let location: GCSLocation
    private let tokens: GCSTokenSource
    private let channel: HTTPChannel
    private let pieceBytes: Int

    /// A file of more than `pieceBytes` goes up in a resumable upload, in pieces of that size: a multiple of 256 KiB.
    package init(
        _ location: GCSLocation, tokens: GCSTokenSource, in environment: RemoteEnvironment, pieceBytes: Int = 32 << 20
    ) {
        precondition(pieceBytes > 0 && pieceBytes % (256 << 10) == 0)
        self.location = location
        self.tokens = tokens
        self.pieceBytes = pieceBytes
        channel = HTTPChannel(
            label: location.label, client: environment.client, cancellation: environment.cancellation)
    }

    package var label: String { location.label }
    package var isWritable: Bool { true }

    // MARK: The protocol

    package func put(_ name: RemoteName, _ bytes: [UInt8]) throws -> PutOutcome {
        if bytes.count > pieceBytes { return try putInPieces(name, bytes) }
        let reply = try send(
            .post, uploadURL(name, "media"), headers: ["Content-Type": "application/octet-stream"], body: bytes)
        return try outcome(of: reply, name)
    }

    package func get(_ name: RemoteName, _ range: ByteRange?, limitBytes: Int) throws -> [UInt8]? {
        if range?.count == 0 { return try head(name) == nil ? nil : [] }
        var headers = HTTPHeaders()
        if let range { headers["Range"] = range.requestHeader }
        let url = objectURL(name, [QueryItem("alt", "media")])
        let reply = try send(.get, url, headers: headers, limitBytes: limitBytes, name: name)
        if let bytes = try channel.content(of: reply, range, name: name, limitBytes: limitBytes) { return bytes }
        if reply.status == .notFound { return nil }
        throw failure(reply, "read \(name)")
    }

    package func head(_ name: RemoteName) throws -> RemoteEntry? {
        let reply = try send(.get, objectURL(name, []))
        if reply.status == .notFound { return nil }
        guard reply.status == .ok else { throw failure(reply, "look at \(name)") }
        guard case .object(let object)? = try? JSONValue(parsing: reply.body), let entry = entry(object, name) else {
            throw RemoteError.unexpectedReply(remote: label, what: "a description that cannot be read")
        }
        return entry
    }

    package func list(_ folder: String, page: String?) throws -> RemotePage {
        let prefix = location.key(folder.isEmpty ? "" : folder + "/")
        var query = [
            QueryItem("prefix", prefix), QueryItem("delimiter", "/"), QueryItem("maxResults", "1000"),
            QueryItem("fields", "nextPageToken,items(name,size,updated)"),
        ]
        if let page { query.append(QueryItem("pageToken", page)) }
        let reply = try send(.get, location.url("/storage/v1/b/\(bucket)/o", query), limitBytes: 8 << 20)
        if reply.status == .notFound { throw RemoteError.bucketMissing(remote: label) }
        guard reply.status == .ok else { throw failure(reply, "list \(folder)/") }
        guard case .object(let object)? = try? JSONValue(parsing: reply.body) else {
            throw RemoteError.unexpectedReply(remote: label, what: "a listing that cannot be read")
        }
        guard case .array(let items)? = object["items"] else {
            return RemotePage(entries: [], next: object.text("nextPageToken"))
        }
        let entries = items.compactMap { item -> RemoteEntry? in
            guard case .object(let item) = item, let key = item.text("name"), key.hasPrefix(prefix),
                let name = RemoteName((folder.isEmpty ? "" : folder + "/") + key.dropFirst(prefix.count))
            else { return nil }
            return entry(item, name)
        }
        return RemotePage(entries: entries, next: object.text("nextPageToken"))
    }

    package func delete(_ name: RemoteName) throws {
        let reply = try send(.delete, objectURL(name, []))
        guard reply.status.isSuccess || reply.status == .notFound else { throw failure(reply, "delete \(name)") }
    }

    // MARK: Resumable uploads

    private func putInPieces(_ name: RemoteName, _ bytes: [UInt8]) throws -> PutOutcome {
        let start = try send(.post, uploadURL(name, "resumable"), body: [])
        if start.status == .preconditionFailed { return .alreadyThere }
        guard start.status == .ok, let session = start.headers["Location"].flatMap({ try? HTTPURL(parsing: $0) }) else {
            throw failure(start, "write \(name)")
        }
        // The session's address is a secret: it must not leave the server that we were told to talk to.
        guard session.origin == location.url("/", []).origin else {
            throw RemoteError.unexpectedReply(remote: label, what: "an upload session on another server")
        }
        var sent = 0
        var failures = 0
        while true {
            let end = min(bytes.count, sent + pieceBytes)
            let range = "bytes \(sent)-\(end - 1)/\(bytes.count)"
            let reply: HTTPReply
            do {
                reply = try send(.put, session, headers: ["Content-Range": range], body: Array(bytes[sent..<end]))
            } catch let error as RemoteError where error.isTransient && failures < 5 {
                failures += 1
                let question: HTTPHeaders = ["Content-Range": "bytes */\(bytes.count)"]
                reply = try send(.put, session, headers: question, body: [])
            }
            if reply.status.code != 308 { return try outcome(of: reply, name) }
            // No header: nothing has arrived yet.
            let arrived =
                reply.headers["Range"].flatMap { Int($0.split(separator: "-").last ?? "") }.map { $0 + 1 } ?? 0
            guard arrived <= end else {
                throw RemoteError.unexpectedReply(remote: label, what: "a receipt for more than was sent")
            }
            if arrived <= sent { failures += 1 }
            if failures > 5 { throw failure(reply, "write \(name)") }
            sent = arrived
        }
    }

    // MARK: Sending

    private func send(
        _ method: HTTPMethod, _ url: HTTPURL, headers: HTTPHeaders = [:], body: [UInt8]? = nil,
        limitBytes: Int = 1 << 20, name: RemoteName? = nil
    ) throws -> HTTPReply {
        var hasRenewed = false
        while true {
            var headers = headers
            if let token = try tokens.current() { headers["Authorization"] = "Bearer \(token.exposed)" }
            let request = HTTPRequest(
                method, url, headers: headers, body: body.map { .bytes($0) } ?? .none, maxReplyBytes: limitBytes)
            let reply = try channel.send(request, name: name, limitBytes: limitBytes)
            if reply.status != .unauthorized || hasRenewed { return reply }
            hasRenewed = true
            tokens.discard()
        }
    }

    private var bucket: String { PercentEncoding.component.encode(location.bucket) }

    private func objectURL(_ name: RemoteName, _ query: [QueryItem]) -> HTTPURL {
        let key = PercentEncoding.component.encode(location.key(name.text))
        let version = name.version.map { [QueryItem("generation", $0)] } ?? []
        return location.url("/storage/v1/b/\(bucket)/o/\(key)", query + version)
    }

    private func uploadURL(_ name: RemoteName, _ type: String) -> HTTPURL {
        let query = [
            QueryItem("uploadType", type), QueryItem("name", location.key(name.text)),
            QueryItem("ifGenerationMatch", "0"),
        ]
        return location.url("/upload/storage/v1/b/\(bucket)/o", query)
    }

    private func outcome(of reply: HTTPReply, _ name: RemoteName) throws -> PutOutcome {
        switch reply.status {
        case .ok, .created: return .stored
        case .preconditionFailed: return .alreadyThere
        case .notFound: throw RemoteError.bucketMissing(remote: label)
        default: throw failure(reply, "write \(name)")
        }
    }

    private func entry(_ object: JSONObject, _ name: RemoteName) -> RemoteEntry? {
        guard let size = object.text("size").flatMap({ UInt64($0) }) else { return nil }
        return RemoteEntry(
            name: name, sizeBytes: size, modified: object.text("updated").flatMap { Timestamp(iso8601: $0) })
    }

    private func failure(_ reply: HTTPReply, _ action: String) -> RemoteError {
        switch reply.status {
        case .unauthorized: .credentialsRefused(remote: label, code: reply.status.description)
        case .forbidden: .denied(remote: label, action: action, code: reply.status.description)
        default: channel.failure(reply, code: "")
        }
    }
}
