import Diagnostics
import Files
import HTTP
import JSON
import TestSupport
import Testing

@testable import Remotes

@Suite struct GCSStorageTests {
    private func storage(_ server: FakeGCS, _ tokens: GCSTokenSource = .anonymous()) throws -> GCSStorage {
        try GCSStorage(server.location(), tokens: tokens, in: testEnvironment(), pieceBytes: 256 << 10)
    }

    @Test func `a resumable upload goes on from what has arrived`() throws {
        var behaviour = FakeGCS.Behaviour()
        behaviour.takesBytes = 100_000
        let server = try FakeGCS(behaviour)
        let content = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 3) }
        #expect(try storage(server).put(name("a"), content) == .stored)
        #expect(server.files["some/prefix/a"] == content)
    }

    @Test func `a piece that is lost on the way is asked after and sent again`() throws {
        var behaviour = FakeGCS.Behaviour()
        behaviour.fault = { number, _ in number == 3 ? TestServer.Response(fault: .noReply) : nil }
        let server = try FakeGCS(behaviour)
        let content = [UInt8](repeating: 5, count: 600_000)
        #expect(try storage(server).put(name("a"), content) == .stored)
        #expect(server.files["some/prefix/a"] == content)
    }

    @Test func `an upload session on another server is not followed`() throws {
        var behaviour = FakeGCS.Behaviour()
        behaviour.fault = { _, _ in TestServer.Response(headers: ["Location": "http://127.0.0.1:1/session"]) }
        let server = try FakeGCS(behaviour)
        defer { withExtendedLifetime(server) {} }
        let storage = try storage(server)
        #expect(
            throws: RemoteError.unexpectedReply(
                remote: "gs://fake-bucket/some/prefix", what: "an upload session on another server")
        ) { try storage.put(name("a"), [UInt8](repeating: 5, count: 600_000)) }
    }

    @Test func `a user's own credentials are exchanged for a token, which is renewed when refused`() throws {
        var behaviour = FakeGCS.Behaviour()
        behaviour.token = "first"
        let server = try FakeGCS(behaviour)
        let folder = try TemporaryFolder()
        try folder.write(
            """
            {"type": "authorized_user", "client_id": "i", "client_secret": "s", "refresh_token": "r/+",
             "token_uri": "\(server.origin)/token"}
            """, to: ".config/gcloud/application_default_credentials.json")
        let tokens = GCSTokenSource.automatic(
            keyFile: nil, remote: "gs://b", in: try testEnvironment(home: folder.path))
        let storage = try storage(server, tokens)
        #expect(try storage.put(name("a"), [1]) == .stored)
        server.change { $0.token = "second" }
        #expect(try storage.put(name("b"), [1]) == .stored)
        #expect(server.tokenRequests.count == 2)
        #expect(
            server.tokenRequests[0] == "grant_type=refresh_token&client_id=i&client_secret=s&refresh_token=r%2F%2B")
    }

    @Test func `a service account signs a statement for its token`() throws {
        var behaviour = FakeGCS.Behaviour()
        behaviour.token = "from-account"
        let server = try FakeGCS(behaviour)
        let folder = try TemporaryFolder()
        let key: JSONObject = [
            "type": .string("service_account"), "client_email": .string("me@example.iam"),
            "private_key": .string(makeTestKey()), "token_uri": .string("\(server.origin)/token"),
        ]
        try folder.write(JSONValue.object(key).text(), to: "key.json")
        let environment = try testEnvironment(
            ["GOOGLE_APPLICATION_CREDENTIALS": folder["key.json"].description], now: 1_700_000_000)
        let storage = try storage(server, .automatic(keyFile: nil, remote: "gs://b", in: environment))
        #expect(try storage.put(name("a"), [1]) == .stored)
        let form = QueryItem.parse(try #require(server.tokenRequests.first)) ?? []
        #expect(form.first?.value == "urn:ietf:params:oauth:grant-type:jwt-bearer")
        let parts = try #require(form.last?.value).split(separator: ".")
        #expect(parts.count == 3)
        // {"alg":"RS256","typ":"JWT"}
        #expect(parts.first == "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9")
        #expect(parts.last?.count == 342)
    }

    @Test(arguments: [
        ("not json", "it is not JSON"),
        ("{\"type\": \"external_account\"}", "credentials of type external_account are not supported"),
        (
            "{\"type\": \"service_account\", \"client_email\": \"a\", \"private_key\": \"b\"}",
            "it has no usable `client_email` and `private_key`"
        ),
        ("{\"type\": \"authorized_user\"}", "it has no `client_id`, `client_secret` and `refresh_token`"),
    ])
    func `a credentials file that is broken is named, with the reason`(text: String, reason: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "key.json")
        let chain = GCSTokenChain(
            keyFile: folder["key.json"].description, remote: "gs://b", environment: try testEnvironment())
        #expect(
            throws: RemoteError.badCredentialSource(
                remote: "gs://b", source: folder["key.json"].description, reason: reason)
        ) { try chain.fetch() }
    }

    @Test func `the metadata server gives a token`() throws {
        let server = try TestServer { request in
            request.headers["Metadata-Flavor"] == "Google"
                ? TestServer.Response(text: "{\"access_token\": \"meta\", \"expires_in\": 100}")
                : TestServer.Response(.forbidden)
        }
        defer { server.stop() }
        let chain = GCSTokenChain(
            keyFile: nil, remote: "gs://b",
            environment: try testEnvironment(["GCE_METADATA_HOST": "127.0.0.1:\(server.port)"], now: 1))
        let lease = try chain.fetch()
        #expect(lease.value?.exposed == "meta")
        #expect(lease.ends?.milliseconds == 101_000)
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("\u{FF}>?", "w78-Pw"),
    ])
    func `base64 is of the kind for URLs`(plain: String, encoded: String) {
        #expect(GCSTokenChain.base64URL(Array(plain.utf8)) == encoded)
    }
}
