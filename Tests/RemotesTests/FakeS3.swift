import HTTP
import Hashing
import Synchronization
import TestSupport

@testable import Remotes

/// A small S3 server in memory, from AWS's published API reference: signatures enforced, one bucket, path style,
/// pages of three names, conditional writes, multipart.
final class FakeS3: Sendable {
    static let credentials = S3Credentials(accessKeyID: "AKFAKE", secretKey: Secret("fake/secret"))
    static let bucket = "fake-bucket"

    /// What differs between servers, and what goes wrong.
    struct Behaviour: Sendable {
        var credentials = FakeS3.credentials
        var region = "fake-region"
        /// What the server takes for the time, in seconds since 1970.
        var now: Int64 = 1_700_000_000
        var knowsConditions = true
        /// Replaces the reply to the n-th request, from 1 on.
        var fault: @Sendable (Int, TestServer.Request) -> TestServer.Response? = { _, _ in nil }
        /// Changes the reply to the n-th request.
        var alter: @Sendable (Int, TestServer.Request, inout TestServer.Response) -> Void = { _, _, _ in }
    }

    private struct State: Sendable {
        var behaviour: Behaviour
        var files: [String: [UInt8]] = [:]
        var uploads: [String: [Int: [UInt8]]] = [:]
        var requestCount = 0
    }

    private let state: Mutex<State>
    private let server = Mutex<TestServer?>(nil)

    init(_ behaviour: Behaviour = Behaviour()) throws {
        state = Mutex(State(behaviour: behaviour))
        let server = try TestServer { [unowned self] in answer($0) }
        self.server.withLock { $0 = server }
    }

    deinit { server.withLock { $0?.stop() } }

    func change(_ change: (inout Behaviour) -> Void) { state.withLock { change(&$0.behaviour) } }

    var requestCount: Int { state.withLock { $0.requestCount } }
    var files: [String: [UInt8]] { state.withLock { $0.files } }
    var origin: String { server.withLock { $0?.origin ?? "" } }

    var port: UInt16 { server.withLock { $0?.port ?? 0 } }

    /// Where its bucket is, reached at `endpoint` if it is not reached directly.
    func location(
        prefix: String = "some/prefix", region: String = "fake-region", endpoint: String? = nil
    ) throws -> S3Location {
        let endpoint = try HTTPURL(parsing: endpoint ?? origin)
        return S3Location(bucket: Self.bucket, prefix: prefix, endpoint: endpoint, region: region)
    }

    private func answer(_ request: TestServer.Request) -> TestServer.Response {
        state.withLock { state in
            state.requestCount += 1
            if let response = state.behaviour.fault(state.requestCount, request) { return response }
            var response = Self.refusal(of: request, state.behaviour) ?? Self.answer(request, &state)
            state.behaviour.alter(state.requestCount, request, &response)
            response.headers["Date"] = HTTPDate(secondsSince1970: state.behaviour.now).description
            return response
        }
    }

    // MARK: Signatures

    private static func refusal(of request: TestServer.Request, _ behaviour: Behaviour) -> TestServer.Response? {
        guard let authorization = request.headers["Authorization"], let time = request.headers["x-amz-date"] else {
            return error(.forbidden, "AccessDenied")
        }
        guard authorization.contains("Credential=\(behaviour.credentials.accessKeyID)/") else {
            return error(.forbidden, "InvalidAccessKeyId")
        }
        guard authorization.contains("/\(behaviour.region)/s3/aws4_request") else {
            return error(.badRequest, "AuthorizationHeaderMalformed", "<Region>\(behaviour.region)</Region>")
        }
        guard request.headers["x-amz-content-sha256"] == SHA256.hash(request.body).description else {
            return error(.badRequest, "XAmzContentSHA256Mismatch")
        }
        if time != SigV4.basicTime(behaviour.now) { return error(.forbidden, "RequestTimeTooSkewed") }
        // The client may have reached us through another server: what it signed is the host that it asked for.
        guard let method = HTTPMethod(rawValue: request.method), let host = request.headers["Host"],
            let url = try? HTTPURL(parsing: "http://\(host)\(request.target)")
        else { return error(.badRequest, "InvalidURI") }
        let signed = authorization.split(separator: ",").first { $0.contains("SignedHeaders=") } ?? ""
        var headers = HTTPHeaders()
        for name in signed.split(separator: "=").last?.split(separator: ";") ?? [] where name != "host" {
            if name != "x-amz-date" { headers[String(name)] = request.headers[String(name)] }
        }
        let signer = SigV4(
            accessKeyID: behaviour.credentials.accessKeyID, secretKey: behaviour.credentials.secretKey,
            sessionToken: behaviour.credentials.sessionToken, region: behaviour.region, service: "s3")
        let expected = signer.sign(
            method, url, headers: headers, payloadHash: request.headers["x-amz-content-sha256"] ?? "",
            secondsSince1970: behaviour.now)
        return expected["Authorization"] == authorization ? nil : error(.forbidden, "SignatureDoesNotMatch")
    }

    static func error(_ status: HTTPStatus, _ code: String, _ more: String = "") -> TestServer.Response {
        TestServer.Response(status, text: "<?xml version=\"1.0\"?>\n<Error><Code>\(code)</Code>\(more)</Error>")
    }

    // MARK: Files

    private static func answer(_ request: TestServer.Request, _ state: inout State) -> TestServer.Response {
        let path = request.path
        if path == "/\(bucket)" { return list(request, state.files) }
        guard path.hasPrefix("/\(bucket)/") else { return error(.notFound, "NoSuchBucket") }
        let key = String(path.dropFirst(bucket.count + 2))
        switch request.method {
        case "PUT":
            if let id = request.query("uploadId"), let part = request.query("partNumber").flatMap({ Int($0) }) {
                state.uploads[id]?[part] = request.body
                return TestServer.Response(headers: ["ETag": "\"\(part)\""])
            }
            if request.headers["If-None-Match"] != nil, !state.behaviour.knowsConditions {
                return error(.notImplemented, "NotImplemented")
            }
            if request.headers["If-None-Match"] == "*", state.files[key] != nil {
                return error(.preconditionFailed, "PreconditionFailed")
            }
            state.files[key] = request.body
            return TestServer.Response()
        case "POST": return multipart(request, key, &state)
        case "DELETE":
            if let id = request.query("uploadId") { state.uploads[id] = nil } else { state.files[key] = nil }
            return TestServer.Response(.noContent)
        default: return read(request, state.files[key])
        }
    }

    private static func read(_ request: TestServer.Request, _ content: [UInt8]?) -> TestServer.Response {
        guard let content else { return error(.notFound, "NoSuchKey") }
        let modified: HTTPHeaders = ["Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT"]
        switch ByteRange.parse(requestHeader: request.headers["Range"], sizeBytes: UInt64(content.count)) {
        case .all: return TestServer.Response(headers: modified, body: content)
        case .unsatisfiable: return error(.rangeNotSatisfiable, "InvalidRange")
        case .part(let range):
            return TestServer.Response(
                .partialContent, headers: ["Content-Range": range.replyHeader(of: UInt64(content.count))],
                body: Array(content[Int(range.offset)..<Int(range.end)]))
        }
    }

    private static func multipart(
        _ request: TestServer.Request, _ key: String, _ state: inout State
    ) -> TestServer.Response {
        guard let id = request.query("uploadId") else {
            let id = "upload \(state.uploads.count)/+"
            state.uploads[id] = [:]
            return TestServer.Response(text: "<R xmlns=\"x\"><UploadId>\(id)</UploadId></R>")
        }
        guard let parts = state.uploads.removeValue(forKey: id), let body = XMLElement(parsing: request.body) else {
            return error(.notFound, "NoSuchUpload")
        }
        let numbers = body.all("Part").compactMap { Int($0["PartNumber"]?.text ?? "") }
        if numbers != parts.keys.sorted() { return error(.badRequest, "InvalidPart") }
        state.files[key] = numbers.flatMap { parts[$0] ?? [] }
        return TestServer.Response(text: "<CompleteMultipartUploadResult><ETag/></CompleteMultipartUploadResult>")
    }

    private static func list(_ request: TestServer.Request, _ files: [String: [UInt8]]) -> TestServer.Response {
        let prefix = request.query("prefix") ?? ""
        let after = request.query("continuation-token") ?? ""
        let names = files.keys.filter { $0.hasPrefix(prefix) && $0 > after }.sorted()
            .filter { request.query("delimiter") == nil || !$0.dropFirst(prefix.count).contains("/") }
        let page = names.prefix(3)
        var text = "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        text += "<IsTruncated>\(names.count > page.count)</IsTruncated>"
        if names.count > page.count { text += "<NextContinuationToken>\(page.last ?? "")</NextContinuationToken>" }
        for name in page {
            text += "<Contents><Key>\(name)</Key><LastModified>2026-11-21T10:20:30.000Z</LastModified>"
            text += "<Size>\(files[name]?.count ?? 0)</Size></Contents>"
        }
        return TestServer.Response(text: text + "</ListBucketResult>")
    }
}
