import Diagnostics
import Processes
import Remotes
import Threads

/// Runs an upload or download so that it can be watched and stopped: progress on the terminal, and a first Ctrl-C ends
/// it where the next push or fetch goes on.
func withTransfer<Report>(
    _ call: Invocation, _ body: (Cancellation, ProgressMonitor) throws -> Report
) throws -> Report {
    let cancellation = Cancellation()
    // Before the first thread: each inherits which signals are blocked.
    let signals = SignalWatcher { _ in cancellation.cancel() }
    let monitor = ProgressMonitor(call)
    defer {
        monitor.finish()
        withExtendedLifetime(signals) {}
    }
    do {
        return try body(cancellation, monitor)
    } catch let error as any UserFacingError where cancellation.isCancelled && error.kind == .interrupted {
        // Whichever request it was that heard of it first.
        throw TransferError.cancelled
    }
}
