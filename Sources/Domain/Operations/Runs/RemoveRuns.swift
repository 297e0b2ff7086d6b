import Diagnostics
package import Experiments

/// Moves runs to the bin: they are no longer listed, and keep nothing alive in the store. One that goes on stays.
package func removeRuns(_ references: [String], in surroundings: Surroundings) throws -> [Run] {
    let opened = try OpenProject(surroundings)
    let runs = try references.map { try opened.requireRun($0) }
    for run in runs where !run.status.isOver { throw OperationError.isRunning(run: run.name) }
    try opened.experiments.deleteRuns(runs.map(\.id), at: surroundings.clock.now())
    return runs
}
