package import Diagnostics
import Experiments
import JSON

/// Logs lines of JSON as they come: `{"loss": 0.3, "acc": 0.9, "step": 4}`.
///
/// `step` is the step of all numbers in the line, `params` and `tags` are objects, `note` is a text; every other key is a
/// metric, and an object stands for metrics with dotted names. A line that is not so is an error of its own.
package struct LineLog: Sendable {
    private let run: Run

    /// - Parameters:
    ///   - reference: The run, nil for the one that the environment names; if that names none either, one is begun.
    ///   - experiment: Of a run that is begun.
    package init(
        run reference: String?, experiment: String?, name: String?, server: String?, in context: RunContext
    ) throws {
        var options = RunOptions()
        options.recordsCode = false
        options.systemMetricsInterval = nil
        if let server { options.destination = .server(server) }
        if reference != nil || context.surrounding != nil {
            run = try Run.attach(to: reference, options: options, in: context)
        } else {
            run = try Run.start(experiment: experiment, name: name, options: options, in: context)
        }
    }

    package var runID: String { run.id }
    package var runName: String { run.name }

    package func log(_ line: some Collection<UInt8>, number: Int) throws {
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: Array(line), file: "line")
        } catch {
            throw LineLogError(line: number, reason: (error as? any UserFacingError)?.message ?? "it is no JSON")
        }
        guard case .object(let object) = value else {
            throw LineLogError(line: number, reason: "an object is expected, such as {\"loss\": 0.3, \"step\": 4}")
        }
        try log(object, number)
    }

    /// Writes what is left; the run ends if it was begun here. Answers what went wrong.
    package func finish() -> [String] { run.finish().problems }

    private func log(_ object: JSONObject, _ line: Int) throws {
        var metrics: [(key: String, value: Double)] = []
        var step: Int64?
        var params: [Param] = []
        var tags: [Tag] = []
        for (key, value) in object.pairs {
            switch (key, value) {
            case ("step", .integer(let number)): step = number
            case ("step", .number(let number)) where Int64(exactly: number) != nil: step = Int64(exactly: number)
            case ("step", _): throw LineLogError(line: line, reason: "step is not a whole number")
            case ("params", .object(let inner)):
                params += try inner.pairs.map { Param(key: try self.key($0.key, line), value: $0.value) }
            case ("tags", .object(let inner)):
                tags += try inner.pairs.map { pair in
                    guard case .string(let text) = pair.value else {
                        throw LineLogError(line: line, reason: "tag \(pair.key) is no text")
                    }
                    return Tag(key: try self.key(pair.key, line), value: text)
                }
            case ("note", .string(let text)): tags.append(Tag(key: noteTag, value: text))
            default: try collect(key, value, line, &metrics)
            }
        }
        if !params.isEmpty { run.recorder.log(params: params) }
        if !tags.isEmpty { run.recorder.set(tags: tags) }
        for metric in metrics { run.recorder.log(metric.key, metric.value, step: step) }
    }

    private func collect(
        _ name: String, _ value: JSONValue, _ line: Int, _ metrics: inout [(key: String, value: Double)]
    ) throws {
        if case .object(let inner) = value {
            for pair in inner.pairs { try collect("\(name).\(pair.key)", pair.value, line, &metrics) }
        } else if let number = metricValue(value) {
            metrics.append((try key(name, line), number))
        } else if value != .null {
            throw LineLogError(line: line, reason: "`\(name)` is no number")
        }
    }

    private func key(_ key: String, _ line: Int) throws -> String {
        do {
            return try checkedKey(key, "the line")
        } catch {
            throw LineLogError(line: line, reason: "`\(key)` cannot be a name: 1 to 250 characters that are shown")
        }
    }
}

/// A line that cannot be logged; the others are.
package struct LineLogError: UserFacingError, Equatable {
    package let line: Int
    package let reason: String

    package var kind: ErrorKind { .invalidInput }
    package var message: String { "line \(line): \(reason)" }
}
