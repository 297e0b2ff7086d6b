import Diagnostics
import Synchronization

/// Counts what is done of a known amount of work, from several threads, for a monitor.
final class WorkMeter: Sendable {
    private let monitor: any Monitor
    private let progress: Mutex<Progress>

    init(_ activity: String, totalItems: Int, totalBytes: UInt64, monitor: any Monitor) {
        self.monitor = monitor
        progress = Mutex(
            Progress(activity: activity, totalItems: totalItems, totalBytes: Int(clamping: totalBytes)))
    }

    /// One item of so many bytes is done.
    func finished(bytes: UInt64) {
        let now = progress.withLock { progress in
            progress.doneItems += 1
            progress.doneBytes += Int(clamping: bytes)
            return progress
        }
        monitor.progress(now)
    }
}
