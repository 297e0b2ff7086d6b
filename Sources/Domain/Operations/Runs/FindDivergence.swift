package import Experiments
import Files
package import JSON
package import Objects

/// Where two runs first part: from the gap in a metric up the stages that differ, to the first one that did not get the
/// same, and to what it got.
package struct RunDivergence: Sendable {
    package enum Cause: Sendable {
        /// Files that no stage above made otherwise.
        case files
        /// Params, variables or options of the stage; all that is known of them is which params the runs differ in.
        case settings
        case commands
        /// It got the same and made something else: it is not deterministic.
        case outputs
        /// The runs have no stages that differ: their code, or params, do.
        case code
    }

    package struct File: Sendable {
        package var path: String
        package var before: Digest?
        package var after: Digest?
        /// Nil if both are not at hand, or too large.
        package var difference: ContentDifference?
    }

    package var cause: Cause
    /// Nil where there are no stages.
    package var stage: String?
    /// For `.files` and `.outputs`.
    package var files: [File]
    /// The params in which the runs differ, those named after the stage first.
    package var params: [CompareRunsReport.Row<JSONValue>]
    /// The stages through which it reached the metric, from `stage` on.
    package var course: [String]
}

/// Nil if nothing that is known differs. `metric`: whose gap is to be explained; nil: whatever came out last.
package func findDivergence(
    of other: Run, from base: Run, metric: String?, experiments: any ExperimentStore, objects: ObjectStore
) throws -> RunDivergence? {
    let executions = [try experiments.stages(run: base.id), try experiments.stages(run: other.id)]
    let comparison = try compareRuns([base, other], experiments: experiments, objects: objects, includesEqual: false)
    guard !comparison.stages.isEmpty else {
        if comparison.params.isEmpty, comparison.code.isEmpty { return nil }
        return RunDivergence(cause: .code, stage: nil, files: [], params: comparison.params, course: [])
    }
    let records = [try experiments.record(base.id), try experiments.record(other.id)]
    let target = metric.flatMap { name in records.compactMap { $0?.metrics[name]?.stage }.first }
    var search = DivergenceSearch(executions, comparison.stages)
    guard let found = search.find(from: target) else { return nil }
    let files =
        switch found.cause {
        case .files: found.files
        case .outputs: found.difference.outputs
        case .settings, .commands, .code: [FileDifference]()
        }
    return RunDivergence(
        cause: found.cause, stage: found.difference.stage,
        files: files.prefix(mostFiles).map { file in
            let (before, after) = (file.digests[0], file.digests[1])
            return RunDivergence.File(
                path: file.path, before: before, after: after,
                difference: ContentDifference.between(before, after, in: objects))
        },
        params: comparison.params.sorted { left, right in
            let own = found.difference.stage + "."
            return left.name.hasPrefix(own) != right.name.hasPrefix(own)
                ? left.name.hasPrefix(own) : left.name < right.name
        },
        course: found.course)
}

/// More are not explained one by one.
private let mostFiles = 50

/// Walks up from a stage through those that differ.
private struct DivergenceSearch {
    struct Found {
        var difference: StageDifference
        var cause: RunDivergence.Cause
        var files: [FileDifference]
        var course: [String]
    }

    private let differences: [StageDifference]
    private let executions: [[StageExecution]]
    /// For each stage that was reached, the one below it.
    private var below: [String: String?] = [:]

    init(_ executions: [[StageExecution]], _ differences: [StageDifference]) {
        self.executions = executions
        self.differences = differences
    }

    /// `target` nil, or a stage that does not differ: the last one that does.
    mutating func find(from target: String?) -> Found? {
        let end = differences.contains { $0.stage == target } ? target : differences.last?.stage
        guard let end else { return nil }
        reach(end, below: nil)
        // In the order of the pipeline: the first is where the runs part.
        for difference in differences where below[difference.stage] != nil {
            let ownFiles = difference.inputs.filter { producers(of: $0.path).isEmpty }
            guard let cause = cause(difference, ownFiles) else { continue }
            return Found(
                difference: difference, cause: cause, files: ownFiles, course: course(from: difference.stage))
        }
        return nil
    }

    private mutating func reach(_ stage: String, below next: String?) {
        guard below[stage] == nil, let difference = differences.first(where: { $0.stage == stage }) else { return }
        below[stage] = .some(next)
        for file in difference.inputs {
            for producer in producers(of: file.path) where producer != stage { reach(producer, below: stage) }
        }
    }

    /// Nil if all that differs comes from above.
    private func cause(_ difference: StageDifference, _ ownFiles: [FileDifference]) -> RunDivergence.Cause? {
        if !ownFiles.isEmpty { return .files }
        if !difference.inputs.isEmpty { return nil }
        if difference.onlyKeyDiffers { return .settings }
        return difference.commands.isEmpty ? .outputs : .commands
    }

    /// The stages that made the file, or the folder that it is in, otherwise.
    private func producers(of path: String) -> [String] {
        differences.filter { difference in
            difference.outputs.contains { isInside($0.path, path) || isInside(path, $0.path) }
        }.map(\.stage)
    }

    private func isInside(_ path: String, _ folder: String) -> Bool { path == folder || path.hasPrefix(folder + "/") }

    private func course(from stage: String) -> [String] {
        var course = [stage]
        while let last = course.last, let next = below[last] ?? nil { course.append(next) }
        return course
    }
}
