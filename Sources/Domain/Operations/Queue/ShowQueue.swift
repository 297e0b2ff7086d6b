package import Diagnostics
package import Experiments

/// A run that waits or is being worked on.
package struct QueuedRun: Sendable {
    package var run: Run
    package var overrides: [String]
    package var queuedAt: Timestamp
    /// The stages that run right now.
    package var runningStages: [String]
    /// Stages that are done, of all that are known.
    package var doneCount: Int
    package var stageCount: Int
}

/// What is in the queue, the next one first. A run whose worker was killed waits again.
package func showQueue(in surroundings: Surroundings) throws -> [QueuedRun] {
    let opened = try OpenProject(surroundings)
    return try RunQueue(project: opened.project).entries().compactMap { entry in
        guard var run = try opened.experiments.run(entry.run), run.deletedAt == nil else { return nil }
        if run.status == .killed || run.status == .interrupted { run.status = .queued }
        let stages = run.status == .running ? try opened.experiments.stages(run: run.id) : []
        return QueuedRun(
            run: run, overrides: entry.overrides, queuedAt: entry.queuedAt,
            runningStages: stages.filter { $0.state == .running }.map(\.stage),
            doneCount: stages.count { $0.state != .running && $0.state != .waiting }, stageCount: stages.count)
    }
}
