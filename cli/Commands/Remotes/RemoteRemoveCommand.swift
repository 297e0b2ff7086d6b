import Diagnostics
import Operations

/// `repro remote remove`
enum RemoteRemoveCommand: Command {
    static let spec = CommandSpec(
        "remote remove", "Forget a remote; what lies there stays", in: .remotes, arguments: [RemoteArguments.name],
        exits: [CommandExit(.notFound, "There is no remote of that name")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        try removeRemote(call.arguments.value(of: RemoteArguments.name) ?? "", in: call.surroundings)
        return .done
    }
}
