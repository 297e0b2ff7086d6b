import Diagnostics
import Files
import HTTP
import Synchronization
import TestSupport
import Testing

@testable import Remotes

@Suite struct S3StorageTests {
    private func storage(
        _ server: FakeS3, _ credentials: S3Credentials = FakeS3.credentials, region: String = "fake-region",
        now: Int64 = 1_700_000_000
    ) throws -> S3Storage {
        try S3Storage(
            server.location(region: region), credentials: .fixed(credentials), in: testEnvironment(now: now))
    }

    private func failure(
        of server: FakeS3, _ credentials: S3Credentials = FakeS3.credentials
    ) throws -> RemoteError? {
        let storage = try storage(server, credentials)
        defer { withExtendedLifetime(server) {} }
        return #expect(throws: RemoteError.self) { try storage.put(name("a"), [1]) }
    }

    @Test func `a wrong secret is refused, and the error says so without it`() throws {
        let server = try FakeS3()
        let wrong = S3Credentials(accessKeyID: "AKFAKE", secretKey: Secret("wrong"))
        #expect(
            try failure(of: server, wrong)?.description == """
                remote s3://fake-bucket/some/prefix: the server refused the credentials (SignatureDoesNotMatch)
                hint: check the key, the secret and the profile
                """)
    }

    @Test func `an unknown key is refused`() throws {
        let wrong = S3Credentials(accessKeyID: "AKOTHER", secretKey: Secret("x"))
        #expect(
            try failure(of: FakeS3(), wrong)
                == .credentialsRefused(remote: "s3://fake-bucket/some/prefix", code: "InvalidAccessKeyId"))
    }

    @Test func `the right region is learnt from the first refusal`() throws {
        let server = try FakeS3()
        let storage = try storage(server, region: "another-region")
        #expect(try storage.put(name("a"), [1]) == .stored)
        #expect(server.requestCount == 2)
        #expect(try storage.put(name("b"), [1]) == .stored)
        #expect(server.requestCount == 3)
    }

    @Test func `a clock that is wrong is put right by the server's`() throws {
        let server = try FakeS3()
        let storage = try storage(server, now: 1_700_009_999)
        #expect(try storage.put(name("a"), [1]) == .stored)
        #expect(try storage.put(name("b"), [1]) == .stored)
        #expect(server.requestCount == 3)
    }

    @Test func `a server that does not know conditional writes is written to without`() throws {
        var behaviour = FakeS3.Behaviour()
        behaviour.knowsConditions = false
        let server = try FakeS3(behaviour)
        let storage = try storage(server)
        #expect(try storage.put(name("a"), [1]) == .stored)
        #expect(try storage.put(name("b"), [2]) == .stored)
        #expect(server.requestCount == 3)
        #expect(server.files == ["some/prefix/a": [1], "some/prefix/b": [2]])
    }

    @Test func `credentials that end in the middle are fetched anew`() throws {
        var behaviour = FakeS3.Behaviour()
        behaviour.fault = { number, _ in number == 2 ? FakeS3.error(.badRequest, "ExpiredToken") : nil }
        let server = try FakeS3(behaviour)
        let fetches = Mutex(0)
        let source = S3CredentialSource(clock: .system) {
            fetches.withLock { $0 += 1 }
            return .init(value: FakeS3.credentials, ends: nil)
        }
        let storage = try S3Storage(
            server.location(), credentials: source, in: testEnvironment(now: 1_700_000_000))
        #expect(try storage.put(name("a"), [1]) == .stored)
        #expect(try storage.put(name("b"), [1]) == .stored)
        #expect(fetches.withLock { $0 } == 2)
    }

    @Test(arguments: [
        (HTTPStatus.notFound, "NoSuchBucket", RemoteError.bucketMissing(remote: "s3://fake-bucket/some/prefix")),
        (
            .forbidden, "AccessDenied",
            .denied(remote: "s3://fake-bucket/some/prefix", action: "write a", code: "AccessDenied")
        ),
        (
            .serviceUnavailable, "SlowDown",
            .throttled(remote: "s3://fake-bucket/some/prefix", retryAfter: .seconds(7))
        ),
        (.tooManyRequests, "", .throttled(remote: "s3://fake-bucket/some/prefix", retryAfter: .seconds(7))),
        (
            .internalServerError, "InternalError",
            .serverFailed(
                remote: "s3://fake-bucket/some/prefix", status: 500, code: "InternalError", retryAfter: .seconds(7))
        ),
        (
            HTTPStatus(code: 418), "Teapot",
            .unexpectedReply(remote: "s3://fake-bucket/some/prefix", what: "the status 418 (Teapot)")
        ),
    ])
    func `what the server says becomes an error that can be acted on`(
        status: HTTPStatus, code: String, expected: RemoteError
    ) throws {
        var behaviour = FakeS3.Behaviour()
        behaviour.fault = { _, _ in
            var response = FakeS3.error(status, code)
            response.headers["Retry-After"] = "7"
            return response
        }
        #expect(try failure(of: FakeS3(behaviour)) == expected)
    }

    @Test func `a multipart upload that fails is taken back`() throws {
        var behaviour = FakeS3.Behaviour()
        behaviour.fault = { _, request in
            request.query("partNumber") == "2" ? FakeS3.error(.internalServerError, "InternalError") : nil
        }
        let server = try FakeS3(behaviour)
        let storage = try S3Storage(
            server.location(), credentials: .fixed(FakeS3.credentials), in: testEnvironment(now: 1_700_000_000),
            partBytes: 1000)
        let error = #expect(throws: RemoteError.self) {
            try storage.put(name("a"), [UInt8](repeating: 1, count: 2500))
        }
        #expect(error?.isTransient == true)
        #expect(server.files.isEmpty)
        server.change { $0.fault = { _, _ in nil } }
        #expect(try storage.put(name("a"), [UInt8](repeating: 1, count: 2500)) == .stored)
    }

    @Test func `a listing with names that lead elsewhere is read without them`() throws {
        var behaviour = FakeS3.Behaviour()
        behaviour.fault = { _, _ in
            let keys = [
                "index/../../x", "index/", "index/a b", "/etc/passwd", "index/A", "index/.hidden", "index/good",
            ]
            let items = keys.map { "<Contents><Key>some/prefix/\($0)</Key><Size>1</Size></Contents>" }
            return TestServer.Response(text: "<ListBucketResult>\(items.joined())</ListBucketResult>")
        }
        let server = try FakeS3(behaviour)
        defer { withExtendedLifetime(server) {} }
        #expect(try storage(server).listAll("index").map(\.name.text) == ["index/good"])
    }

    @Test func `a listing that never ends is given up`() throws {
        var behaviour = FakeS3.Behaviour()
        behaviour.fault = { _, _ in
            TestServer.Response(
                text: "<ListBucketResult><IsTruncated>true</IsTruncated>"
                    + "<NextContinuationToken>x</NextContinuationToken></ListBucketResult>")
        }
        let server = try FakeS3(behaviour)
        defer { withExtendedLifetime(server) {} }
        let storage = try storage(server)
        #expect(
            throws: RemoteError.unexpectedReply(
                remote: "s3://fake-bucket/some/prefix", what: "a listing that does not end")
        ) { try storage.listAll("index") }
    }

    @Test(arguments: [
        (nil, S3Location.Addressing?.none, "https://my-bucket.s3.eu-west-1.amazonaws.com/p/a"),
        (nil, .path, "https://s3.eu-west-1.amazonaws.com/my-bucket/p/a"),
        ("http://localhost:7480", nil, "http://localhost:7480/my-bucket/p/a"),
        ("http://localhost:7480/base", .virtualHost, "http://my-bucket.localhost:7480/base/p/a"),
    ])
    func `a file is addressed as the server wants it`(
        endpoint: String?, addressing: S3Location.Addressing?, expected: String
    ) throws {
        let location = S3Location(
            bucket: "my-bucket", prefix: "p", endpoint: try endpoint.map { try HTTPURL(parsing: $0) },
            region: "eu-west-1", addressing: addressing)
        #expect(try location.url(name("a"), region: "eu-west-1", query: []).description == expected)
    }

    @Test func `a bucket with a dot in its name is not put into the host`() {
        #expect(S3Location(bucket: "a.b").addressing == .path)
    }
}
