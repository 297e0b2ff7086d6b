package import Diagnostics
import Experiments
package import JSON
import Pipelines
import Workspaces

/// Params or metrics of the workspace or of a run, sorted by name.
package struct ShowValuesReport: Sendable {
    package var revision: Revision
    package var values: [(name: String, value: JSONValue)]
    /// Files that could not be read; the others are shown all the same.
    package var problems: [any UserFacingError]
}

/// The params that the pipeline's stages use.
package func showParams(_ revision: Revision, in surroundings: Surroundings) throws -> ShowValuesReport {
    if let record = try surroundings.recordOnServer(revision) {
        return ShowValuesReport(revision: revision, values: sorted(record.params), problems: [])
    }
    let opened = try OpenProject(surroundings)
    var values: [String: JSONValue] = [:]
    switch try opened.source(of: revision) {
    case .run(let run): values = try opened.experiments.record(run.id)?.params ?? [:]
    case .files(let files):
        let reader = ParamReader(files: files)
        for stage in try LoadedPipeline(files).graph.stages {
            for (file, found) in try reader.read(stage.params) {
                for value in found { values[paramName(file: file, key: value.key)] = value.value }
            }
        }
    }
    return ShowValuesReport(revision: revision, values: sorted(values), problems: [])
}

/// The numbers in the pipeline's metrics files.
package func showMetrics(_ revision: Revision, in surroundings: Surroundings) throws -> ShowValuesReport {
    if let record = try surroundings.recordOnServer(revision) {
        let values = record.metrics.mapValues { JSONValue.number($0.value) }
        return ShowValuesReport(revision: revision, values: sorted(values), problems: [])
    }
    let opened = try OpenProject(surroundings)
    switch try opened.source(of: revision) {
    case .run(let run):
        let metrics = try opened.experiments.record(run.id)?.metrics ?? [:]
        return ShowValuesReport(
            revision: revision, values: sorted(metrics.mapValues { .number($0.value) }), problems: [])
    case .files(let files):
        let (metrics, problems) = readMetrics(of: try LoadedPipeline(files).graph.stages, from: files)
        let values = Dictionary(metrics.map { ($0.name, JSONValue.number($0.value)) }, uniquingKeysWith: { a, _ in a })
        return ShowValuesReport(revision: revision, values: sorted(values), problems: problems)
    }
}

extension Surroundings {
    /// Nil for what is here in any case, such as the workspace, or if no server is named.
    fileprivate func recordOnServer(_ revision: Revision) throws -> RunRecord? {
        guard trackingServer != nil, case .run(let reference) = revision else { return nil }
        return try runSource().record(reference)
    }
}

extension OpenProject {
    /// What a revision turns out to be.
    enum ValueSource {
        case run(Run)
        case files(ProjectFiles)
    }

    func source(of revision: Revision) throws -> ValueSource {
        switch revision {
        case .workspace: return .files(.onDisk(root: project.root))
        case .run(let reference):
            do {
                return .run(try requireRun(reference))
            } catch let error as ExperimentError {
                guard case .noSuchRun = error, let found = try findCommit(reference) else { throw error }
                return .files(try files(at: found.commit, in: found.repository))
            }
        }
    }
}

private func sorted(_ values: [String: JSONValue]) -> [(name: String, value: JSONValue)] {
    values.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
}
