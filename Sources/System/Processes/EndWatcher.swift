import CLinux
import Glibc
import Synchronization
import Threads

/// How this process is about to end.
package enum ProcessEnd: Sendable, Equatable {
    case signal(Int32)
    /// By a call of `exit`, or by returning from `main`.
    case exits(status: Int32)

    /// `SIGSEGV`; nil for an exit.
    package var signalName: String? {
        guard case .signal(let number) = self else { return nil }
        return linux_signal_name(number).map { "SIG" + String(cString: $0) } ?? "signal \(number)"
    }

    /// Somebody, or the system, asked the process to stop; it is no crash.
    package var isRequest: Bool {
        guard case .signal(let number) = self else { return false }
        return [SIGTERM, SIGINT, SIGHUP, SIGQUIT].contains(number)
    }
}

/// Hears, once, that this process is about to end by a signal or by `exit`, on a thread of its own, and holds the end up
/// for a little while. SIGKILL, and a death for lack of memory, come without a word.
///
/// One in a process: handlers of signals are the process's.
package enum EndWatcher {
    private static let isWatching = Mutex(false)

    /// The first call installs the handlers; later ones do nothing. `patience`: how long the end is held up at most,
    /// while `handler` runs. The thread that crashed may hold any lock, so `handler` may wait for ever: then the process
    /// ends without it.
    package static func watch(patience: Duration, _ handler: @escaping @Sendable (ProcessEnd) -> Void) {
        isWatching.withLock { isWatching in
            if isWatching { return }
            isWatching = true
            guard ending_watch(Int64(patience / .milliseconds(1))) == 0 else { return }
            _ = Thread.start(name: "end") {
                let event = ending_wait()
                handler(event > 0 ? .signal(event) : .exits(status: -1 - event))
                ending_done()
            }
        }
    }
}

/// By the environment, else by the system's list of users; a container's user may not be in it.
package func processUserName(_ environment: [String: String]) -> String {
    if let name = environment["USER"], !name.isEmpty { return name }
    guard let entry = getpwuid(getuid()) else { return "\(getuid())" }
    return String(cString: entry.pointee.pw_name)
}
