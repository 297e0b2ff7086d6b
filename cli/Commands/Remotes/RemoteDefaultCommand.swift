import Diagnostics
import JSON
import Operations

/// `repro remote default`
enum RemoteDefaultCommand: Command {
    static let spec = CommandSpec(
        "remote default", "Show or set the remote that is meant where none is named", in: .remotes,
        arguments: [RemoteArguments.optionalName], options: [RemoteArguments.local],
        exits: [CommandExit(.notFound, "There is no remote of that name, or no default")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        if let name = call.arguments.value(of: RemoteArguments.optionalName) {
            try setDefaultRemote(name, isLocal: call.arguments.has(RemoteArguments.local), in: call.surroundings)
            return .done
        }
        guard let remote = try listRemotes(in: call.surroundings).first(where: \.isDefault) else {
            throw OperationError.noRemote
        }
        if call.printsJSON {
            call.output.json(.object(["name": .string(remote.name), "url": .string(remote.url)]))
        } else {
            call.output.line(printable(remote.name))
        }
        return .done
    }
}
