import Experiments
import JSON
import MicroHTTPD

extension MLflowAPI {
    @Sendable func logBatch(_ request: Request) throws -> Reply {
        var batch = try fastBatch(request) ?? carefulBatch(request)
        try batch.check()
        if batch.isEmpty { _ = try self.run(batch.run) }
        for model in Set(batch.metrics.compactMap(\.model)) { _ = try loggedModel(model) }
        let run = batch.run
        try writing(to: run) {
            do {
                try store.log(batch.content, run: run)
            } catch ExperimentError.paramChanged(let key, _, let logged, let new) {
                if logged == new {
                    // The same text, logged by a run of ours as a number: the rest of the batch still counts.
                    batch.params.removeAll { $0.key == key }
                    return try store.log(batch.content, run: run)
                }
                throw MLflowError.invalid(
                    "Changing param values is not allowed. Params were already logged='[{'key': '\(key)', "
                        + "'old_value': '\(logged)', 'new_value': '\(new)'}]' for run ID='\(run)'.")
            }
        }
        try logToModels(batch.metrics, run: run)
        if let name = batch.tags.last(where: { $0.key == MLflowTag.runName }), !name.value.isEmpty {
            try store.changeRun(run, RunChange(name: name.value))
        }
        services.events.changed("run", run.text, always: false)
        return .emptyObject
    }

    private func carefulBatch(_ request: Request) throws -> LogBatch {
        let parameters = try Parameters(request)
        var batch = LogBatch(run: try runID(parameters))
        batch.metrics = try parameters.objects("metrics").enumerated().map { index, metric in
            try LoggedMetric(metric, prefix: "metrics[\(index)].")
        }
        batch.params = try parameters.objects("params").enumerated().map { index, param in
            guard let key = try param.string("key") else { throw missingValue("params[\(index)].key") }
            return Param(key: key, value: .string(try param.string("value") ?? ""))
        }
        batch.tags = try parameters.objects("tags").enumerated().map { index, tag in
            guard let key = try tag.string("key") else { throw missingValue("tags[\(index)].key") }
            return Tag(key: key, value: try tag.string("value") ?? "")
        }
        return batch
    }

    private func fastBatch(_ request: Request) throws -> LogBatch? {
        try checkContentType(request)
        return request.body.withUnsafeBufferPointer { try? Self.scanBatch($0) }
    }

    private static func scanBatch(_ body: UnsafeBufferPointer<UInt8>) throws(JSONScanner.Unusual) -> LogBatch {
        var scanner = JSONScanner(body)
        var batch = LogBatch(run: RunID(""))
        var run = ""
        try scanner.fields { scanner, name throws(JSONScanner.Unusual) in
            switch name {
            case "run_id": run = try scanner.string()
            case "metrics":
                try scanner.items { scanner throws(JSONScanner.Unusual) in
                    var fields = ScannedMetric()
                    try scanner.fields { scanner, name throws(JSONScanner.Unusual) in
                        try fields.read(name, from: &scanner)
                    }
                    batch.metrics.append(LoggedMetric(try fields.metric()))
                }
            case "params":
                try scanner.items { scanner throws(JSONScanner.Unusual) in
                    let (key, value) = try pair(&scanner)
                    batch.params.append(Param(key: key, value: .string(value)))
                }
            case "tags":
                try scanner.items { scanner throws(JSONScanner.Unusual) in
                    let (key, value) = try pair(&scanner)
                    batch.tags.append(Tag(key: key, value: value))
                }
            default: throw JSONScanner.Unusual()
            }
        }
        try scanner.end()
        if run.isEmpty { throw JSONScanner.Unusual() }
        batch.run = RunID(run)
        return batch
    }

    private static func pair(_ scanner: inout JSONScanner) throws(JSONScanner.Unusual) -> (String, String) {
        var key: String?
        var value: String?
        try scanner.fields { scanner, name throws(JSONScanner.Unusual) in
            switch name {
            case "key": key = try scanner.string()
            case "value": value = try scanner.string()
            default: throw JSONScanner.Unusual()
            }
        }
        guard let key, let value else { throw JSONScanner.Unusual() }
        return (key, value)
    }
}

/// What one log-batch brings. It is checked whole before anything is written.
private struct LogBatch {
    var run: RunID
    var metrics: [LoggedMetric] = []
    var params: [Param] = []
    var tags: [Tag] = []

    var isEmpty: Bool { metrics.isEmpty && params.isEmpty && tags.isEmpty }

    var content: RunBatch { RunBatch(params: params, metrics: metrics.map(\.metric), tags: tags) }

    mutating func check() throws {
        try checkCount(metrics.count, most: 1000, "metrics")
        try checkCount(params.count, most: 100, "params")
        try checkCount(tags.count, most: 100, "tags")
        try checkCount(metrics.count + params.count + tags.count, most: 1000, "metrics, params, and tags")
        for (index, metric) in metrics.enumerated() { try metric.check(place: "metrics[\(index)].name") }
        for index in params.indices {
            try KeyRules.checkKey(params[index].key, place: "params[\(index)].key", what: "Param key")
            guard case .string(let text) = params[index].value else { continue }
            params[index].value = .string(KeyRules.truncated(text, KeyRules.paramValueLength))
        }
        for index in tags.indices {
            try KeyRules.checkKey(tags[index].key, place: "tags[\(index)].key", what: "tags[\(index)].key")
            tags[index].value = KeyRules.truncated(tags[index].value, KeyRules.runTagValueLength)
        }
        let repeated = Dictionary(grouping: params.map(\.key)) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
        if !repeated.isEmpty {
            let names = repeated.map { "'\($0)'" }.joined(separator: ", ")
            throw MLflowError.invalid(
                "Duplicate parameter keys have been submitted: [\(names)]. "
                    + "Please ensure the request contains only one param value per param key.")
        }
    }

    private func checkCount(_ count: Int, most: Int, _ what: String) throws {
        if count <= most { return }
        throw MLflowError.invalid(
            "A batch logging request can contain at most \(most) \(what). Got \(count) \(what). "
                + "Please split up \(what) across multiple requests and try again.")
    }
}
