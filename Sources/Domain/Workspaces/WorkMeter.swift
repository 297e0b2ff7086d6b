import Diagnostics
import Synchronization

/// Counts what is done of an amount of work that is found meanwhile, from several threads, for a monitor.
///
/// The total is told once all of it is found: before, nobody can say how long it will take.
final class WorkMeter: Sendable {
    private let monitor: any Monitor
    private let state: Mutex<State>

    private struct State {
        var progress: Progress
        var foundItems = 0
        var foundBytes = 0
        var isAllFound = false
    }

    init(_ activity: String, monitor: any Monitor) {
        self.monitor = monitor
        state = Mutex(State(progress: Progress(activity: activity)))
    }

    convenience init(_ activity: String, totalItems: Int, totalBytes: UInt64, monitor: any Monitor) {
        self.init(activity, monitor: monitor)
        found(items: totalItems, bytes: totalBytes, isAll: true)
    }

    func found(items: Int, bytes: UInt64, isAll: Bool) {
        state.withLock { state in
            state.foundItems += items
            state.foundBytes += Int(clamping: bytes)
            if isAll { state.isAllFound = true }
            if state.isAllFound {
                state.progress.totalItems = state.foundItems
                state.progress.totalBytes = state.foundBytes
            }
        }
    }

    /// So many bytes of an item that is not done yet; below zero to take them back, where it is begun anew.
    func advanced(bytes: Int) {
        let now = state.withLock { state in
            state.progress.doneBytes += bytes
            return state.progress
        }
        if bytes > 0 { monitor.progress(now) }
    }

    /// So many items, of so many bytes together, are done; of these bytes, `told` were heard of by `advanced`.
    func finished(items: Int = 1, bytes: UInt64, told: Int = 0) {
        let now = state.withLock { state in
            state.progress.doneItems += items
            state.progress.doneBytes += Int(clamping: bytes) - told
            return state.progress
        }
        monitor.progress(now)
    }
}
