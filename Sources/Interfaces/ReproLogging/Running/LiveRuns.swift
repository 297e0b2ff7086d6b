import Diagnostics
import Experiments
import Processes
import Synchronization

/// The runs that this process has started and not finished. When the process ends before they do, by a signal or by
/// `exit`, what they logged is written and how the process ended is recorded.
enum LiveRuns {
    private static let runs = Mutex<[Recorder]>([])

    /// How long a process that ends is held up at most.
    private static let patience = Duration.seconds(3)

    static func add(_ recorder: Recorder) {
        runs.withLock { $0.append(recorder) }
        EndWatcher.watch(patience: patience) { end in processEnds(end) }
    }

    static func remove(_ recorder: Recorder) {
        runs.withLock { $0.removeAll { $0 === recorder } }
    }

    private static func processEnds(_ end: ProcessEnd) {
        let open = runs.withLock { $0 }
        // Nested ones began last.
        for recorder in open.reversed() {
            _ = recorder.close(RunEnd(end, at: Clock.system.now()), timeout: patience / 2)
        }
    }
}

extension RunEnd {
    fileprivate init(_ end: ProcessEnd, at moment: Timestamp) {
        switch end {
        case .signal:
            let name = end.signalName ?? "a signal"
            self.init(
                status: end.isRequest ? .interrupted : .killed, at: moment,
                failure: end.isRequest ? "stopped by \(name)" : "killed by \(name)")
        case .exits(status: 0): self.init(status: .finished, at: moment)
        case .exits(let status):
            self.init(status: .failed, at: moment, failure: "the program ended with exit status \(status)")
        }
    }
}
