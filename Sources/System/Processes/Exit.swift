import CLinux

/// How a command ended, and what it and all processes below it used.
package struct Exit: Sendable, Equatable, CustomStringConvertible {
    /// The exit code of the command itself; 128 + the signal if one killed it.
    package let code: Int32
    /// The signal that killed it.
    package let signal: Int32?
    /// Its time was over, so it was told to stop; `code` and `signal` say how it did.
    package let timedOut: Bool
    /// Some process of it cannot be killed (it belongs to root, or hangs in the kernel). A guard goes on trying.
    package let hasSurvivors: Bool
    package let userSeconds: Double
    package let systemSeconds: Double
    /// Of its largest process. Never less than what this process held itself when it started the command: the kernel
    /// counts from the fork.
    package let maxResidentBytes: Int
    /// From the start to the end of the command itself, without processes that it left behind.
    package let wall: Duration

    package init(
        code: Int32, signal: Int32? = nil, timedOut: Bool = false, hasSurvivors: Bool = false, userSeconds: Double = 0,
        systemSeconds: Double = 0, maxResidentBytes: Int = 0, wall: Duration = .zero
    ) {
        self.code = code
        self.signal = signal
        self.timedOut = timedOut
        self.hasSurvivors = hasSurvivors
        self.userSeconds = userSeconds
        self.systemSeconds = systemSeconds
        self.maxResidentBytes = maxResidentBytes
        self.wall = wall
    }

    package var isSuccess: Bool { code == 0 && !timedOut }

    /// Follows the command's name: `exited with code 3`, `was killed by SIGSEGV`, `timed out`.
    package var description: String {
        if timedOut { return "timed out" }
        if let signal { return "was killed by \(signalName(signal))" }
        return "exited with code \(code)"
    }
}

/// `SIGKILL` for 9.
package func signalName(_ signal: Int32) -> String {
    guard let name = linux_signal_name(signal) else { return "signal \(signal)" }
    return "SIG" + String(cString: name)
}
