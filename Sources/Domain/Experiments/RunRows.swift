package import Diagnostics
package import JSON

/// Runs as rows of a table: the same value of a column wherever runs are shown or given to other programs.
extension RunRecord {
    /// `.null` if the run has none. Times are as in our API, durations in seconds.
    package func value(_ column: RunColumn, now: Timestamp) -> JSONValue {
        switch column {
        case .param(let name): params[name] ?? .null
        case .metric(let name): metrics[name].map { .number($0.value) } ?? .null
        case .tag(let name): tags[name].map { .string($0) } ?? .null
        case .attribute(let attribute): run.value(attribute, now: now)
        case .stage(let name, let field):
            switch (stages.first { $0.stage == name }, field) {
            case (nil, _): .null
            case (let stage?, .state): .string(stage.state.rawValue)
            case (let stage?, .duration): stage.durationMilliseconds.map { .number(Double($0) / 1000) } ?? .null
            case (let stage?, .exitCode): stage.exitCode.map { .integer(Int64($0)) } ?? .null
            }
        }
    }
}

extension Run {
    fileprivate func value(_ attribute: RunAttribute, now: Timestamp) -> JSONValue {
        func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        switch attribute {
        case .id: return text(id.text)
        case .name: return text(name)
        case .status: return text(status.rawValue)
        case .experiment: return text(experimentName)
        case .user: return text(user)
        case .host: return text(owner?.host.name)
        case .command: return text(commandLine.isEmpty ? nil : commandLine.joined(separator: " "))
        case .commit: return text(git?.commit)
        case .branch: return text(git?.branch)
        case .failure: return text(failure)
        case .startTime: return text(startedAt.description)
        case .endTime: return text(endedAt?.description)
        case .duration: return .number(Double(durationMilliseconds(now: now)) / 1000)
        }
    }
}

extension [RunRecord] {
    /// Every attribute, and every param, metric and tag that one of the runs has, each group by name.
    package var allColumns: [RunColumn] {
        func keys(_ names: (RunRecord) -> some Sequence<String>) -> [String] {
            reduce(into: Set<String>()) { $0.formUnion(names($1)) }.sorted()
        }
        return RunAttribute.allCases.map { .attribute($0) } + keys { $0.params.keys }.map { .param($0) }
            + keys { $0.metrics.keys }.map { .metric($0) } + keys { $0.tags.keys }.map { .tag($0) }
    }
}

/// A row of a CSV file; null is an empty field.
package func csvLine(_ values: [JSONValue]) -> String {
    separatedLine(
        values.map { value in
            switch value {
            case .null: ""
            case .string(let text): text
            default: value.text()
            }
        })
}
