import Diagnostics
package import Experiments

/// Moves runs to the bin: they are no longer listed, and keep nothing alive in the store that is not theirs alone. One
/// that goes on stays.
package func deleteRuns(_ references: [String], in surroundings: Surroundings) throws -> [Run] {
    let source = try surroundings.runSource()
    let runs = try references.map { try source.record($0).run }
    for run in runs where !run.status.isOver { throw OperationError.isRunning(run: run.name) }
    try source.delete(runs)
    return runs
}

/// Takes runs out of the bin.
package func restoreDeletedRuns(_ references: [String], in surroundings: Surroundings) throws -> [Run] {
    let source = try surroundings.runSource()
    let bin = try source.deletedRuns()
    let runs = try references.map { try requireRun($0, in: bin) }
    try source.undelete(runs)
    return runs
}

/// By name (the first of that name), id, or the first digits of one.
func requireRun(_ reference: String, in bin: [Run]) throws -> Run {
    let digits = reference.lowercased()
    if let run = bin.first(where: { $0.id.text == digits || $0.name == reference }) { return run }
    let candidates = reference.isEmpty ? [] : bin.filter { $0.id.text.hasPrefix(digits) }
    if candidates.count > 1 {
        throw ExperimentError.ambiguousRun(
            reference: reference, candidates: candidates.map { "\($0.id.text.prefix(12)) \($0.name)" })
    }
    if let run = candidates.first { return run }
    throw OperationError.notInBin(run: reference, nearest: nearestName(to: reference, among: bin.map(\.name)))
}
