import Diagnostics
import Experiments
import Files
import HTTP
import Objects
import TestSupport
import Testing

@testable import Server

@Suite struct AccessTests {
    private static let tokens = """
        # who
        read  viewer  aaaaaaaaaaaaaaaa
        write ci      bbbbbbbbbbbbbbbb
        admin boss    cccccccccccccccc
        """

    @Test func `without a token only health, version and server-info are answered`() throws {
        let server = try ServerUnderTest(tokens: Self.tokens)
        for path in ["/health", "/version", "/api/3.0/mlflow/server-info"] {
            #expect(try server.send("GET", path).status == 200)
        }
        for path in ["/api/2.0/mlflow/experiments/get?experiment_id=0", "/metrics", "/nowhere", "/%2e%2e/health"] {
            let reply = try server.send("GET", path)
            #expect(reply.status == 401)
            #expect(reply.header("WWW-Authenticate") == "Basic realm=\"repro\"")
        }
    }

    @Test(arguments: [
        "Bearer bbbbbbbbbbbbbbbb", "bearer bbbbbbbbbbbbbbbb",
        "Basic Y2k6YmJiYmJiYmJiYmJiYmJiYg==",  // ci:bbbbbbbbbbbbbbbb
    ]) func `a token comes as Bearer or as the password of Basic`(authorization: String) throws {
        let server = try ServerUnderTest(tokens: Self.tokens)
        let reply = try server.send(
            "GET", "/api/2.0/mlflow/experiments/get?experiment_id=0", headers: ["Authorization: \(authorization)"])
        #expect(reply.status == 200)
    }

    @Test(arguments: [
        "Bearer nonsense", "Bearer ", "Basic !!!", "Basic Og==", "Digest bbbbbbbbbbbbbbbb", "bbbbbbbbbbbbbbbb",
    ])
    func `any other token is refused`(authorization: String) throws {
        let server = try ServerUnderTest(tokens: Self.tokens)
        let reply = try server.send("GET", "/metrics", headers: ["Authorization: \(authorization)"])
        #expect(reply.status == 401)
    }

    /// The route decides, however its path is spelt.
    @Test(arguments: [
        "/api/2.0/mlflow/runs/create", "/api/2.0/mlflow/runs/%63reate", "/ajax-api/2.0/mlflow/runs/create",
        "/api/2.0/mlflow/experiments/search-datasets/../create",
    ]) func `a reader cannot write`(path: String) throws {
        let server = try ServerUnderTest(tokens: Self.tokens)
        let reply = try server.send(
            "POST", path, headers: ["Authorization: Bearer aaaaaaaaaaaaaaaa", "Content-Type: application/json"],
            body: "{}")
        #expect(reply.status == 403 || reply.status == 404)
        #expect(try server.store.runNames(limit: 1) == [])
    }

    /// Every route that changes something asks for more than reading.
    @Test func `no route that changes something is open to readers`() throws {
        let server = try ServerUnderTest()
        let services = Services(
            store: server.store, objects: try .openOrCreate(at: server.folder.path.appending("other")),
            scratch: server.folder.path)
        let reading: Set = ["search", "search-datasets", "get-latest-versions", "presigned-download-url"]
        for route in MLflowAPI(services: services).routes where route.access != .needs(.write) {
            let last = route.pattern.description.split(separator: "/").last.map(String.init) ?? ""
            #expect(route.method == .get || reading.contains(last), "\(route.method) \(route.pattern)")
        }
    }

    @Test(arguments: ["evil.example", "evil.example:5000", "localhost.evil.example", "[::1].evil.example", ""])
    func `a Host that a foreign name server may point at us is refused`(host: String) throws {
        let server = try ServerUnderTest()
        let reply = try server.send(
            "GET", "/api/2.0/mlflow/experiments/get?experiment_id=0", headers: ["Host: \(host)"])
        #expect(reply.status == 403)
        #expect(reply.text == "Invalid Host header - possible DNS rebinding attack detected\n")
        #expect(try server.send("GET", "/health", headers: ["Host: \(host)"]).status == 200)
    }

    @Test(arguments: ["localhost", "LOCALHOST:5000", "127.0.0.1:1", "[::1]:80", "192.168.1.7", "tracking.example"])
    func `our own names and addresses are accepted`(host: String) throws {
        let server = try ServerUnderTest(hostNames: ["tracking.example"])
        let reply = try server.send(
            "GET", "/api/2.0/mlflow/experiments/get?experiment_id=0", headers: ["Host: \(host)"])
        #expect(reply.status == 200)
    }

    @Test(arguments: ["http://evil.example", "null", "https://localhost.evil.example", "file://", "http://10.0.0.1"])
    func `a change that a page of another site sends is refused`(origin: String) throws {
        let server = try ServerUnderTest()
        let reply = try server.send(
            "POST", "/api/2.0/mlflow/experiments/create",
            headers: ["Origin: \(origin)", "Content-Type: application/json"], body: "{\"name\": \"x\"}")
        #expect(reply.status == 403)
        #expect(reply.text == "Cross-origin request blocked\n")
        #expect(try server.store.experimentDetails(named: "x") == nil)
    }

    @Test func `a page of this machine may send changes`() throws {
        let server = try ServerUnderTest()
        let reply = try server.send(
            "POST", "/api/2.0/mlflow/experiments/create",
            headers: ["Origin: http://localhost:3000", "Content-Type: application/json"], body: "{\"name\": \"x\"}")
        #expect(reply.status == 200)
    }

    @Test func `a server that others can reach needs tokens`() throws {
        var options = ServerOptions(version: "0")
        options.host = "0.0.0.0"
        let error = #expect(throws: ServerError.self) { try options.check() }
        #expect(error?.message == "listening on 0.0.0.0 needs tokens, since others can reach it")
        #expect(error?.kind == .denied)
        options.tokens = try TokenTable(parsing: Self.tokens, file: "t")
        try options.check()
    }

    @Test(arguments: [
        (
            "write ci",
            "t:1:1: a line of the tokens file is not `ROLE NAME TOKEN`\nhint: write one token a line, such as: write ci 6f1d…"
        ),
        ("\nroot ci aaaaaaaaaaaaaaaa", "t:2:1: role `root` does not exist\nhint: the roles are read, write and admin"),
        (
            "read ci short",
            "t:1:1: the token of ci is shorter than 16 letters\nhint: make one with: openssl rand -hex 24"
        ),
    ]) func `a mistake in the tokens file is shown with its place`(text: String, message: String) {
        let error = #expect(throws: TokenError.self) { try TokenTable(parsing: text, file: "t") }
        #expect(error?.description == message)
    }
}
