import CLinux
import Files
import Glibc

/// Our end of a guard: the process between us and one command that keeps the command's tree together. `Guard.h` says
/// how. Dropping it closes the socket, upon which the guard kills whatever is left.
struct StageGuard: ~Copyable {
    /// What the command writes; reading does not wait.
    let output: Int32
    let error: Int32
    /// Can be polled: readable when an event has come.
    let control: Int32
    /// The process id of the command.
    let leader: pid_t

    enum End {
        case ended(Exit)
        /// The guard was killed.
        case lost
    }

    enum StartFailure: Error {
        case directory(code: Int32)
        case program(code: Int32)
        /// The guard was killed.
        case lost
    }

    struct Limits {
        var timeout: Duration?
        var gracePeriod: Duration
        var lingering: Duration
        var killing: Duration
    }

    init(
        program: AbsolutePath, arguments: [String], environment: [String], directory: AbsolutePath, limits: Limits
    ) throws(StartFailure) {
        var handle = guard_handle()
        var first = guard_event()
        let code = program.withCString { program in
            directory.withCString { directory in
                withCStrings(arguments) { arguments in
                    withCStrings(environment) { environment in
                        var request = guard_request(
                            path: program, argv: arguments, envp: environment, directory: directory,
                            timeout_ms: limits.timeout?.wholeMilliseconds ?? -1,
                            grace_ms: limits.gracePeriod.wholeMilliseconds,
                            linger_ms: limits.lingering.wholeMilliseconds,
                            kill_limit_ms: limits.killing.wholeMilliseconds)
                        return guard_start(&request, &handle, &first)
                    }
                }
            }
        }
        if code != 0 { throw .program(code: code) }
        if let failure = StartFailure(first) {
            for descriptor in [handle.control, handle.output, handle.error] { close(descriptor) }
            throw failure
        }
        (output, error, control, leader) = (handle.output, handle.error, handle.control, first.leader)
    }

    deinit {
        close(control)
        close(output)
        close(error)
    }

    /// Waits until the command and all that it left behind have ended.
    func end() -> End {
        var event = guard_event()
        return guard_receive(control, &event) == 1 ? .ended(Exit(event)) : .lost
    }

    /// Asks the guard behind `control` to stop the command: SIGTERM now, SIGKILL after `gracePeriod`.
    static func stop(control: Int32, gracePeriod: Duration) {
        _ = guard_send(control, guard_order(grace_ms: gracePeriod.wholeMilliseconds))
    }
}

extension StageGuard.StartFailure {
    /// Nil if the command was started.
    fileprivate init?(_ first: guard_event) {
        switch (UInt32(first.kind), UInt32(first.failed_step)) {
        case (GUARD_STARTED.rawValue, _): return nil
        case (GUARD_FAILED.rawValue, GUARD_STEP_DIRECTORY.rawValue): self = .directory(code: first.error)
        case (GUARD_FAILED.rawValue, _): self = .program(code: first.error)
        default: self = .lost
        }
    }
}

extension Exit {
    fileprivate init(_ event: guard_event) {
        self.init(
            code: event.code, signal: event.signal == 0 ? nil : event.signal, timedOut: event.timed_out != 0,
            hasSurvivors: event.survivors != 0, userSeconds: Double(event.user_us) / 1e6,
            systemSeconds: Double(event.system_us) / 1e6, maxResidentBytes: Int(event.max_rss_kib) * 1024,
            wall: .nanoseconds(event.wall_ns))
    }
}

extension Duration {
    /// Rounded up, so that a short wait does not become none; bounded, so that the clock cannot overflow.
    fileprivate var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = max(self, .zero).components
        return min(seconds, 1 << 40) * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}

/// Lends `strings` to C as a null-terminated array.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("the array holds at least the null") }
        return body(base)
    }
}
