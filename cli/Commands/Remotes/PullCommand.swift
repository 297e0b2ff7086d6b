import Diagnostics
import Operations

/// `repro pull`
enum PullCommand: Command {
    private static let force = OptionSpec.flag(
        "force", short: "f", help: "Also overwrite files that are saved nowhere")

    static let spec = CommandSpec(
        "pull", "Fetch from a remote, and put the outs into the workspace", in: .remotes,
        arguments: [RemoteArguments.targets],
        options: [
            RemoteArguments.remote, RemoteArguments.jobs, RemoteArguments.limitRate, RemoteArguments.dryRun, force,
        ] + RemoteArguments.selection,
        examples: [
            CommandExample("repro pull", "after `git pull`: all that is recorded"),
            CommandExample("repro pull data/raw/2024", "a part of a tracked folder"),
        ],
        exits: [
            CommandExit(.conflict, "Unsaved work would be lost"),
            CommandExit(.corrupt, "Some objects are not there or are damaged"),
            CommandExit(.unavailable, "The remote cannot be reached"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let report = try withTransfer(call) { cancellation, monitor in
            try pullFromRemote(
                try FetchText.options(call), isForced: call.arguments.has(force), in: call.surroundings,
                cancellation: cancellation, monitor: monitor)
        }
        FetchText.show(report, of: call)
        return .done
    }
}
