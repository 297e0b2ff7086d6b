import Diagnostics
import Operations

/// `repro remote modify`
enum RemoteModifyCommand: Command {
    private static let url = OptionSpec.value("url", .text("URL"), help: "Where it is now")
    private static let unset = OptionSpec.values(
        "unset", .choice("OPTION", of: RemoteArguments.settings.map(\.name)), help: "Take an option away")

    static let spec = CommandSpec(
        "remote modify", "Change the URL or the options of a remote", in: .remotes, arguments: [RemoteArguments.name],
        options: [url, unset, RemoteArguments.local] + RemoteArguments.settings,
        examples: [CommandExample("repro remote modify origin --region eu-central-1", "")],
        exits: [CommandExit(.notFound, "There is no remote of that name")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var change = RemoteArguments.change(call)
        change.url = call.arguments.value(of: url)
        for name in call.arguments.values(of: unset) {
            if let option = RemoteArguments.settings.first(where: { $0.name == name }) {
                change.options.updateValue(nil, forKey: RemoteArguments.settingName(option))
            }
        }
        try modifyRemote(change, in: call.surroundings)
        return .done
    }
}
