import Experiments
import TestSupport
import Testing

@testable import Server

/// Requests that are wrong in themselves: each is the client's mistake, a 400 that says what, and changes nothing.
@Suite struct RequestTests {
    let server: ServerUnderTest
    let run: RunID

    init() throws {
        server = try ServerUnderTest()
        run = try server.makeRun()
    }

    @Test(arguments: [
        ("runs/create", "not json"), ("runs/create", "[1]"), ("runs/create", "{\"experiment_id\": 0}"),
        ("runs/create", "{\"experiment_id\": \"abc\"}"),
        ("runs/update", "{\"run_id\": \"RUN\", \"status\": \"BOGUS\"}"),
        ("runs/log-metric", "{\"run_id\": \"RUN\", \"key\": \"m\", \"value\": \"nan\", \"timestamp\": 1}"),
        ("runs/log-metric", "{\"run_id\": \"RUN\", \"key\": \"m\", \"value\": NaN, \"timestamp\": 1}"),
        ("runs/log-metric", "{\"run_id\": \"RUN\", \"key\": \"m\", \"value\": 1, \"timestamp\": -1}"),
        ("runs/log-metric", "{\"run_id\": \"RUN\", \"key\": \"m\", \"value\": 1}"),
        ("runs/log-metric", "{\"run_id\": \"RUN\", \"key\": \"m\", \"value\": 1e999, \"timestamp\": 1}"),
        (
            "runs/log-batch",
            "{\"run_id\": \"RUN\", \"metrics\": [{\"key\": \"m\", \"value\": \"x\", \"timestamp\": 1}]}"
        ),
        ("runs/log-batch", "{\"run_id\": \"RUN\", \"metrics\": [{\"key\": \"m\", \"value\": 1}]}"),
        ("runs/log-batch", "{\"run_id\": \"RUN\", \"metrics\": {\"key\": \"m\"}}"),
        ("runs/log-batch", "{\"run_id\": \"RUN\", \"params\": [{\"key\": \"p\"}, {\"key\": \"p\"}]}"),
        ("runs/log-batch", "{\"run_id\": \"RUN\", \"runId\": \"RUN\"}"),
        ("experiments/create", "{\"name\": \" \"}"), ("experiments/create", "{}"),
        ("experiments/search", "{}"), ("runs/search", "{\"experiment_ids\": [\"0\"], \"max_results\": 0}"),
        ("runs/search", "{\"experiment_ids\": [\"0\"], \"page_token\": \"!\"}"),
    ]) func `a wrong body is refused`(call: String, body: String) throws {
        let filled = body.split(separator: "RUN", omittingEmptySubsequences: false).joined(separator: run.text)
        let reply = try server.post(call, filled)
        #expect(reply.status == 400)
        #expect(reply.mlflowError.code == "INVALID_PARAMETER_VALUE")
        #expect(try server.store.record(run)?.metrics.isEmpty == true)
        #expect(try server.store.run(run)?.status == .running)
    }

    @Test func `the special numbers of JSON clients are values`() throws {
        for (index, text) in ["\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"1.5\"", "2"].enumerated() {
            let body = "{\"run_id\": \"\(run)\", \"key\": \"m\(index)\", \"value\": \(text), \"timestamp\": \"7\"}"
            #expect(try server.post("runs/log-metric", body).text == "{}")
        }
        let metrics = try #require(try server.store.record(run)?.metrics)
        #expect(metrics.values.map { "\($0.value)" }.sorted() == ["-inf", "1.5", "2.0", "inf", "nan"])
    }

    @Test func `camelCase names are the same fields`() throws {
        let body = "{\"runId\": \"\(run)\", \"key\": \"m\", \"value\": 1, \"timestamp\": 1}"
        #expect(try server.post("runs/log-metric", body).status == 200)
    }

    @Test func `a body of another type is refused`() throws {
        let reply = try server.send(
            "POST", "/api/2.0/mlflow/runs/create", headers: ["Content-Type: text/plain"], body: "{}")
        #expect(
            reply.mlflowError.message == "Bad Request. Content-Type must be one of ['application/json'].")
        #expect(
            try server.send("POST", "/api/2.0/mlflow/runs/create", body: "{}").mlflowError.message
                == "Bad Request. Content-Type header is missing.")
    }

    @Test func `too many at once are refused by count`() throws {
        let metric = "{\"key\": \"m\", \"value\": 1, \"timestamp\": 1}"
        let many = [String](repeating: metric, count: 1001).joined(separator: ",")
        #expect(
            try server.post("runs/log-batch", "{\"run_id\": \"\(run)\", \"metrics\": [\(many)]}").mlflowError.message
                == "A batch logging request can contain at most 1000 metrics. Got 1001 metrics. "
                + "Please split up metrics across multiple requests and try again.")
    }

    @Test func `a JSON of a gigabyte is refused before it comes`() throws {
        let client = try RawClient(port: server.server.port)
        client.send("POST /api/2.0/mlflow/runs/log-batch HTTP/1.1\r\nHost: localhost\r\n")
        client.send("Content-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n")
        #expect(client.receive()?.status == 413)
    }

    @Test func `JSON that is nested without end is refused`() throws {
        let deep = String(repeating: "[", count: 100_000)
        #expect(try server.post("runs/log-batch", "{\"metrics\": \(deep)").status == 400)
    }

    @Test func `an unknown path is a 404 and a known one with another method a 405`() throws {
        #expect(try server.get("nothing").mlflowError.code == "ENDPOINT_NOT_FOUND")
        let reply = try server.get("runs/create")
        #expect(reply.status == 405)
        #expect(reply.header("Allow") == "POST")
        #expect(try server.send("GET", "/api/2.0/mlflow/%zz").status == 400)
    }

    @Test func `a batch with a wrong part writes nothing`() throws {
        let body = """
            {"run_id": "\(run)", "metrics": [{"key": "m", "value": 1, "timestamp": 1}], "params": [{"key": "../x"}]}
            """
        #expect(try server.post("runs/log-batch", body).status == 400)
        #expect(try server.store.record(run)?.metrics.isEmpty == true)
    }
}
