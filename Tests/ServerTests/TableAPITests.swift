import Diagnostics
import Experiments
import JSON
import TestSupport
import Testing

@testable import Server

/// What the page's table of runs asks.
@Suite struct TableAPITests {
    let server: ServerUnderTest

    init() throws {
        server = try ServerUnderTest()
        for index in 0..<4 {
            let run = try server.makeRun("r\(index)")
            try server.store.logParams(
                [
                    Param(key: "dim", value: .integer(Int64(index % 2))), Param(key: "same", value: .string("x")),
                ], run: run)
            try server.store.logMetrics(
                [Metric(key: "m", value: Double(index), timestamp: Timestamp(milliseconds: 1))], run: run, stage: nil)
        }
    }

    @Test func `rows have just the columns that are asked for, in their order`() throws {
        let reply = try get(
            "/table?sort=metrics.m+desc&limit=2&total=true&column=metrics.m&column=params.dim&column=tags.t")
        #expect(reply["total"] == .integer(4))
        let rows = try #require(list(reply["rows"]))
        #expect(rows.map { $0["name"] } == [.string("r3"), .string("r2")])
        #expect(rows[0]["values"] == .array([.number(3), .integer(1), .null]))
        #expect(reply["hasMore"] == .bool(true))
    }

    @Test func `the count is of what the filter finds`() throws {
        #expect(try get("/table?filter=metrics.m+%3E+1&total=true&limit=1")["total"] == .integer(2))
        #expect(try get("/table?filter=metrics.none+%3E+1&total=true")["total"] == .integer(0))
    }

    @Test func `groups are in the order of their values, with the means of metrics`() throws {
        try server.store.setTags([Tag(key: "t", value: "a")], run: id("r0"))
        let groups = try #require(list(try get("/table/groups?by=params.dim&metric=m")["groups"]))
        #expect(groups.map { $0["value"] } == [.integer(0), .integer(1)])
        #expect(groups.map { $0["count"] } == [.integer(2), .integer(2)])
        #expect(groups[1]["metrics"]?["m"]?["mean"] == .number(2))
        #expect(groups[1]["metrics"]?["m"]?["max"] == .number(3))
        let tags = try #require(list(try get("/table/groups?by=tags.t")["groups"]))
        #expect(tags.map { $0["value"] } == [.string("a"), .null])
        #expect(list(try get("/table/groups?by=status")["groups"])?.count == 1)
    }

    @Test func `what is the same in all runs is told from what differs`() throws {
        let keys = try get("/table/varying")
        #expect(keys["params"] == .array([.string("dim")]))
        #expect(keys["metrics"] == .array([.string("m")]))
        #expect(keys["runCount"] == .integer(4))
    }

    @Test func `curves have their extremes`() throws {
        let run = try id("r0")
        for step in 1...10 {
            try server.store.logMetrics(
                [
                    Metric(
                        key: "m", value: step == 4 ? 100 : 1, step: Int64(step),
                        timestamp: Timestamp(milliseconds: Int64(step)))
                ], run: run, stage: nil)
        }
        let curves = try #require(list(try get("/sparklines?run=\(run)&metric=m&columns=5")["curves"]))
        #expect(curves.count == 1)
        #expect(curves[0]["max"]?["value"] == .number(100))
        #expect(curves[0]["count"] == .integer(11))
        #expect(curves[0]["lastStep"] == .integer(10))
    }

    @Test func `a table is saved as CSV with quotes where they are needed, and as JSON`() throws {
        try server.store.setTags([Tag(key: "t", value: "say \"a, b\"")], run: id("r0"))
        let csv = try server.send("GET", "/api/v1/table/export?column=tags.t&column=metrics.m&filter=name+%3D+%27r0%27")
        #expect(csv.header("Content-Type") == "text/csv; charset=utf-8")
        let run = try id("r0")
        #expect(csv.text == "id,name,tags.t,metrics.m\r\n\(run),r0,\"say \"\"a, b\"\"\",0.0\r\n")
        let json = try server.send("GET", "/api/v1/table/export?format=json&column=metrics.m&run=\(run)").json
        #expect(list(json)?.first?["metrics.m"] == .number(0))
    }

    @Test func `archived runs leave the table and come back`() throws {
        let run = try id("r1")
        #expect(try act("{\"action\": \"archive\", \"runs\": [\"\(run)\"]}") == .integer(1))
        #expect(try get("/table?archived=no&total=true")["total"] == .integer(3))
        #expect(try get("/table?archived=only&total=true")["total"] == .integer(1))
        _ = try act("{\"action\": \"unarchive\", \"runs\": [\"\(run)\"]}")
        #expect(try get("/table?archived=no&total=true")["total"] == .integer(4))
    }

    @Test func `an action on a filter takes all that it finds, and no other`() throws {
        #expect(
            try act("{\"action\": \"tag\", \"filter\": \"metrics.m >= 2\", \"tags\": {\"good\": \"yes\"}}")
                == .integer(2))
        #expect(try get("/table?filter=tags.good+%3D+%27yes%27&total=true")["total"] == .integer(2))
        #expect(try act("{\"action\": \"delete\", \"filter\": \"tags.good = 'yes'\"}") == .integer(2))
        #expect(try get("/table?total=true")["total"] == .integer(2))
        #expect(try act("{\"action\": \"restore\", \"filter\": \"tags.good = 'yes'\"}") == .integer(2))
        #expect(try get("/table?total=true")["total"] == .integer(4))
    }

    @Test func `a run that is renamed by its name is answered under the new one`() throws {
        let reply = try server.send(
            "PATCH", "/api/v1/runs/r0", headers: ["Content-Type: application/json"], body: "{\"name\": \"better\"}")
        #expect(reply.status == 200)
        #expect(reply.json["name"] == .string("better"))
    }

    @Test func `an unknown action, and one without a body, are refused`() throws {
        let headers = ["Content-Type: application/json"]
        let reply = try server.send("POST", "/api/v1/runs/actions", headers: headers, body: "{\"action\": \"burn\"}")
        #expect(reply.status == 400)
        #expect(
            reply.json["error"]?["message"]
                == .string("`action` in the body is not archive, unarchive, delete, restore or tag"))
        #expect(try server.send("POST", "/api/v1/runs/actions").status == 400)
    }

    @Test func `readers change nothing, and writers start nothing`() throws {
        let guarded = try ServerUnderTest(tokens: "read viewer aaaaaaaaaaaaaaaa\nwrite ci bbbbbbbbbbbbbbbb\n")
        for (token, paths) in [
            (
                "aaaaaaaaaaaaaaaa",
                ["POST /runs/actions", "PATCH /runs/x", "PATCH /experiments/x", "PUT /models/a/aliases/b"]
            ),
            ("bbbbbbbbbbbbbbbb", ["POST /launch", "POST /launch/plan", "POST /runs/x/stop"]),
        ] {
            for path in paths {
                let words = path.split(separator: " ").map(String.init)
                let reply = try guarded.send(
                    words[0], "/api/v1" + words[1],
                    headers: ["Authorization: Bearer \(token)", "Content-Type: application/json"], body: "{}")
                #expect(reply.status == 403, "\(path)")
            }
        }
    }

    /// Without tokens, too: starting programs is for our own page, not for any other of this machine.
    @Test(arguments: ["http://localhost:3000", "http://evil.example", "null", "https://localhost:1"])
    func `a page of another origin starts nothing and changes nothing`(origin: String) throws {
        for path in ["/launch", "/runs/actions"] {
            let reply = try server.send(
                "POST", "/api/v1\(path)", headers: ["Content-Type: application/json", "Origin: \(origin)"], body: "{}")
            #expect(reply.status == 403)
        }
    }

    @Test func `a server without a project says so`() throws {
        let reply = try server.send("GET", "/api/v1/pipeline")
        #expect(reply.status == 404)
        #expect(reply.json["error"]?["message"] == .string("this server has no project behind it"))
    }

    private func get(_ path: String) throws -> JSONValue { try server.send("GET", "/api/v1" + path).json }

    private func act(_ body: String) throws -> JSONValue? {
        try server.send("POST", "/api/v1/runs/actions", headers: ["Content-Type: application/json"], body: body)
            .json["count"]
    }

    private func id(_ name: String) throws -> RunID { try server.store.requireRun(name).id }

    private func list(_ value: JSONValue?) -> [JSONValue]? {
        if case .array(let items)? = value { items } else { nil }
    }
}
