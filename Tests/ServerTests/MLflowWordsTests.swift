import Experiments
import JSON
import TestSupport
import Testing

@testable import Server

/// What MLflow's own tests of its REST API ask, beyond the rest: words that its clients or its page look at.
@Suite struct MLflowWordsTests {
    let server: ServerUnderTest

    init() throws { server = try ServerUnderTest() }

    private func ask(_ path: String) throws -> RawReply { try server.send("GET", path) }

    @Test(arguments: [
        (
            "get-history-bulk?metric_key=key",
            "GetMetricHistoryBulk request must specify at least one run_id."
        ),
        ("get-history-bulk?run_id=1", "GetMetricHistoryBulk request must specify a metric_key."),
        (
            "get-history-bulk?metric_key=key" + many("run_id"),
            "GetMetricHistoryBulk request cannot specify more than 100 run_ids. Received 1000 run_ids."
        ),
        (
            "get-history-bulk-interval?metric_key=key" + many("run_ids"),
            "GetMetricHistoryBulkInterval request must specify at most 100 run_ids. Received 1000 run_ids."
        ),
        (
            "get-history-bulk-interval?metric_key=key&run_ids=1&max_results=0",
            "max_results must be between 1 and 2500."
        ),
    ]) func `a request for histories that cannot be met is refused`(call: String, message: String) throws {
        let reply = try ask("/ajax-api/2.0/mlflow/metrics/" + call)
        #expect(reply.status == 400)
        #expect(reply.mlflowError.message == message)
    }

    /// A query of tens of thousands of bytes is answered, too.
    private static func many(_ name: String) -> String { (0..<1000).map { "&\(name)=id_\($0)" }.joined() }

    @Test func `a batch of nothing is refused for a run that is not there`() throws {
        #expect(try server.post("runs/log-batch", #"{"run_id": "absent"}"#).status == 404)
        #expect(try server.post("runs/log-batch", #"{"run_id": "\#(try server.makeRun())"}"#).text == "{}")
    }

    @Test func `a name is for a model or for a prompt`() throws {
        func make(_ name: String, isPrompt: Bool) throws -> String {
            let tags = isPrompt ? #"[{"key": "mlflow.prompt.is_prompt", "value": "true"}]"# : "[]"
            let reply = try server.post("registered-models/create", #"{"name": "\#(name)", "tags": \#(tags)}"#)
            return reply.status == 200 ? "" : reply.mlflowError.message
        }
        #expect(try make("p", isPrompt: true) == "")
        #expect(try make("p", isPrompt: true) == "Prompt (name=p) already exists.")
        #expect(try make("p", isPrompt: false).hasPrefix("Tried to create a registered model with name 'p'"))
        #expect(try make("m", isPrompt: false) == "")
        #expect(try make("m", isPrompt: false) == "Registered Model (name=m) already exists.")
    }

    @Test func `models and versions are ordered by what MLflow orders them by`() throws {
        func search(_ call: String, _ order: String) throws -> RawReply {
            try server.get("\(call)/search?order_by=\(order)")
        }
        #expect(try search("registered-models", "last_updated_timestamp%20DESC").status == 200)
        #expect(
            try search("registered-models", "creation_timestamp%20DESC").mlflowError.message.hasPrefix(
                "Invalid order by key 'creation_timestamp' specified."))
        #expect(try search("registered-models", "name%20DESC%20blah").status == 400)
        #expect(try search("model-versions", "version_number%20DESC").status == 200)
        #expect(try search("model-versions", "run_id%20DESC").status == 400)
    }

    @Test func `datasets are searched in 20 experiments at most`() throws {
        func search(_ ids: [Int]) throws -> String {
            let list = ids.map { "\"\($0)\"" }.joined(separator: ",")
            let reply = try server.send(
                "POST", "/ajax-api/2.0/mlflow/experiments/search-datasets", headers: ["Content-Type: application/json"],
                body: "{\"experiment_ids\": [\(list)]}")
            return reply.mlflowError.message
        }
        #expect(try search([]) == "SearchDatasets request must specify at least one experiment_id.")
        #expect(
            try search(Array(0...20))
                == "SearchDatasets request cannot specify more than 20 experiment_ids. Received 21 experiment_ids.")
    }

    @Test func `a path that leads elsewhere is refused before what it belongs to is looked for`() throws {
        for path in ["/model-versions/get-artifact?name=m&version=1", "//model-versions/get-artifact?name=m&version=1"]
        {
            let reply = try ask(path + "&path=../path")
            #expect(reply.status == 400)
            #expect(reply.mlflowError.message == "Invalid path")
        }
        #expect(try ask("/get-artifact?run_id=absent&path=../path").mlflowError.message == "Invalid path")
    }

    @Test func `an upload of the page says what it lacks`() throws {
        let run = try server.makeRun()
        func upload(_ query: String, _ body: String = "") throws -> String {
            try server.send("POST", "/ajax-api/2.0/mlflow/upload-artifact" + query, body: body).mlflowError.message
        }
        #expect(try upload("") == "Request must specify run_uuid.")
        #expect(try upload("?run_uuid=\(run)") == "Request must specify path.")
        #expect(try upload("?run_uuid=\(run)&path=") == "Request must specify path.")
        #expect(try upload("?run_uuid=absent&path=../t.txt") == "Invalid path")
        #expect(try upload("?run_uuid=\(run)&path=t.txt") == "Request must specify data.")
        #expect(
            try server.send("POST", "/ajax-api/2.0/mlflow/upload-artifact?run_uuid=\(run)&path=t.txt", body: "x").status
                == 200)
    }

    @Test func `logged models are those that were measured on the datasets that are named`() throws {
        let run = try server.makeRun()
        let ids = try (0..<2).map { _ -> String in
            let reply = try server.post("logged-models", #"{"experiment_id": "0"}"#)
            guard case .string(let id)? = reply.json["model"]?["info"]?["model_id"] else {
                throw ServerUnderTest.NoReply()
            }
            return id
        }
        let point = #""run_id": "\#(run)", "key": "m", "value": 1, "timestamp": 1, "step": 0"#
        _ = try server.post(
            "runs/log-metric",
            "{\(point), \"model_id\": \"\(ids[0])\", \"dataset_name\": \"d\", \"dataset_digest\": \"1\"}")
        func search(_ datasets: String) throws -> [JSONValue] {
            let reply = try server.post(
                "logged-models/search", "{\"experiment_ids\": [\"0\"], \"datasets\": [\(datasets)]}")
            guard case .array(let models)? = reply.json["models"] else { return [] }
            return models.compactMap { $0["info"]?["model_id"] }
        }
        #expect(try search("").count == 2)
        #expect(try search(#"{"dataset_name": "d"}"#) == [.string(ids[0])])
        #expect(try search(#"{"dataset_name": "d", "dataset_digest": "1"}"#) == [.string(ids[0])])
        #expect(try search(#"{"dataset_name": "d", "dataset_digest": "2"}"#).isEmpty)
    }

    @Test func `a logged model knows its versions, in the text that Python writes`() throws {
        let reply = try server.post("logged-models", #"{"experiment_id": "0"}"#)
        guard case .string(let id)? = reply.json["model"]?["info"]?["model_id"] else { throw ServerUnderTest.NoReply() }
        _ = try server.post("registered-models/create", #"{"name": "m"}"#)
        for _ in 0..<2 {
            let made = try server.post(
                "model-versions/create", #"{"name": "m", "source": "models:/\#(id)", "model_id": "\#(id)"}"#)
            #expect(made.status == 200)
        }
        #expect(
            try server.store.loggedModel(id)?.tags.first { $0.key == "mlflow.modelVersions" }?.value
                == #"[{"name": "m", "version": 1}, {"name": "m", "version": 2}]"#)
    }
}
