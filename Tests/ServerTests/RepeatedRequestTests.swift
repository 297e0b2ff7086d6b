import Diagnostics
import Experiments
import Files
import HTTP
import JSON
import MicroHTTPD
import TestSupport
import Testing

@testable import Server

/// What a client sends again because it has heard no answer.
@Suite struct RepeatedRequestTests {
    let server: ServerUnderTest

    init() throws { server = try ServerUnderTest() }

    @Test(arguments: [
        ("runs/log-metric", #""key":"m","value":"NaN","timestamp":5,"step":2"#),
        ("runs/log-parameter", #""key":"p","value":"1""#),
        ("runs/set-tag", #""key":"t","value":"v""#),
        (
            "runs/log-batch",
            #""metrics":[{"key":"m","value":1.5,"timestamp":7,"step":3},{"key":"m","value":1.5,"timestamp":7,"step":4}],"#
                + #""params":[{"key":"p","value":"x"}],"tags":[{"key":"t","value":"y"}]"#
        ),
        (
            "runs/log-inputs",
            #""datasets":[{"tags":[{"key":"mlflow.data.context","value":"train"}],"#
                + #""dataset":{"name":"d","digest":"1","source_type":"local","source":"{}"}}],"models":[{"model_id":"m-1"}]"#
        ),
        ("runs/outputs", #""models":[{"model_id":"m-2","step":3}]"#),
        ("runs/update", #""status":"FINISHED","end_time":9,"run_name":"n""#),
        ("runs/delete", ""), ("runs/restore", ""),
    ]) func `changes nothing if it tells a run something`(call: String, fields: String) throws {
        let run = try server.makeRun()
        let body = #"{"run_id":"\#(run.text)"\#(fields.isEmpty ? "" : ",")\#(fields)}"#
        let state = {
            try [
                "runs/get?run_id=\(run.text)", "metrics/get-history?run_id=\(run.text)&metric_key=m",
            ].map { try server.get($0).text }
        }
        let before = try state()
        #expect(try server.post(call, body).status == 200)
        let once = try state()
        #expect(call == "runs/restore" || once != before)
        #expect(try server.post(call, body).status == 200)
        #expect(try state() == once)
    }

    @Test func `makes no second run after the server was killed before it could answer`() throws {
        let request = request(secondsAgo: 1)
        let first = try create(request, by: server.services)
        let restarted = restart()
        #expect(try create(request, by: restarted) == first)
        #expect(try server.store.record(first)?.tags == ["team": "a", "mlflow.runName": "r"])
        // But that was the one answer which was owed.
        #expect(try create(request, by: restarted) != first)
    }

    @Test func `is told from the request of another worker, which begins with the same bytes`() throws {
        let request = request(secondsAgo: 1)
        #expect(try create(request, by: server.services) != create(request, by: server.services))
    }

    @Test func `is not answered with a run that has been heard of`() throws {
        let change: [(RunID) throws -> Void] = [
            { try server.store.logMetrics([Metric(key: "m", value: 1, timestamp: server.now)], run: $0, stage: nil) },
            { try server.store.logParams([Param(key: "p", value: .string("1"))], run: $0) },
            { try server.store.setTags([Tag(key: "other", value: "")], run: $0) },
            { try server.store.setTags([Tag(key: "team", value: "b")], run: $0) },
            { try server.store.changeRun($0, RunChange(status: .finished, endedAt: server.now)) },
            { try server.store.deleteRuns([$0], at: server.now) },
        ]
        for (index, change) in change.enumerated() {
            let request = request(secondsAgo: 1, team: "t\(index)")
            let first = try create(request, by: server.services)
            try change(first)
            #expect(try create(request, by: restart()) != first)
        }
    }

    @Test(arguments: [-100, 700]) func `is not answered with a run of long ago or of later`(secondsAgo: Int64) throws {
        let request = request(secondsAgo: secondsAgo)
        let first = try create(request, by: server.services)
        #expect(try create(request, by: restart()) != first)
    }

    @Test func `is not answered with the run of another caller`() throws {
        let request = request(secondsAgo: 1)
        let first = try create(request, by: server.services)
        #expect(try create(request, as: Caller(name: "eve", role: .write), by: restart()) != first)
    }

    /// The server's next process, over the same store.
    private func restart() -> Services {
        Services(store: server.store, objects: server.objects, scratch: server.folder.path.appending("scratch"))
    }

    private func create(_ body: [UInt8], as caller: Caller = .owner, by services: Services) throws -> RunID {
        let head = RequestHead(
            method: .post, path: "/", query: nil, headers: ["Content-Type": "application/json"], peer: "")
        let request = Request(head: head, captures: [:], query: [], caller: caller, body: body)
        let reply = try MLflowAPI(services: services).createRun(request)
        guard case .bytes(let bytes) = reply.body, case .object(let object) = try JSONValue(parsing: bytes),
            case .object(let run)? = object["run"], case .object(let info)? = run["info"],
            case .string(let id)? = info["run_id"]
        else { throw ServerUnderTest.NoReply() }
        return RunID(id)
    }

    private func request(secondsAgo: Int64, team: String = "a") -> [UInt8] {
        let start = server.now.milliseconds - 1000 * secondsAgo
        let tags = #"[{"key":"team","value":"\#(team)"}]"#
        return Array(#"{"experiment_id":"0","run_name":"r","start_time":\#(start),"tags":\#(tags)}"#.utf8)
    }
}

extension ServerUnderTest {
    fileprivate var now: Timestamp { services.clock.now() }
}
