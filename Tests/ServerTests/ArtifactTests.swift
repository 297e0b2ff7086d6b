import Experiments
import Files
import TestSupport
import Testing

@testable import Server

@Suite struct ArtifactTests {
    let server: ServerUnderTest
    let path = "/api/2.0/mlflow-artifacts/artifacts/0/r/artifacts/a.txt"

    init() throws {
        server = try ServerUnderTest()
        _ = try server.send("PUT", path, body: "0123456789")
    }

    @Test(arguments: [
        ("bytes=2-4", 206, "234", "bytes 2-4/10"), ("bytes=-3", 206, "789", "bytes 7-9/10"),
        ("bytes=8-", 206, "89", "bytes 8-9/10"), ("bytes=0-99", 206, "0123456789", "bytes 0-9/10"),
        ("bytes=a-b", 200, "0123456789", nil),
    ]) func `a part is sent when a part is asked for`(range: String, status: Int, body: String, place: String?) throws {
        let reply = try server.send("GET", path, headers: ["Range: \(range)"])
        #expect(reply.status == status)
        #expect(reply.text == body)
        #expect(reply.header("Content-Range") == place)
    }

    @Test func `a part beyond the end cannot be had`() throws {
        let reply = try server.send("GET", path, headers: ["Range: bytes=10-"])
        #expect(reply.status == 416)
        #expect(reply.header("Content-Range") == "bytes */10")
    }

    @Test func `what the client has is not sent again`() throws {
        let tag = try #require(try server.send("GET", path).header("ETag"))
        #expect(try server.send("GET", path, headers: ["If-None-Match: \(tag)"]).status == 304)
        _ = try server.send("PUT", path, body: "new")
        #expect(try server.send("GET", path, headers: ["If-None-Match: \(tag)"]).text == "new")
    }

    @Test func `a large artifact goes to the disk and comes back, whole and in parts`() throws {
        let block = String(repeating: "abcdefghijklmnop", count: 65536)
        let large = String(repeating: block, count: 6)
        let path = "/api/2.0/mlflow-artifacts/artifacts/big"
        #expect(try server.send("PUT", path, body: large).status == 200)
        #expect(try server.send("GET", path).body.count == 6 << 20)
        let part = try server.send("GET", path, headers: ["Range: bytes=1048560-1048591"])
        #expect(part.text == "abcdefghijklmnopabcdefghijklmnop")
        #expect(try filesOnTheWay() == [])
    }

    @Test func `an upload that breaks off leaves nothing`() throws {
        do {
            let client = try RawClient(port: server.server.port)
            client.send("PUT /api/2.0/mlflow-artifacts/artifacts/half HTTP/1.1\r\nHost: localhost\r\n")
            client.send("Content-Length: 9000000\r\n\r\n" + String(repeating: "x", count: 3_000_000))
        }
        server.server.stop(gracePeriod: .seconds(5))
        #expect(try server.store.artifact(RelativePath(parsing: "half")) == nil)
        #expect(try filesOnTheWay() == [])
    }

    @Test func `what a killed server had not taken whole is removed, and what comes now is not`() throws {
        let folder = server.folder.path.appending("scratch").appending("incoming")
        try FileSystem.real.makeFolders(folder)
        let now = try UnfinishedFile(in: folder)
        try FileSystem.real.create(folder.appending(FileSystem.temporaryName()), permissions: 0o600).write([1])
        #expect(try filesOnTheWay().count == 2)
        ArtifactUpload.removeAbandoned(server.services)
        #expect(try filesOnTheWay() == [now.path.name])
    }

    /// What is left where uploads are kept until the object store has them.
    private func filesOnTheWay() throws -> [[UInt8]] {
        let scratch = server.folder.path.appending("scratch")
        let names = try FileSystem.real.status(of: scratch).map { _ in try FileSystem.real.openFolder(scratch).names() }
        let incoming = scratch.appending("incoming")
        let coming = try FileSystem.real.status(of: incoming).map { _ in
            try FileSystem.real.openFolder(incoming).names()
        }
        return (names ?? []).filter { $0 != Array("incoming".utf8) } + (coming ?? [])
    }

    @Test func `what is absent, a folder, or removed is said so`() throws {
        let base = "/api/2.0/mlflow-artifacts/artifacts"
        let absent = try server.send("GET", base + "/no")
        #expect(absent.status == 404)
        #expect(absent.mlflowError.message == "No such artifact: 'no'")
        #expect(try server.send("GET", base + "/0/r").status == 400)
        #expect(try server.send("GET", base + "?path=no").text == "{}")
        #expect(try server.send("GET", base + "?path=0").text == #"{"files":[{"path":"r","is_dir":true}]}"#)
        #expect(try server.send("DELETE", base + "/0").text == "{}")
        #expect(try server.send("DELETE", base + "/0").text == "{}")
        #expect(try server.send("GET", path).status == 404)
    }

    @Test(arguments: [
        ("MLmodel", "text/plain"), ("mlproject", "text/plain"), ("a.cfg", "text/plain"), ("a.TXT", "text/plain"),
        ("b.png", "image/png"), ("b.pkl", "application/octet-stream"), ("png", "application/octet-stream"),
    ]) func `what a file is is told by its name`(name: String, type: String) throws {
        let path = "/api/2.0/mlflow-artifacts/artifacts/dir/\(name)"
        _ = try server.send("PUT", path, body: "x")
        let reply = try server.send("GET", path)
        #expect(reply.header("Content-Type") == type)
        #expect(reply.header("Content-Disposition") == "attachment; filename=\(name)")
    }
}
