import Diagnostics
import HTTP
import JSON
import TestSupport
import Testing

@testable import Server

/// Logging in on the page.
@Suite struct SessionTests {
    private static let tokens = "read viewer aaaaaaaaaaaaaaaa\nwrite ci bbbbbbbbbbbbbbbb\n"
    private static let json = "Content-Type: application/json"

    let server: ServerUnderTest

    init() throws { server = try ServerUnderTest(tokens: Self.tokens) }

    @Test func `a token is traded for a cookie that no script can read and no other site can use`() throws {
        let reply = try logIn("bbbbbbbbbbbbbbbb")
        #expect(reply.status == 200)
        #expect(reply.json["role"] == .string("write"))
        let cookie = try #require(reply.header("Set-Cookie"))
        #expect(cookie.contains("; Path=/; HttpOnly; SameSite=Strict; Max-Age=604800"))
        #expect(try ask("GET", "/api/v1/session", cookie: pair(cookie)).json["name"] == .string("ci"))
    }

    @Test func `a wrong token begins nothing`() throws {
        let reply = try logIn("cccccccccccccccc")
        #expect(reply.status == 401)
        #expect(reply.header("Set-Cookie") == nil)
        #expect(reply.json["error"]?["message"] == .string("this server does not know the token"))
    }

    @Test func `after logging out the cookie counts for nothing`() throws {
        let cookie = pair(try #require(try logIn("aaaaaaaaaaaaaaaa").header("Set-Cookie")))
        let end = try server.send(
            "DELETE", "/api/v1/session", headers: ["Cookie: \(cookie)", Self.json, "Origin: http://localhost"],
            body: "{}")
        #expect(end.status == 200)
        #expect(end.header("Set-Cookie")?.contains("Max-Age=0") == true)
        #expect(try ask("GET", "/api/v1/session", cookie: cookie).status == 401)
    }

    @Test func `a session ends by itself after a week`() {
        let table = SessionTable(clock: .system)
        let caller = Caller(name: "a", role: .read)
        let cookie = pair(table.begin(caller, host: "localhost:5000", isSecure: true))
        #expect(cookie.hasPrefix("repro-session-5000="))
        #expect(table.caller(cookies: "other=1; \(cookie)") == caller)
        let late = SessionTable(clock: Clock(now: { Timestamp(milliseconds: 0) }))
        let old = pair(late.begin(caller, host: nil, isSecure: false))
        #expect(late.caller(cookies: old) == caller)
        #expect(table.caller(cookies: old) == nil)
    }

    /// A browser sends the cookie along by itself: the page that asks must be ours.
    @Test(arguments: ["http://evil.example", "http://localhost:3000", "null", nil])
    func `a change by cookie from another page is refused`(origin: String?) throws {
        let cookie = pair(try #require(try logIn("bbbbbbbbbbbbbbbb").header("Set-Cookie")))
        let origins = origin.map { ["Origin: \($0)"] } ?? []
        for method in ["PATCH", "DELETE", "POST"] {
            let reply = try server.send(
                method, "/api/v1/session/none", headers: ["Cookie: \(cookie)", Self.json] + origins, body: "{}")
            #expect(reply.status == 401 || reply.status == 403)
        }
    }

    /// MLflow's API takes tokens only, as MLflow's clients send them.
    @Test func `a cookie opens nothing but our own API`() throws {
        let cookie = pair(try #require(try logIn("bbbbbbbbbbbbbbbb").header("Set-Cookie")))
        #expect(try ask("GET", "/api/2.0/mlflow/experiments/get?experiment_id=0", cookie: cookie).status == 401)
        #expect(try ask("GET", "/api/v1/experiments", cookie: cookie).status == 200)
    }

    @Test func `another site's page cannot log anyone in`() throws {
        for header in ["Origin: http://evil.example", "Host: evil.example"] {
            let reply = try server.send(
                "POST", "/api/v1/session", headers: [Self.json, header], body: "{\"token\": \"aaaaaaaaaaaaaaaa\"}")
            #expect(reply.status == 403)
        }
    }

    @Test func `a body that is no JSON object of that type is refused`() throws {
        let plain = try server.send(
            "POST", "/api/v1/session", headers: ["Content-Type: text/plain"], body: "{\"token\": \"aaaaaaaaaaaaaaaa\"}")
        #expect(plain.status == 400)
        #expect(
            plain.json["error"]?["message"]
                == .string("the body is not a JSON object of the type application/json"))
        let missing = try server.send("POST", "/api/v1/session", headers: [Self.json], body: "{}")
        #expect(missing.json["error"]?["message"] == .string("the body has no `token`"))
        let wrong = try server.send("POST", "/api/v1/session", headers: [Self.json], body: "{\"token\": 1}")
        #expect(wrong.json["error"]?["message"] == .string("`token` in the body is not a text"))
    }

    private func logIn(_ token: String) throws -> RawReply {
        try server.send(
            "POST", "/api/v1/session", headers: [Self.json, "Origin: http://localhost"],
            body: "{\"token\": \"\(token)\"}")
    }

    private func ask(_ method: String, _ path: String, cookie: String) throws -> RawReply {
        try server.send(method, path, headers: ["Cookie: \(cookie)"])
    }

    /// `name=value` of a `Set-Cookie` header.
    private func pair(_ header: String) -> String { String(header.prefix { $0 != ";" }) }
}
