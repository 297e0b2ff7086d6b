import Files
import Glibc
import Synchronization

/// A command that runs below us, at most once, with every process that it starts.
///
/// Holds, whatever the command does (double forks, `setsid`, an emptied environment, ignored signals):
/// - when `run` returns, none of its processes is left (`Exit.hasSurvivors` tells the exception);
/// - if this process ends in whatever way, `kill -9` included, its processes are killed;
/// - each byte that it writes is handed on as it comes, and none is lost when it ends.
///
/// Every child has a guard process: see `Guard.h`. Several children may run at once, each on the
/// thread that called its `run`.
package final class ChildProcess: Sendable {
    /// This variable is in the environment of every process of a child, with a value that no other child has.
    package static let markName = "REPRO_STAGE_ID"

    package enum OutputStream: Sendable { case standardOutput, standardError }

    private enum State {
        case ready
        case running(control: Int32)
        case ended
    }

    private let command: Command
    private let mark = ProcessMark.unique()
    private let state = Mutex(State.ready)
    private let leader = Mutex<Int32?>(nil)

    /// What stays alive after the command itself has ended may go on writing for so long.
    private static let lingering = Duration.milliseconds(200)
    private static let bufferBytes = 1 << 16

    package init(_ command: Command) { self.command = command }

    /// The process id of the command itself, which is also that of its process group, from its start to its end.
    package var processID: Int32? { leader.withLock { $0 } }

    /// Runs the command to its end, on this thread. `onOutput` hears all that it writes, on this thread too: while it
    /// does not return, the command waits once its pipe is full.
    ///
    /// After `timeout` the command is stopped as by `terminate(gracePeriod:)`.
    package func run(
        timeout: Duration? = nil, gracePeriod: Duration = .seconds(10),
        onOutput: (OutputStream, [UInt8]) -> Void
    ) throws -> Exit {
        try run(timeout: timeout, gracePeriod: gracePeriod, killingLimit: .seconds(5), onOutput: onOutput)
    }

    /// `killingLimit`: how long processes may resist SIGKILL before `run` returns without them.
    func run(
        timeout: Duration?, gracePeriod: Duration, killingLimit: Duration, onOutput: (OutputStream, [UInt8]) -> Void
    ) throws -> Exit {
        let limits = StageGuard.Limits(
            timeout: timeout, gracePeriod: gracePeriod, lingering: Self.lingering, killing: killingLimit)
        guard let stageGuard = try start(limits) else { return Exit(code: 128 + SIGTERM, signal: SIGTERM) }
        leader.withLock { $0 = stageGuard.leader }
        let end = listen(to: stageGuard, onOutput)
        // While the guard's descriptors are still open, so that `terminate` never writes to another's.
        state.withLock { $0 = .ended }
        leader.withLock { $0 = nil }
        switch end {
        case .ended(let exit): return exit
        case .lost: throw lost()
        }
    }

    /// Stops the command from another thread: SIGTERM to its processes, and SIGKILL after `gracePeriod` to those that
    /// are left. Returns at once; `run` returns when all are gone. A second call can only shorten the period. Before
    /// `run`, the command will not start; after it, nothing happens.
    package func terminate(gracePeriod: Duration) {
        state.withLock { state in
            switch state {
            case .ready: state = .ended
            case .running(let control): StageGuard.stop(control: control, gracePeriod: gracePeriod)
            case .ended: break
            }
        }
    }

    /// Nil if `terminate` came first.
    private func start(_ limits: StageGuard.Limits) throws -> StageGuard? {
        let program = try command.program()
        let environment =
            (command.environment.filter { $0.key != Self.markName }.map { "\($0.key)=\($0.value)" })
            .sorted() + [mark.variable]
        return try state.withLock { state -> StageGuard? in
            switch state {
            case .ended: return nil
            case .running: preconditionFailure("a child runs at most once")
            case .ready: break
            }
            state = .ended
            let stageGuard = try startGuard(program, environment, limits)
            state = .running(control: stageGuard.control)
            return stageGuard
        }
    }

    private func startGuard(
        _ program: AbsolutePath, _ environment: [String], _ limits: StageGuard.Limits
    ) throws(ProcessError) -> StageGuard {
        do throws(StageGuard.StartFailure) {
            return try StageGuard(
                program: program, arguments: command.arguments, environment: environment,
                directory: command.workingDirectory, limits: limits)
        } catch {
            switch error {
            case .directory(let code):
                throw .workingDirectoryUnusable(path: command.workingDirectory, reason: errorText(code))
            case .program(ENOEXEC):
                throw .cannotStart(program: command.name, reason: "it is not a program; a script needs a #! line")
            case .program(let code): throw .cannotStart(program: command.name, reason: errorText(code))
            case .lost: throw lost()
            }
        }
    }

    /// Nobody but us is left to clean up.
    private func lost() -> ProcessError {
        mark.killProcesses()
        return .guardKilled(program: command.name)
    }

    private func errorText(_ code: Int32) -> String { String(cString: strerror(code)) }

    /// Hands on the output until the guard says how it ended, and then what is left in the pipes: all who could write
    /// are gone by then.
    private func listen(
        to stageGuard: borrowing StageGuard, _ onOutput: (OutputStream, [UInt8]) -> Void
    ) -> StageGuard.End {
        var buffer = [UInt8](repeating: 0, count: Self.bufferBytes)
        var descriptors = [stageGuard.output, stageGuard.error, stageGuard.control].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        let streams = [OutputStream.standardOutput, .standardError]
        while true {
            if poll(&descriptors, nfds_t(descriptors.count), -1) < 0 { continue }
            for (i, stream) in streams.enumerated() where descriptors[i].revents != 0 {
                let isOpen = hand(on: descriptors[i].fd, stream, &buffer, onOutput)
                if isOpen == .atEnd { descriptors[i].fd = -1 }
            }
            if descriptors[2].revents == 0 { continue }
            let end = stageGuard.end()
            for (i, stream) in streams.enumerated() where descriptors[i].fd >= 0 {
                while hand(on: descriptors[i].fd, stream, &buffer, onOutput) == .more {}
            }
            return end
        }
    }

    private enum ReadResult { case more, nothingNow, atEnd }

    private func hand(
        on descriptor: Int32, _ stream: OutputStream, _ buffer: inout [UInt8],
        _ onOutput: (OutputStream, [UInt8]) -> Void
    ) -> ReadResult {
        let count = read(descriptor, &buffer, buffer.count)
        if count > 0 {
            onOutput(stream, Array(buffer[..<count]))
            return .more
        }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothingNow : .atEnd
    }
}
