package import Diagnostics

/// Decides whether a run that is not over still goes on.
///
/// A run is led by one process, which sends heartbeats. Where that process's number can be looked up, the kernel says
/// for certain whether it lives. Anywhere else its heartbeat is a lease: silence for longer than that means `stalled`,
/// which is taken back when it is heard of again, for the machine may only have slept.
package struct RunLiveness: Sendable {
    /// How long a run of another machine may be silent. Heartbeats come at least six times as often.
    package static let leaseMilliseconds: Int64 = 60_000

    let host: HostIdentity
    let startTicks: @Sendable (Int32) -> UInt64?

    package init(
        host: HostIdentity = .current,
        startTicks: @escaping @Sendable (Int32) -> UInt64? = { startTicksOfProcess($0) }
    ) {
        self.host = host
        self.startTicks = startTicks
    }

    /// What the status of a running or stalled run must be at `now`.
    package func status(of run: Run, now: Timestamp) -> RunStatus {
        guard run.status == .running || run.status == .stalled, let owner = run.owner else { return run.status }
        if owner.host.sharesProcesses(with: host) {
            return startTicks(owner.pid) == owner.startTicks ? .running : .killed
        }
        if now.milliseconds(since: run.heartbeatAt) <= Self.leaseMilliseconds { return .running }
        // A machine of our name with another boot: it is ours, restarted, or else it would not be silent.
        return owner.host.name == host.name && owner.host.bootID != host.bootID ? .killed : .stalled
    }
}

extension ExperimentStore {
    /// Finds the runs whose process is gone or silent and writes down what became of them. Cheap when nothing runs;
    /// to be called before runs are shown. Answers those whose status is another now.
    @discardableResult
    package func settleLostRuns(now: Timestamp, liveness: RunLiveness = RunLiveness()) throws -> [Run] {
        var changed: [Run] = []
        for var run in try unfinishedRuns() {
            let status = liveness.status(of: run, now: now)
            if status == run.status { continue }
            if try settle(&run, as: status) { changed.append(run) }
        }
        return changed
    }

    private func settle(_ run: inout Run, as status: RunStatus) throws -> Bool {
        let observed = run
        run.status = status
        if status == .killed {
            run.endedAt = observed.heartbeatAt
            run.failure =
                "process \(observed.owner?.pid ?? 0) on \(observed.owner?.host.name ?? "") ended without a word"
        }
        let change = RunChange(status: run.status, endedAt: run.endedAt, failure: run.failure)
        return try changeUnfinishedRun(observed, change)
    }
}
