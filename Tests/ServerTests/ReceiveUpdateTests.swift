import Diagnostics
import Experiments
import Files
import HTTP
import JSON
import Objects
import TestSupport
import Testing

@testable import Server

/// What our own library and command line send.
@Suite struct ReceiveUpdateTests {
    let server: ServerUnderTest
    let run = RunID("0123456789abcdef0123456789abcdef")

    init() throws { server = try ServerUnderTest() }

    @Test func `a run is begun, told of and ended, however often each message comes`() throws {
        var begin = RunUpdate(run: run)
        begin.start = RunStart(
            experiment: "digits", name: "first", startedAt: at(1), user: "ana", commandLine: ["train"])
        var middle = RunUpdate(run: run)
        middle.params = [Param(key: "rate", value: .number(0.1))]
        middle.tags = [Tag(key: "team", value: "vision")]
        middle.series = [
            LoggedSeries(
                key: "loss", points: (0..<3000).map { MetricPoint(step: $0, timestamp: at($0), value: .nan) })
        ]
        var end = RunUpdate(run: run)
        end.end = RunEnd(status: .failed, at: at(9), failure: "it broke")
        for update in [begin, begin, middle, middle, end, end, middle] {
            #expect(try send(update).status == 200)
        }
        let record = try #require(try server.store.record(run))
        #expect(record.run.name == "first")
        #expect(record.run.experimentName == "digits")
        #expect(record.run.status == .failed)
        #expect(record.run.failure == "it broke")
        #expect(record.params == ["rate": .number(0.1)])
        #expect(try server.store.series(run: run, key: "loss").count == 3000)
    }

    @Test func `points may be written as plain numbers`() throws {
        try begin()
        let body = #"""
            {"series": [{"key": "loss", "steps": [0, 1, 2], "timesMs": [5, 6, 7], "values": [1, "NaN", "-Infinity"]}]}
            """#
        #expect(try post(body).status == 200)
        let points = try server.store.series(run: run, key: "loss")
        #expect(points.map(\.timestamp) == [at(5), at(6), at(7)])
        #expect(points[1].value.isNaN)
        #expect(points[2].value == -.infinity)
    }

    @Test func `what is refused is named and the rest is written`() throws {
        try begin()
        _ = try post(#"{"params": {"rate": 1}}"#)
        let reply = try post(#"{"params": {"rate": 2, "dim": 3}, "tags": {"a": "b"}}"#)
        #expect(reply.status == 200)
        guard case .array(let refused)? = reply.json["refused"] else { throw Unexpected(text: reply.text) }
        #expect(refused.map { $0["what"] } == [.string("param rate")])
        #expect(try server.store.record(run)?.params == ["rate": .integer(1), "dim": .integer(3)])
        #expect(try server.store.record(run)?.tags == ["a": "b"])
    }

    @Test(arguments: [
        (
            #"{"series": [{"key": "", "chunk": ""}]}"#,
            "a key of series must be 1 to 250 characters, none a control character"
        ),
        (
            #"{"series": [{"key": "a", "chunk": "AAAA"}]}"#,
            "series[0].chunk must be points as docs/formats/run-update.md says, in base64"
        ),
        (
            #"{"series": [{"key": "a", "steps": [1], "timesMs": [], "values": [1]}]}"#,
            "series[0].values must be as many as steps and timesMs"
        ),
        (#"{"end": {"status": "running", "atMs": 1}}"#, "end.status must be finished, failed, killed or interrupted"),
        (#"{"run": "other"}"#, "run must be the run of the path"),
        (#"{"version": 2}"#, "version must be 1, not 2"),
        (#"{"tags": {"a": 1}}"#, "tags.a must be text"),
        (#"{"start": {}}"#, "start.startedMs must be given"),
        (
            #"{"files": [{"path": "../x", "object": "00", "sha256": "0", "sizeBytes": 1}]}"#,
            "files[0].object must be 32 hexadecimal digits"
        ),
        (#"[]"#, "the message must be an object"),
        (#"{"#, "the JSON cannot be read: a key in double quotes is expected"),
    ])
    func `a message that is not well formed writes nothing`(body: String, message: String) throws {
        try begin()
        let reply = try post(body)
        #expect(reply.status == 400)
        #expect(reply.json["error"]?["message"] == .string(message))
    }

    @Test func `a chunk that claims many points is refused before it takes memory`() throws {
        try begin()
        // Version 1, 2^24 points, all steps, times and values in three constants.
        let chunk: [UInt8] = [1, 0x80, 0x80, 0x80, 0x08, 0, 0, 0, 0, 0, 0, 2] + [UInt8](repeating: 0, count: 8)
        let reply = try post(#"{"series": [{"key": "a", "chunk": "\#(Base64.encode(chunk))"}]}"#)
        #expect(reply.status == 400)
        #expect(try server.store.series(run: run, key: "a").isEmpty)
    }

    @Test func `content that the server has is not wanted, and a claim does not replace content`() throws {
        try begin()
        let known = try server.services.objects.put(Array("known".utf8))
        let unknown = Digest(of: Array("unknown".utf8))
        let lie = Digest(id: known.id, sha256: unknown.sha256, sizeBytes: known.sizeBytes)
        var update = RunUpdate(run: run)
        for (name, digest) in [("a", known), ("b", unknown), ("c", lie)] {
            update.files.append(
                LoggedFile(place: .artifact(try RelativePath(parsing: name)), digest: digest, modifiedAt: at(1)))
        }
        #expect(try send(update).json["wanted"] == .array([.integer(1), .integer(2)]))
        let header = ["X-Repro-SHA256: \(unknown.sha256)"]
        #expect(try put("/runs/\(run)/artifacts/b", header, "other").status == 400)
        #expect(try put("/runs/\(run)/artifacts/b", header, "unknown").status == 200)
        #expect(try server.send("GET", "/api/v1/runs/\(run)/artifacts/a").text == "known")
        #expect(try server.send("GET", "/api/v1/runs/\(run)/artifacts/b").text == "unknown")
        #expect(try server.send("GET", "/api/v1/runs/\(run)/artifacts/c").status == 404)
    }

    @Test func `a path that leaves the artifacts, and a run that is not there, are refused`() throws {
        try begin()
        #expect(try put("/runs/\(run)/artifacts/..%2Fx", [], "x").status == 400)
        #expect(try put("/runs/\(run)/artifacts/%252e%252e/x", [], "x").status == 400)
        #expect(try put("/runs/absent/artifacts/x", [], "x").status == 404)
        #expect(try put("/models/m-1/artifacts/x", [], "x").status == 404)
        #expect(try server.send("POST", "/api/v1/runs/absent/updates", body: "{}").status == 404)
        #expect(try server.send("POST", "/api/v1/runs/a%2Fb/updates", body: "{}").status == 400)
    }

    @Test func `only who may write may log`() throws {
        let guarded = try ServerUnderTest(tokens: "read ana secret-read-0123456789\nwrite bo secret-write-0123456789\n")
        let body = #"{"start": {"startedMs": 1}}"#
        func status(_ headers: [String]) throws -> Int {
            try guarded.send("POST", "/api/v1/runs/abc/updates", headers: headers, body: body).status
        }
        #expect(try status([]) == 401)
        #expect(try status(["Authorization: Bearer secret-read-0123456789"]) == 403)
        #expect(try status(["Authorization: Bearer secret-write-0123456789"]) == 200)
    }

    private func begin() throws {
        var update = RunUpdate(run: run)
        update.start = RunStart(startedAt: at(1), user: "ana")
        #expect(try send(update).status == 200)
    }

    private func send(_ update: RunUpdate) throws -> RawReply { try post(update.json.text()) }

    private func post(_ body: String) throws -> RawReply {
        try server.send("POST", "/api/v1/runs/\(run)/updates", body: body)
    }

    private func put(_ path: String, _ headers: [String], _ body: String) throws -> RawReply {
        try server.send("PUT", "/api/v1" + path, headers: headers, body: body)
    }

    private func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }
}

private struct Unexpected: Error { let text: String }
