import Diagnostics
package import Experiments

/// Which entries of the queue are meant.
package enum QueueSelection: Sendable {
    case all
    /// By name or id.
    case named([String])
}

extension OpenProject {
    fileprivate func entries(_ selection: QueueSelection) throws -> [QueueEntry] {
        let entries = try RunQueue(project: project).entries()
        switch selection {
        case .all: return entries
        case .named(let references):
            return try references.map { reference in
                let run = try requireRun(reference)
                guard let entry = entries.first(where: { $0.run == run.id }) else {
                    throw OperationError.notQueued(run: run.name)
                }
                return entry
            }
        }
    }
}

/// Asks runs that are being worked on to stop; the other runs go on. Answers those that will.
package func stopQueuedRuns(_ selection: QueueSelection, in surroundings: Surroundings) throws -> [Run] {
    let opened = try OpenProject(surroundings)
    let queue = RunQueue(project: opened.project)
    return try opened.entries(selection).compactMap { entry in
        guard try queue.isClaimed(entry.run) else { return nil }
        try queue.askToStop(entry.run)
        return try opened.experiments.run(entry.run)
    }
}

/// Takes runs that wait out of the queue, and moves them to the bin. One that is being worked on stays: it must be
/// stopped. Answers those that went.
package func removeQueuedRuns(_ selection: QueueSelection, in surroundings: Surroundings) throws -> [Run] {
    let opened = try OpenProject(surroundings)
    let queue = RunQueue(project: opened.project)
    var removed: [Run] = []
    for entry in try opened.entries(selection) {
        guard let claim = try queue.claim(entry.run) else {
            if case .all = selection { continue }
            throw OperationError.isRunning(run: try opened.experiments.run(entry.run)?.name ?? entry.run.short)
        }
        defer { withExtendedLifetime(claim) {} }
        if let run = try opened.experiments.run(entry.run), run.deletedAt == nil {
            try opened.experiments.deleteRuns([entry.run], at: surroundings.clock.now())
            removed.append(run)
        }
        try queue.remove(entry.run)
    }
    return removed
}
