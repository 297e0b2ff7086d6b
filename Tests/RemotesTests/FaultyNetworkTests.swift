import Curl
import Diagnostics
import Files
import HTTP
import Objects
import Synchronization
import TestSupport
import Testing

@testable import Remotes

/// What a network, and a server in trouble, do to a push and a fetch: over a real socket, every third request.
@Suite struct FaultyNetworkTests {
    enum Trouble: String, CaseIterable, Sendable {
        case internalError, unavailable, tooManyRequests, slowDown, noReply, reset, garbage, hang, truncated, corrupted
        case wrongTag, expired
    }

    private func response(_ trouble: Trouble) -> TestServer.Response? {
        switch trouble {
        case .internalError: FakeS3.error(.internalServerError, "InternalError")
        case .unavailable: TestServer.Response(.serviceUnavailable, headers: ["Retry-After": "7"], text: "")
        case .tooManyRequests: TestServer.Response(.tooManyRequests, text: "")
        case .slowDown: FakeS3.error(.serviceUnavailable, "SlowDown")
        case .noReply: TestServer.Response(text: "", fault: .noReply)
        case .reset: TestServer.Response(text: String(repeating: "x", count: 9000), fault: .resetAfter(bodyBytes: 4000))
        case .garbage: TestServer.Response(text: "", fault: .garbage)
        case .hang: TestServer.Response(text: "", fault: .hang)
        case .expired: FakeS3.error(.badRequest, "ExpiredToken")
        case .truncated, .corrupted, .wrongTag: nil
        }
    }

    private func alter(_ trouble: Trouble, _ response: inout TestServer.Response) {
        switch trouble {
        case .truncated where response.body.count > 100: response.body.removeLast(response.body.count / 2)
        case .corrupted where response.body.count > 100: response.body[response.body.count / 2] ^= 4
        case .wrongTag: response.headers["ETag"] = "\"not the MD5\""
        default: break
        }
    }

    /// A push and a fetch through a server that is in trouble every third time.
    private func exchange(_ trouble: Trouble) throws -> (waits: [Duration], renewals: Int) {
        let server = try FakeS3()
        // Hanging costs a real second each time.
        let rhythm = trouble == .hang ? 6 : 3
        let isListing: @Sendable (TestServer.Request) -> Bool = { $0.query("list-type") != nil }
        let reply = response(trouble)
        server.change { behaviour in
            behaviour.fault = { number, _ in number % rhythm == 0 ? reply : nil }
            behaviour.alter = { number, request, response in
                if number % rhythm == 0, request.method == "GET", !isListing(request) {
                    self.alter(trouble, &response)
                }
            }
        }
        var environment = try testEnvironment(now: 1_700_000_000)
        var options = HTTPClientOptions()
        if trouble == .hang { options.stallTimeout = .seconds(1) }
        environment.client = try HTTPClient(options: options)
        let renewals = Mutex(0)
        let credentials = S3CredentialSource(clock: environment.clock) {
            renewals.withLock { $0 += 1 }
            return .init(value: FakeS3.credentials, ends: nil)
        }
        let waits = Mutex<[Duration]>([])
        let storage = RetryingStorage(
            S3Storage(try server.location(), credentials: credentials, in: environment),
            sleep: { wait in waits.withLock { $0.append(wait) } })
        let bench = try SyncBench()
        let folder = try bench.keep(["large": noise(3_000_000, seed: 5), "small": [1, 2], "empty": []])
        let options1 = TransferOptions(jobs: 1)
        let pushing = bench.remote(storage, cache: "pusher")
        try pushing.push(pushing.planPush([folder], from: bench.here), from: bench.here, options: options1)
        try bench.remote(storage, cache: "fetcher").fetch([folder], into: bench.there, options: options1)
        #expect(try bench.hasArrived(folder))
        return (waits.withLock { $0 }, renewals.withLock { $0 })
    }

    @Test(arguments: Trouble.allCases)
    func `everything arrives through a server in trouble`(trouble: Trouble) throws {
        let (waits, renewals) = try exchange(trouble)
        switch trouble {
        case .internalError, .tooManyRequests, .slowDown, .reset, .garbage, .hang: #expect(!waits.isEmpty)
        case .unavailable: #expect(waits.contains { $0 >= .seconds(7) })
        case .expired: #expect(renewals > 2)
        // libcurl asks again by itself when a connection that it kept turns out to be closed.
        case .noReply, .truncated, .corrupted, .wrongTag: break
        }
    }

    @Test func `a host that has no address is named`() throws {
        let location = S3Location(
            bucket: "b", endpoint: try HTTPURL(parsing: "http://no-such-host.invalid"), region: "r")
        let storage = S3Storage(location, credentials: .anonymous(), in: try testEnvironment())
        let error = #expect(throws: RemoteError.self) { try storage.list("index", page: nil) }
        #expect(
            error?.description == """
                remote s3://b: host no-such-host.invalid is not known
                hint: check the spelling of the host, and the network's name server
                """)
        #expect(error?.isTransient == true)
        #expect(error?.kind == .unavailable)
    }

    @Test func `a clock that differs is told by the test of a remote, which passes`() throws {
        let server = try FakeS3()
        let environment = try testEnvironment(now: 1_700_000_000)
        let storage = S3Storage(try server.location(), credentials: .fixed(FakeS3.credentials), in: environment)
        // The fake says that all its files were written in 1994.
        let checks = probeRemote(storage, clock: Clock { Timestamp(milliseconds: 784_111_777_000 - 90_000) })
        #expect(checks.map(\.name) == ["list", "write", "read", "clock", "delete"])
        #expect(checks.filter { !$0.isPassed }.isEmpty)
        #expect(checks[3].note == "this machine's is 90 s behind the server's")
        let agreed = probeRemote(storage, clock: Clock { Timestamp(milliseconds: 784_111_777_000 + 5_000) })
        #expect(agreed.allSatisfy { $0.note == nil })
    }

    @Test(
        arguments: [
            ("s3://b", ["AWS_CA_BUNDLE": "/aws.pem", "SSL_CERT_FILE": "/ssl.pem"], "/aws.pem"),
            ("s3://b", ["AWS_PROFILE": "lab"], "/lab.pem"), ("s3://b", [:], nil),
            ("gs://b", ["AWS_CA_BUNDLE": "/aws.pem", "SSL_CERT_FILE": "/ssl.pem"], "/ssl.pem"),
            ("https://h", ["CURL_CA_BUNDLE": "/curl.pem"], "/curl.pem"),
        ] as [(String, [String: String], String?)])
    func `certificates are taken from where other tools take them`(
        url: String, variables: [String: String], expected: String?
    ) throws {
        let home = try TemporaryFolder()
        try home.write("[profile lab]\nca_bundle = /lab.pem\n", to: ".aws/config")
        let machine = RemoteMachine(variables: variables, home: home.path)
        let settings = try RemoteSettings(url: url, root: home.path)
        #expect(settings.certificateFile(in: machine)?.description == expected)
        let own = try RemoteSettings(url: url, options: ["ca_file": "own.pem"], root: home.path)
        #expect(own.certificateFile(in: machine) == home["own.pem"])
    }
}
