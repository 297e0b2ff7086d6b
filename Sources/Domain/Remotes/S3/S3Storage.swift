import Curl
import Diagnostics
package import HTTP
import Hashing
import Synchronization

/// A remote in a bucket of S3, or of a server that speaks its protocol.
///
/// Learns the bucket's region and the server's clock from the first refusal, and fetches credentials anew when the
/// server says that they have ended. Differences between servers are tolerated where the protocol leaves room: see
/// `isConditionUnknown` and `put`.
package final class S3Storage: RemoteStorage {
    private let location: S3Location
    private let credentials: S3CredentialSource
    private let channel: HTTPChannel
    private let clock: Clock
    private let learnt: Mutex<Learnt>
    private let partBytes: Int

    private struct Learnt: Sendable {
        var region: String
        var clockOffsetSeconds: Int64 = 0
        var ignoresConditions = false
    }

    /// A file of more than `partBytes` goes up in parts, which must have 5 MiB or more, except the last.
    package init(
        _ location: S3Location, credentials: S3CredentialSource, in environment: RemoteEnvironment,
        partBytes: Int = 32 << 20
    ) {
        self.location = location
        self.credentials = credentials
        self.partBytes = partBytes
        channel = HTTPChannel(
            label: location.label, client: environment.client, cancellation: environment.cancellation)
        clock = environment.clock
        learnt = Mutex(Learnt(region: location.region))
    }

    package var label: String { location.label }
    package var isWritable: Bool { true }

    // MARK: The protocol

    package func put(_ name: RemoteName, _ bytes: [UInt8]) throws -> PutOutcome {
        if bytes.count > partBytes { return try putInParts(name, bytes) }
        let isConditional = learnt.withLock { !$0.ignoresConditions }
        let reply = try send(
            .put, name, headers: isConditional ? ["If-None-Match": "*"] : [:], body: bytes)
        switch reply.status {
        case .ok, .created: return .stored
        case .preconditionFailed: return .alreadyThere
        // Another put of the same name is under way, and may fail yet.
        case .conflict: throw RemoteError.serverFailed(remote: label, status: 409, code: "", retryAfter: nil)
        case _ where isConditional && isConditionUnknown(reply):
            learnt.withLock { $0.ignoresConditions = true }
            return try put(name, bytes)
        default: throw failure(reply, "write \(name)")
        }
    }

    package func get(_ name: RemoteName, _ range: ByteRange?, limitBytes: Int) throws -> [UInt8]? {
        if range?.count == 0 { return try head(name) == nil ? nil : [] }
        var headers = HTTPHeaders()
        if let range { headers["Range"] = range.requestHeader }
        let reply = try send(.get, name, query: version(name), headers: headers, limitBytes: limitBytes)
        if let bytes = try channel.content(of: reply, range, name: name, limitBytes: limitBytes) { return bytes }
        if reply.status == .notFound, S3Failure(reply).code != "NoSuchBucket" { return nil }
        throw failure(reply, "read \(name)")
    }

    package func head(_ name: RemoteName) throws -> RemoteEntry? {
        let reply = try send(.head, name, query: version(name))
        if reply.status == .notFound { return nil }
        guard reply.status == .ok, let size = reply.headers["Content-Length"].flatMap({ UInt64($0) }) else {
            throw failure(reply, "look at \(name)")
        }
        return RemoteEntry(name: name, sizeBytes: size, modified: channel.modified(reply))
    }

    private func version(_ name: RemoteName) -> [QueryItem] { name.version.map { [QueryItem("versionId", $0)] } ?? [] }

    package func list(_ folder: String, page: String?) throws -> RemotePage {
        let prefix = location.key(folder.isEmpty ? "" : folder + "/")
        var query = [QueryItem("list-type", "2"), QueryItem("prefix", prefix), QueryItem("delimiter", "/")]
        if let page { query.append(QueryItem("continuation-token", page)) }
        let reply = try send(.get, nil, query: query, limitBytes: listingLimitBytes)
        guard reply.status == .ok else { throw failure(reply, "list \(folder)/") }
        guard let listing = XMLElement(parsing: reply.body), listing.name == "ListBucketResult" else {
            throw RemoteError.unexpectedReply(remote: label, what: "a listing that cannot be read")
        }
        let entries = listing.all("Contents").compactMap { item -> RemoteEntry? in
            guard let key = item["Key"]?.text, key.hasPrefix(prefix), let size = UInt64(item["Size"]?.text ?? ""),
                let name = RemoteName((folder.isEmpty ? "" : folder + "/") + key.dropFirst(prefix.count))
            else { return nil }
            let modified = item["LastModified"].flatMap { Timestamp(iso8601: $0.text) }
            return RemoteEntry(name: name, sizeBytes: size, modified: modified)
        }
        let isTruncated = listing["IsTruncated"]?.text == "true"
        return RemotePage(entries: entries, next: isTruncated ? listing["NextContinuationToken"]?.text : nil)
    }

    package func delete(_ name: RemoteName) throws {
        let reply = try send(.delete, name)
        guard reply.status.isSuccess || reply.status == .notFound else { throw failure(reply, "delete \(name)") }
    }

    // MARK: Multipart

    private func putInParts(_ name: RemoteName, _ bytes: [UInt8]) throws -> PutOutcome {
        // The condition on completing is ignored by some servers, so ask before sending much.
        if try head(name) != nil { return .alreadyThere }
        let start = try send(.post, name, query: [QueryItem("uploads", "")])
        guard start.status == .ok, let id = XMLElement(parsing: start.body)?["UploadId"]?.text, !id.isEmpty else {
            throw failure(start, "write \(name)")
        }
        do {
            var parts = ""
            for (index, offset) in stride(from: 0, to: bytes.count, by: partBytes).enumerated() {
                let part = Array(bytes[offset..<min(bytes.count, offset + partBytes)])
                let query = [QueryItem("partNumber", "\(index + 1)"), QueryItem("uploadId", id)]
                let reply = try send(.put, name, query: query, body: part)
                guard reply.status == .ok, let tag = reply.headers["ETag"] else {
                    throw failure(reply, "write \(name)")
                }
                parts += "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(tag)</ETag></Part>"
            }
            let body = Array("<CompleteMultipartUpload>\(parts)</CompleteMultipartUpload>".utf8)
            let reply = try send(
                .post, name, query: [QueryItem("uploadId", id)], headers: ["Content-Type": "application/xml"],
                body: body)
            // A failure may come with status 200, after spaces that kept the connection open.
            guard reply.status == .ok, S3Failure(reply).code.isEmpty else { throw failure(reply, "write \(name)") }
            return .stored
        } catch {
            _ = try? send(.delete, name, query: [QueryItem("uploadId", id)])
            throw error
        }
    }

    // MARK: Sending

    private func send(
        _ method: HTTPMethod, _ name: RemoteName?, query: [QueryItem] = [], headers: HTTPHeaders = [:],
        body: [UInt8]? = nil, limitBytes: Int = replyLimitBytes
    ) throws -> HTTPReply {
        let payloadHash = SHA256.hash(body ?? []).description
        var hasRenewed = false
        var attempt = 0
        while true {
            attempt += 1
            let state = learnt.withLock { $0 }
            let url = location.url(name, region: state.region, query: query)
            var headers = headers
            if let key = try credentials.current() {
                headers["x-amz-content-sha256"] = payloadHash
                let signer = SigV4(
                    accessKeyID: key.accessKeyID, secretKey: key.secretKey, sessionToken: key.sessionToken,
                    region: state.region, service: "s3")
                let now = clock.now().milliseconds / 1000 + state.clockOffsetSeconds
                headers = signer.sign(method, url, headers: headers, payloadHash: payloadHash, secondsSince1970: now)
            }
            let request = HTTPRequest(
                method, url, headers: headers, body: body.map { .bytes($0) } ?? .none, maxReplyBytes: limitBytes)
            let reply = try channel.send(request, name: name, limitBytes: limitBytes)
            if reply.status.isSuccess || attempt > 3 { return reply }
            if !hasRenewed, S3Failure(reply).isExpiry {
                hasRenewed = true
                credentials.discard()
            } else if !learns(from: reply, state) {
                return reply
            }
        }
    }

    /// Whether the reply told something that makes it worth asking again at once.
    private func learns(from reply: HTTPReply, _ state: Learnt) -> Bool {
        let failure = S3Failure(reply)
        if failure.code == "RequestTimeTooSkewed", state.clockOffsetSeconds == 0, let date = reply.headers["Date"],
            let theirs = HTTPDate(parsing: date)
        {
            let offset = theirs.secondsSince1970 - clock.now().milliseconds / 1000
            learnt.withLock { $0.clockOffsetSeconds = offset }
            return offset != 0
        }
        guard let region = reply.headers["x-amz-bucket-region"] ?? failure.region, region != state.region,
            [301, 307, 400, 403].contains(reply.status.code), RemoteName(region) != nil
        else { return false }
        learnt.withLock { $0.region = region }
        return true
    }

    /// The server does not know `If-None-Match` on a put.
    private func isConditionUnknown(_ reply: HTTPReply) -> Bool {
        reply.status == .notImplemented || (reply.status == .badRequest && S3Failure(reply).code == "NotImplemented")
    }

    private func failure(_ reply: HTTPReply, _ action: String) -> RemoteError {
        let failure = S3Failure(reply)
        switch failure.code {
        case "NoSuchBucket": return .bucketMissing(remote: label)
        case "SignatureDoesNotMatch", "InvalidAccessKeyId", "ExpiredToken", "InvalidToken", "TokenRefreshRequired":
            return .credentialsRefused(remote: label, code: failure.code)
        case "RequestTimeTooSkewed": return .clockSkewed(remote: label, seconds: skewSeconds(reply))
        case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException":
            let expected = reply.headers["x-amz-bucket-region"] ?? failure.region
            return .wrongRegion(remote: label, region: learnt.withLock { $0.region }, expected: expected)
        case "SlowDown", "RequestLimitExceeded", "Throttling", "ThrottlingException":
            return channel.failure(
                HTTPReply(status: .tooManyRequests, headers: reply.headers, body: []), code: failure.code)
        case "RequestTimeout", "InternalError", "OperationAborted":
            return channel.failure(
                HTTPReply(status: .internalServerError, headers: reply.headers, body: []), code: failure.code)
        default: break
        }
        if reply.status == .unauthorized || reply.status == .forbidden {
            let code = failure.code.isEmpty ? reply.status.description : failure.code
            return .denied(remote: label, action: action, code: code)
        }
        return channel.failure(reply, code: failure.code)
    }

    private func skewSeconds(_ reply: HTTPReply) -> Int64 {
        let theirs = reply.headers["Date"].flatMap { HTTPDate(parsing: $0) }?.secondsSince1970
        return theirs.map { abs($0 - clock.now().milliseconds / 1000) } ?? 0
    }
}

/// What an S3 server says about a failure, in its reply's body.
struct S3Failure {
    /// Empty if the reply says nothing.
    let code: String
    let region: String?
    private let status: HTTPStatus

    init(_ reply: HTTPReply) {
        status = reply.status
        let error = XMLElement(parsing: reply.body).flatMap { $0.name == "Error" ? $0 : $0["Error"] }
        code = error?["Code"]?.text ?? ""
        region = error?["Region"]?.text
    }

    /// The credentials were good until lately. The reply to HEAD has no body to say so, only the status.
    var isExpiry: Bool {
        code.isEmpty
            ? status == .badRequest : ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"].contains(code)
    }
}

/// Of a reply that is no file and no listing.
private let replyLimitBytes = 1 << 20
/// A page has a thousand names.
private let listingLimitBytes = 8 << 20
