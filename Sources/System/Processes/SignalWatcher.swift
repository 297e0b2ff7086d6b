import Glibc
import Threads

/// A signal by which a person or the system asks this process to stop.
package enum StopSignal: Int32, Sendable, CaseIterable {
    case hangUp = 1
    case interrupt = 2
    case terminate = 15

    /// Blocks these signals in the calling thread and in the threads that it starts from now on.
    static func blockAll() {
        var signals = signalSet()
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Waits for one of these signals, which must be blocked.
    static func waitForNext() -> StopSignal {
        var signals = signalSet()
        while true {
            var number: Int32 = 0
            if sigwait(&signals, &number) == 0, let signal = StopSignal(rawValue: number) { return signal }
        }
    }

    private static func signalSet() -> sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in allCases { sigaddset(&signals, signal.rawValue) }
        return signals
    }
}

/// Hears the signals that ask this process to stop, on a thread of its own, where any code may run: in a signal
/// handler almost none may.
package final class SignalWatcher: Sendable {
    private let thread: Thread

    /// Must be called once, by `main`, before any other thread is started, because a thread inherits what is blocked.
    /// `handler` hears each signal, on one thread, until the process ends. Also makes writing to a closed pipe an
    /// error instead of a death (SIGPIPE is ignored).
    package init(_ handler: @escaping @Sendable (StopSignal) -> Void) {
        signal(SIGPIPE, SIG_IGN)
        StopSignal.blockAll()
        thread = Thread.start(name: "signals") {
            while true { handler(StopSignal.waitForNext()) }
        }
    }
}
