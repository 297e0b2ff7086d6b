import Diagnostics
import Experiments
import Files
import HTTP
import JSON
import Objects
import TestSupport
import Testing

@testable import Server

@Suite struct NativeAPITests {
    let server: ServerUnderTest

    init() throws { server = try ServerUnderTest() }

    @Test func `runs are listed by filter and sort, a page at a time`() throws {
        for index in 0..<5 {
            let run = try server.makeRun("r\(index)")
            try server.store.logMetrics(
                [Metric(key: "m", value: Double(index), timestamp: Timestamp(milliseconds: 1))], run: run, stage: nil)
        }
        let page = try server.send("GET", "/api/v1/runs?filter=metrics.m%20%3E%200&sort=metrics.m%20desc&limit=3").json
        #expect(names(page) == ["r4", "r3", "r2"])
        #expect(page["hasMore"] == .bool(true))
        let rest = try server.send("GET", "/api/v1/runs?filter=metrics.m+%3E+0&sort=metrics.m+desc&limit=3&offset=3")
            .json
        #expect(names(rest) == ["r1"])
        #expect(rest["hasMore"] == .bool(false))
    }

    @Test func `a mistake in a filter is shown with its place`() throws {
        let reply = try server.send("GET", "/api/v1/runs?filter=metrics.m%20%3E%3E%201")
        #expect(reply.status == 400)
        #expect(reply.json["error"]?["kind"] == .string("invalidInput"))
        let bad = try server.send("GET", "/api/v1/runs?limit=0")
        #expect(bad.json["error"]?["message"] == .string("query parameter limit is `0`, not a number from 1 to 1000"))
    }

    @Test func `one run is found by name, by id and by the first digits of its id`() throws {
        let run = try server.makeRun("calm-otter")
        for reference in ["calm-otter", run.text, run.short] {
            #expect(try server.send("GET", "/api/v1/runs/\(reference)").json["id"] == .string(run.text))
        }
        let reply = try server.send("GET", "/api/v1/runs/calm-oter")
        #expect(reply.status == 404)
        #expect(reply.json["error"]?["hint"] == .string("did you mean `calm-otter`?"))
    }

    @Test func `a series of a hundred thousand points is drawn with its spikes`() throws {
        let run = try server.makeRun()
        for start in stride(from: 0, to: 100_000, by: 10_000) {
            let points = (start..<start + 10_000).map { step in
                Metric(
                    key: "loss/train", value: step == 54_321 ? 1000 : 1, step: Int64(step),
                    timestamp: Timestamp(milliseconds: Int64(step)))
            }
            try server.store.logMetrics(points, run: run, stage: nil)
        }
        let reply = try server.send("GET", "/api/v1/runs/\(run)/metrics/loss/train?columns=500").json
        guard case .array(let columns)? = reply["columns"] else { Issue.record("no columns"); return }
        #expect(columns.count == 500)
        #expect(columns.contains { $0["max"] == .number(1000) })
        #expect(try server.send("GET", "/api/v1/runs/\(run)/metrics/absent").status == 404)
    }

    @Test func `runs are compared key by key`() throws {
        for (name, value) in [("a", "1"), ("b", "2")] {
            let run = try server.makeRun(name)
            try server.store.logParams(
                [Param(key: "p", value: .string(value)), Param(key: "q", value: .string("x"))], run: run)
        }
        let reply = try server.send("GET", "/api/v1/compare?run=a&run=b").json
        guard case .array(let rows)? = reply["params"] else { Issue.record("no params"); return }
        #expect(rows.map { $0["differs"] } == [.bool(true), .bool(false)])
        #expect(try server.send("GET", "/api/v1/compare?run=a").status == 400)
    }

    @Test func `artifacts are listed and read by their run`() throws {
        let run = try server.makeRun("r")
        _ = try server.send("PUT", "/api/2.0/mlflow-artifacts/artifacts/0/\(run)/artifacts/d/a.txt", body: "alpha")
        let top = try server.send("GET", "/api/v1/runs/r/artifacts").json
        #expect(top["entries"] == .array([.object(["name": .string("d"), "isFolder": .bool(true)])]))
        #expect(try server.send("GET", "/api/v1/runs/r/artifacts/d/a.txt").text == "alpha")
        #expect(try server.send("GET", "/api/v1/runs/r/artifacts/%2e%2e/x").status == 400)
    }

    @Test func `listeners hear of a run that logs`() throws {
        let run = try server.makeRun()
        let client = try RawClient(port: server.server.port)
        client.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(client.readHead()?.contains("text/event-stream") == true)
        #expect(client.readChunk().map { String(decoding: $0, as: UTF8.self) } == "event: hello\ndata: {}\n\n")
        _ = try server.post("runs/set-tag", "{\"run_id\": \"\(run)\", \"key\": \"a\", \"value\": \"b\"}")
        let event = client.readChunk().map { String(decoding: $0, as: UTF8.self) }
        #expect(event == "id: 1\nevent: run\ndata: {\"id\":\"\(run)\"}\n\n")
        // Too soon after the first to be told at once, but never forgotten.
        _ = try server.post("runs/set-tag", "{\"run_id\": \"\(run)\", \"key\": \"a\", \"value\": \"c\"}")
        let next = client.readChunk().map { String(decoding: $0, as: UTF8.self) }
        #expect(next?.hasSuffix("event: run\ndata: {\"id\":\"\(run)\"}\n\n") == true)
        // Who comes now may have asked for the run before it changed.
        let late = try RawClient(port: server.server.port)
        late.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(late.readHead() != nil)
        let greeting = late.readChunk().map { String(decoding: $0, as: UTF8.self) }
        #expect(greeting == "event: hello\ndata: {}\n\nevent: store\ndata: {\"id\":\"\"}\n\n")
    }

    /// The watcher looks a few times a second; what is written before it has looked for the first time is news, too.
    @Test func `what another process writes as soon as the server listens is told`() throws {
        let other = try SQLExperimentStore.shared(file: server.folder.path.appending("tracking.sqlite"))
        _ = try other.createExperiment(
            NewExperiment(name: "elsewhere", createdAt: Timestamp(milliseconds: 1)))
        let client = try RawClient(port: server.server.port)
        client.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(client.readHead() != nil)
        var heard = ""
        while !heard.contains("event: store"), let chunk = client.readChunk() {
            heard += String(decoding: chunk, as: UTF8.self)
        }
        #expect(heard.contains("event: store"))
    }

    @Test func `the OpenAPI document lists exactly the routes that there are`() throws {
        let services = Services(
            store: server.store, objects: try .openOrCreate(at: server.folder.path.appending("other")),
            scratch: server.folder.path)
        let api = NativeAPI(
            services: services, options: ServerOptions(version: "0"), sessions: SessionTable(clock: .system))
        let routes = api.routes.map { route in
            "\(route.method.rawValue.lowercased()) \(route.pattern.description.split(separator: "...").joined())"
        }
        let root = AbsolutePath("../../..", relativeTo: AbsolutePath(#filePath))
        let document = try JSONValue(parsing: FileSystem.real.read(root.appending("docs/api/openapi.json")))
        guard case .object(let paths)? = document["paths"] else { Issue.record("no paths"); return }
        let documented = paths.pairs.flatMap { path, methods -> [String] in
            guard case .object(let methods) = methods else { return [] }
            return methods.keys.filter { $0 != "parameters" }.map { "\($0) /api/v1\(path)" }
        }
        #expect(documented.sorted() == routes.sorted())
    }

    private func names(_ page: JSONValue) -> [String] {
        guard case .array(let runs)? = page["runs"] else { return [] }
        return runs.compactMap { if case .string(let name)? = $0["name"] { name } else { nil } }
    }
}

extension JSONValue {
    subscript(key: String) -> JSONValue? { if case .object(let object) = self { object[key] } else { nil } }
}
