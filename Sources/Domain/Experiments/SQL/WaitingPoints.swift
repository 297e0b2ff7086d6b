import Synchronization

/// When points leave the inbox.
package enum PointFolding: Sendable {
    /// With each call that logs: for a short command, and for whoever wants it simple.
    case atOnce
    /// When a few thousand wait, or someone wants to read: for a server.
    case whenManyWait
}

/// Counts what waits in the inbox. An estimate: others fold, too.
final class WaitingPoints: Sendable {
    private struct State {
        var points = 0
        var series: Set<Int64> = []
    }

    let folding: PointFolding
    private let state = Mutex(State())

    /// Folding costs by the series; so many points each are worth a chunk.
    private static let pointsPerSeries = SeriesChunk.worthwhile
    private static let fewest = 4096
    private static let most = 1 << 16

    init(_ folding: PointFolding) { self.folding = folding }

    /// Answers whether it is time to fold.
    func add(points: Int, run: Int64, keys: some Sequence<Int64>) -> Bool {
        if folding == .atOnce { return true }
        return state.withLock { state in
            state.points += points
            for key in keys { state.series.insert(run &* 0x1E37_79B9_7F4A_7C15 ^ key) }
            let enough = min(max(Self.fewest, Self.pointsPerSeries * state.series.count), Self.most)
            if state.points < enough { return false }
            state = State()
            return true
        }
    }
}
