import Diagnostics
import Files
import Processes

/// Runs the commands of one stage, each by a shell of its own as DVC does, again and again as its retries allow.
struct StageCommands: Sendable {
    let stage: Stage
    let root: AbsolutePath
    /// What the commands inherit, before the stage's own variables.
    let environment: [String: String]
    let gpuIndices: [Int]
    let running: RunningCommands

    /// How long a command may take to end once it has been told to.
    static let gracePeriod = Duration.seconds(10)

    /// Returns when all commands have succeeded; throws the failure of the first that has not.
    /// - `onOutput` hears each piece that a command writes.
    /// - `lastLines` gives the end of what was written, for the error.
    func run(onOutput: ([UInt8]) -> Void, lastLines: () -> [String]) throws {
        let clock = ContinuousClock()
        let deadline = stage.timeout.map { clock.now + $0 }
        for command in stage.commands {
            if running.isStopping { throw StageError.interrupted(stage: stage.name) }
            let child = ChildProcess(process(for: command))
            running.add(child)
            defer { running.remove(child) }
            let exit = try child.run(
                timeout: deadline.map { max(.zero, $0 - clock.now) }, gracePeriod: Self.gracePeriod,
                onOutput: { _, bytes in onOutput(bytes) })
            if running.isStopping { throw StageError.interrupted(stage: stage.name) }
            if exit.timedOut {
                throw StageError.timedOut(
                    stage: stage.name, command: command, after: stage.timeout ?? .zero, lastLines: lastLines())
            }
            if !exit.isSuccess {
                throw StageError.commandFailed(
                    stage: stage.name, command: command, exit: exit.signal.map { .signal($0) } ?? .code(exit.code),
                    lastLines: lastLines())
            }
        }
    }

    private func process(for command: String) -> Command {
        var variables = environment
        for variable in stage.environment { if let value = variable.value { variables[variable.name] = value } }
        variables["REPRO_STAGE"] = stage.name.text
        variables["REPRO_ROOT"] = root.description
        // What scripts written for DVC look for.
        variables["DVC_STAGE"] = stage.name.text
        variables["DVC_ROOT"] = root.description
        if stage.resources.gpus > 0 {
            variables["CUDA_VISIBLE_DEVICES"] = gpuIndices.map(String.init).joined(separator: ",")
        }
        return Command(
            shell(variables) + [command], environment: variables,
            workingDirectory: root.appending(stage.workingDirectory))
    }

    /// The user's shell, without its start-up files, as DVC has it.
    private func shell(_ variables: [String: String]) -> [String] {
        guard let shell = variables["SHELL"], shell.hasPrefix("/") else { return ["/bin/sh", "-c"] }
        return switch shell.split(separator: "/").last {
        case "bash": [shell, "--noprofile", "--norc", "-c"]
        case "zsh": [shell, "--no-rcs", "-c"]
        default: [shell, "-c"]
        }
    }
}
