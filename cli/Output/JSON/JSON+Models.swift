import Diagnostics
import Experiments
import JSON
import Operations

/// Registered models and their versions, as `--json` prints them.
extension JSONValue {
    init(_ report: ModelReport) {
        var aliases = JSONObject()
        for alias in report.model.aliases { aliases[alias.alias] = .integer(alias.version) }
        self = .object([
            "name": .string(report.model.name), "description": .string(report.model.description),
            "createdAt": JSONValue(report.model.createdAt), "updatedAt": JSONValue(report.model.updatedAt),
            "aliases": .object(aliases), "versions": .array(report.versions.map { JSONValue($0) }),
        ])
    }

    init(_ version: ModelVersion) {
        self = .object([
            "model": .string(version.model), "version": .integer(version.number), "run": .string(version.run),
            "source": .string(version.source), "description": .string(version.description),
            "aliases": .array(version.aliases.map { .string($0) }), "createdAt": JSONValue(version.createdAt),
        ])
    }
}
