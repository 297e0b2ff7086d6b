import Diagnostics
import Operations

/// `repro remote add`
enum RemoteAddCommand: Command {
    private static let url = ArgumentSpec(
        "URL", completes: .folders, help: "s3://BUCKET/PATH, gs://BUCKET/PATH, https://HOST/PATH or a folder")
    private static let makeDefault = OptionSpec.flag("default", short: "d", help: "Make it the default remote")

    static let spec = CommandSpec(
        "remote add", "Name a place to push to and fetch from", in: .remotes, arguments: [RemoteArguments.name, url],
        options: [makeDefault, RemoteArguments.local] + RemoteArguments.settings,
        discussion: [
            "Credentials never go into the settings. They come from the environment, ~/.aws, ~/.config/gcloud, or the "
                + "service of the machine or container that this runs on, as for the clouds' own tools."
        ],
        examples: [
            CommandExample("repro remote add origin s3://my-bucket/project", ""),
            CommandExample("repro remote add lab s3://data/project --endpoint http://lab:7480", "a server of your own"),
            CommandExample("repro remote add disk /mnt/share/project", ""),
        ],
        exits: [CommandExit(.conflict, "There is a remote of that name")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var change = RemoteArguments.change(call)
        change.url = call.arguments.value(of: url)
        change.isDefault = call.arguments.has(makeDefault)
        try addRemote(change, in: call.surroundings)
        call.note("added \(change.name); `repro remote test \(change.name)` tries it")
        return .done
    }
}
