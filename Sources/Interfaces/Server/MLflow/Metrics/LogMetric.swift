import Diagnostics
import Experiments
import MicroHTTPD

/// One metric point: the call that training loops make most.
extension MLflowAPI {
    @Sendable func logMetric(_ request: Request) throws -> Reply {
        let (run, logged) = try fastMetric(request) ?? carefulMetric(request)
        try logged.check(place: "name")
        if let model = logged.model { _ = try loggedModel(model) }
        try writing(to: run) { try store.logMetrics([logged.metric], run: run, stage: nil) }
        try logToModels([logged], run: run)
        services.events.changed("run", run.text, always: false)
        return .emptyObject
    }

    private func carefulMetric(_ request: Request) throws -> (RunID, LoggedMetric) {
        let parameters = try Parameters(request)
        return (try runID(parameters), try LoggedMetric(parameters, prefix: ""))
    }

    private func fastMetric(_ request: Request) throws -> (RunID, LoggedMetric)? {
        try checkContentType(request)
        return request.body.withUnsafeBufferPointer { try? Self.scanMetric($0) }
    }

    private static func scanMetric(_ body: UnsafeBufferPointer<UInt8>) throws(JSONScanner.Unusual) -> (
        RunID, LoggedMetric
    ) {
        var scanner = JSONScanner(body)
        var run: String?
        var fields = ScannedMetric()
        try scanner.fields { scanner, name throws(JSONScanner.Unusual) in
            switch name {
            case "run_id": run = try scanner.string()
            case "run_uuid":
                let older = try scanner.string()
                run = run ?? older
            default: try fields.read(name, from: &scanner)
            }
        }
        try scanner.end()
        guard let run, !run.isEmpty else { throw JSONScanner.Unusual() }
        return (RunID(run), LoggedMetric(try fields.metric()))
    }
}

/// The fields of a metric as they come.
struct ScannedMetric {
    private var key: String?
    private var value: Double?
    private var timestamp: Int64?
    private var step: Int64 = 0

    mutating func read(_ name: JSONScanner.Name, from scanner: inout JSONScanner) throws(JSONScanner.Unusual) {
        switch name {
        case "key": key = try scanner.string()
        case "value": value = try scanner.number()
        case "timestamp": timestamp = try scanner.integer()
        case "step": step = try scanner.integer()
        default: throw JSONScanner.Unusual()
        }
    }

    func metric() throws(JSONScanner.Unusual) -> Metric {
        guard let key, let value, let timestamp else { throw JSONScanner.Unusual() }
        return Metric(key: key, value: value, step: step, timestamp: Timestamp(milliseconds: timestamp))
    }
}
