import Diagnostics
package import Experiments
import Objects
import Pipelines
import Workspaces

package struct QueueRunsReport: Sendable {
    package struct Entry: Sendable {
        package var run: Run
        package var overrides: [String]
    }

    package var entries: [Entry]
}

/// Queues one run for each combination that the overrides' choices make. The workspace as it is now is what they will
/// see: it goes into the store, and may be edited at once. With `pulls`, tracked data that is missing is fetched first.
///
/// Every combination is planned first: a mistake in one is an error, and nothing is queued.
package func queueRuns(_ options: RunPipelineOptions, in surroundings: Surroundings) throws -> QueueRunsReport {
    let opened = try OpenProject(surroundings)
    // Until the entries name it, what goes into the store must not be collected.
    try opened.store.beginWork()
    let combinations = try expandedGrid(options.overrides)
    let git = GitSnapshot.begin(opened)
    let results = try opened.remoteResults(options)
    let prepared = try combinations.map { overrides in
        var options = options
        options.overrides = overrides
        return try PreparedRun(opened, options, belief: .look, results: results)
    }
    guard let pipeline = prepared.first?.pipeline else { return QueueRunsReport(entries: []) }
    let files = try TreeSnapshot(opened: opened, pipeline: pipeline).take()
    let (gitState, _) = git.finish(opened)
    let now = surroundings.clock.now()
    let experiment = try opened.requireExperiment(options, at: now)
    let queue = RunQueue(project: opened.project)
    var report = QueueRunsReport(entries: [])
    for (position, (overrides, prepared)) in zip(combinations, prepared).enumerated() {
        let name = options.name.map { combinations.count == 1 ? $0 : "\($0)-\(position + 1)" }
        let run = try opened.experiments.createRun(
            NewRun(
                experiment: experiment, name: name, status: .queued, startedAt: now, user: surroundings.userName,
                commandLine: surroundings.commandLine, git: gitState))
        let params = try prepared.params()
        if !params.isEmpty { try opened.experiments.logParams(params, run: run.id) }
        try queue.add(
            QueueEntry(
                run: run.id, options: options, pulls: results != nil, overrides: overrides, queuedAt: now,
                position: position, files: files))
        report.entries.append(.init(run: run, overrides: overrides))
    }
    return report
}
