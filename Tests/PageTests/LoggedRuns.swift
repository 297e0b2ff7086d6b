import JSON
import TestSupport

/// Runs that a client of MLflow logs while the page is open.
extension Page {
    /// Answers its id.
    @discardableResult
    func logRun(
        _ name: String, params: [String: String] = [:], metrics: [String: [Double]] = [:], tags: [String: String] = [:],
        isOver: Bool = true
    ) throws -> String {
        let made = try mlflow(
            "runs/create",
            ["experiment_id": .string("0"), "run_name": .string(name), "start_time": .integer(1_700_000_000_000)])
        guard case .object(let run)? = made["run"], case .object(let info)? = run["info"],
            case .string(let id)? = info["run_id"]
        else { throw BadReply(reply: made) }
        func pairs(_ values: [String: String]) -> JSONValue {
            .array(
                values.sorted { $0.key < $1.key }.map { .object(["key": .string($0.key), "value": .string($0.value)]) })
        }
        try mlflow("runs/log-batch", ["run_id": .string(id), "params": pairs(params), "tags": pairs(tags)])
        for (key, values) in metrics { try logMetric(id, key, values) }
        if isOver {
            try mlflow(
                "runs/update",
                ["run_id": .string(id), "status": .string("FINISHED"), "end_time": .integer(1_700_000_060_000)])
        }
        return id
    }

    /// Values at the steps from `start`, a second apart.
    func logMetric(_ run: String, _ key: String, _ values: [Double], from start: Int = 0) throws {
        for first in stride(from: 0, to: values.count, by: 1000) {
            let points = values[first..<min(values.count, first + 1000)].enumerated().map { index, value -> JSONValue in
                let step = start + first + index
                let shown: JSONValue = value.isFinite ? .number(value) : .string(value.isNaN ? "NaN" : "Infinity")
                return .object([
                    "key": .string(key), "value": shown, "step": .integer(Int64(step)),
                    "timestamp": .integer(1_700_000_000_000 + Int64(step) * 1000),
                ])
            }
            try mlflow("runs/log-batch", ["run_id": .string(run), "metrics": .array(points)])
        }
    }

    func putArtifact(_ run: String, _ path: String, _ content: String) throws {
        let reply = try send("PUT", "/api/2.0/mlflow-artifacts/artifacts/0/\(run)/artifacts/\(path)", content)
        if reply.status != 200 { throw BadReply(reply: .string(reply.text)) }
    }

    @discardableResult
    private func mlflow(_ call: String, _ body: JSONObject) throws -> JSONObject {
        let reply = try send("POST", "/api/2.0/mlflow/\(call)", JSONValue.object(body).text())
        guard reply.status == 200, case .object(let object) = try JSONValue(parsing: reply.body) else {
            throw BadReply(reply: .string(reply.text))
        }
        return object
    }

    struct BadReply: Error {
        let reply: JSONValue
        init(reply: JSONValue) { self.reply = reply }
        init(reply: JSONObject) { self.reply = .object(reply) }
    }
}
