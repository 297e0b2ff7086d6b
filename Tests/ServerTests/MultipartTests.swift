import Experiments
import Files
import JSON
import Server
import TestSupport
import Testing

@testable import Server

@Suite struct MultipartTests {
    let server: ServerUnderTest
    private static let base = "/api/2.0/mlflow-artifacts/"

    init() throws { server = try ServerUnderTest() }

    private struct Begun {
        let id: String
        let paths: [String]
    }

    private func call(_ verb: String, _ body: String, to folder: String = "0/r/artifacts") throws -> RawReply {
        try server.send(
            "POST", Self.base + "mpu/\(verb)/\(folder)", headers: ["Content-Type: application/json"], body: body)
    }

    private func begin(_ count: Int) throws -> Begun {
        let reply = try call("create", #"{"path": "/data/ana/big.bin", "num_parts": \#(count)}"#)
        guard reply.status == 200, case .string(let id)? = reply.json["upload_id"],
            case .array(let credentials)? = reply.json["credentials"]
        else { throw ServerUnderTest.NoReply() }
        return Begun(
            id: id,
            paths: credentials.compactMap { credential in
                guard case .string(let url)? = credential["url"], url.hasPrefix("http://localhost/") else { return nil }
                return String(url.dropFirst("http://localhost".count))
            })
    }

    private func complete(_ id: String, _ tags: [(Int, String)], path: String = "big.bin") throws -> RawReply {
        let parts = tags.map { #"{"part_number": \#($0), "etag": "\#($1.filter { $0 != "\"" })"}"# }
        return try call(
            "complete", #"{"path": "\#(path)", "upload_id": "\#(id)", "parts": [\#(parts.joined(separator: ","))]}"#)
    }

    @Test func `parts that come in any order, some twice, are one artifact`() throws {
        // More parts than there are buffers on the way into the store.
        let upload = try begin(20)
        #expect(upload.paths.count == 20)
        let parts = (0..<20).map { String(repeating: "part \($0) ", count: 20_000) }
        var tags: [(Int, String)] = []
        for number in Array((1...20).reversed()) + [1] {
            let reply = try server.send("PUT", upload.paths[number - 1], body: parts[number - 1])
            #expect(reply.status == 200)
            tags.removeAll { $0.0 == number }
            tags.append((number, try #require(reply.header("ETag"))))
        }
        tags.sort { $0.0 < $1.0 }
        #expect(try complete(upload.id, tags).text == "{}")
        // The answer may have been lost.
        #expect(try complete(upload.id, tags).status == 200)
        let artifact = try server.send("GET", Self.base + "artifacts/0/r/artifacts/big.bin")
        #expect(artifact.text == parts.joined())
        #expect(try server.send("PUT", upload.paths[0], body: "more").status == 404)
        let left = server.folder.path.appending("scratch").appending("uploads").appending(upload.id)
        #expect(
            try FileSystem.real.openFolder(left).names().map { String(decoding: $0, as: UTF8.self) } == [
                "done", "target",
            ])
    }

    @Test func `a server that was started anew goes on with what came before`() throws {
        let upload = try begin(1)
        let tag = try #require(try server.send("PUT", upload.paths[0], body: "first").header("ETag"))
        server.server.stop(gracePeriod: .seconds(5))
        let next = PartialUploads(services: server.services)
        try next.complete(
            upload.id, try RelativePath(parsing: "0/r/artifacts/big.bin"),
            parts: [(1, tag.filter { $0 != "\"" })])
        #expect(try server.store.artifact(RelativePath(parsing: "0/r/artifacts/big.bin")) != nil)
    }

    @Test func `what does not fit together is refused, and nothing is kept`() throws {
        let upload = try begin(2)
        let tag = try #require(try server.send("PUT", upload.paths[0], body: "first").header("ETag"))
        #expect(try complete(upload.id, []).status == 400)
        #expect(try complete(upload.id, [(1, tag), (2, tag)]).status == 400)
        #expect(try complete(upload.id, [(1, "../../../etc/passwd")]).status == 400)
        #expect(try complete(upload.id, [(1, tag), (1, tag)]).status == 400)
        #expect(try complete(upload.id, [(1, tag)], path: "other.bin").status == 400)
        #expect(try complete("../" + upload.id, [(1, tag)]).status == 404)
        #expect(try complete(String(repeating: "0", count: 32), [(1, tag)]).status == 404)
        #expect(try call("create", #"{"path": "x", "num_parts": 10001}"#).status == 400)
        #expect(try call("create", #"{"path": "..", "num_parts": 1}"#).status == 400)
        #expect(try call("create", #"{"path": "x", "num_parts": 1}"#, to: "a/%2e%2e/b").status == 400)
        let parts = Self.base + "mpu/parts/"
        #expect(try server.send("PUT", parts + upload.id + "/0", body: "x").status == 400)
        #expect(try server.send("PUT", parts + upload.id + "/x", body: "x").status == 400)
        #expect(try server.send("PUT", parts + "%2e%2e/1", body: "x").status == 404)
        #expect(try server.store.artifacts(atOrBelow: .root).isEmpty)
    }

    @Test func `what is given up, or never completed, does not stay`() throws {
        let body = { (id: String) in #"{"path": "big.bin", "upload_id": "\#(id)"}"# }
        let (given, forgotten) = (try begin(1), try begin(1))
        _ = try server.send("PUT", given.paths[0], body: "x")
        _ = try server.send("PUT", forgotten.paths[0], body: "x")
        #expect(try call("abort", body(given.id)).text == "{}")
        #expect(try call("abort", body(given.id)).text == "{}")
        #expect(try server.send("PUT", given.paths[0], body: "x").status == 404)
        let folder = server.folder.path.appending("scratch").appending("uploads")
        let uploads = PartialUploads(services: server.services)
        try uploads.removeStale()
        #expect(try FileSystem.real.openFolder(folder).names() == [Array(forgotten.id.utf8)])
        try uploads.removeStale(olderThan: .seconds(-60))
        #expect(try FileSystem.real.openFolder(folder).names() == [])
    }

    @Test func `the address of a part is one that the client reaches, and takes what it showed`() throws {
        let server = try ServerUnderTest(tokens: "write ana 0123456789abcdef", hostNames: ["repro.example.org"])
        let headers = ["Content-Type: application/json", "Authorization: Bearer 0123456789abcdef"]
        func url(_ more: [String]) throws -> JSONValue? {
            let reply = try server.send(
                "POST", Self.base + "mpu/create/a", headers: headers + more, body: #"{"path": "x", "num_parts": 1}"#)
            guard case .array(let credentials)? = reply.json["credentials"] else { return nil }
            #expect(credentials[0]["headers"]?["Authorization"] == .string("Bearer 0123456789abcdef"))
            guard case .string(let url)? = credentials[0]["url"] else { return nil }
            return .string(String(url.split(separator: "/api/")[0]))
        }
        #expect(
            try url(["X-Forwarded-Proto: https", "X-Forwarded-Host: repro.example.org", "X-Forwarded-Prefix: /ml/"])
                == .string("https://repro.example.org/ml"))
        let path = Self.base + "mpu/parts/0123456789abcdef0123456789abcdef/1"
        #expect(try server.send("PUT", path, body: "x").status == 401)
        func isOffered(_ more: [String]) throws -> JSONValue? {
            try server.send("GET", "/api/3.0/mlflow/server-info", headers: more).json["multipart_uploads_enabled"]
        }
        // On this machine parts are of no use, and behind a proxy that says nothing they would go astray.
        #expect(try isOffered([]) == .bool(false))
        #expect(try isOffered(["X-Forwarded-Host: repro.example.org"]) == .bool(true))
    }
}
