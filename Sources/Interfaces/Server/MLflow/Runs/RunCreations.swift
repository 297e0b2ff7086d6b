import Diagnostics
import Experiments
import Hashing
import Synchronization

/// Tells a repeated request for a new run from a request for another run.
///
/// MLflow's requests carry no mark of their own: a client that has heard no answer sends the same bytes again, and two
/// honest runs may begin with the same bytes too. So a run's id is made from its request, and a run that this process
/// has not made, whose request came shortly before it started, and which has received nothing since, is the answer that
/// the process before this one was killed on. See docs/decisions/0020.
final class RunCreations: Sendable {
    /// For so long a client tries again.
    private static let patienceMilliseconds: Int64 = 10 * 60 * 1000

    private let serverStart: Timestamp
    private let answered = Mutex<Set<RunID>>([])

    init(serverStart: Timestamp) { self.serverStart = serverStart }

    /// Of two such requests this is the same.
    func id(for request: Request) -> RunID {
        let asker = Array((request.caller.name ?? "").utf8)
        return RunID(String(SHA256.hash(asker + [0] + request.body).description.prefix(32)))
    }

    /// The client is about to be told of the run: it is no answer to any other request.
    func willAnswer(_ run: Run) {
        if mayPrecedeServer(run) { answered.withLock { _ = $0.insert(run.id) } }
    }

    /// Whether the client that asked for this run was not told of it. `tags`: those of its request.
    func isUnanswered(_ record: RunRecord, tags: [Tag]) -> Bool {
        let run = record.run
        let ofRequest = Dictionary(tags.map { ($0.key, $0.value) }) { $1 }
        let isUntouched =
            run.status == .running && run.deletedAt == nil && record.params.isEmpty && record.metrics.isEmpty
            && record.tags.allSatisfy { $0.key == MLflowTag.runName || ofRequest[$0.key] == $0.value }
        return isUntouched && mayPrecedeServer(run) && !answered.withLock { $0.contains(run.id) }
    }

    private func mayPrecedeServer(_ run: Run) -> Bool {
        (0...Self.patienceMilliseconds).contains(serverStart.milliseconds(since: run.startedAt))
    }
}
