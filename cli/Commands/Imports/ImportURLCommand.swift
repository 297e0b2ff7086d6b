import Diagnostics
import Operations

/// `repro import-url`
enum ImportURLCommand: Command {
    private static let address = ArgumentSpec(
        "ADDRESS", completes: .files, help: "A URL (http, https, s3, gs, file), or a path")
    private static let target = ArgumentSpec(
        "TARGET", .optional, completes: .files, help: "Where it goes; by default here, by its own name")
    private static let force = OptionSpec.flag("force", short: "f", help: "Replace what is there")

    static let spec = CommandSpec(
        "import-url", "Track a copy of a file on the web, in a bucket or elsewhere on this machine", in: .data,
        arguments: [address, target], options: [force],
        discussion: [
            "The pointer file keeps the address, what the server says of the file's version, and the digests of what came. "
                + "`repro update` asks the server whether it has changed. Of this machine, folders can be imported too.",
            "Buckets are read with the credentials and the variables (AWS_ENDPOINT_URL, AWS_REGION, …) that remotes use. A "
                + "download that is interrupted leaves nothing.",
        ],
        examples: [
            CommandExample("repro import-url https://example.org/words.txt data/words.txt", ""),
            CommandExample("repro import-url s3://bucket/2026/log.parquet", ""),
            CommandExample("repro import-url /mnt/share/raw data/raw", "A folder"),
        ],
        exits: [
            CommandExit(.notFound, "There is nothing at ADDRESS"),
            CommandExit(.conflict, "Something is there already; nothing was changed"),
            CommandExit(.unavailable, "The server cannot be reached, or cannot answer now"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = ImportAddressOptions(address: call.arguments.path(of: address) ?? [])
        options.target = call.arguments.path(of: target)
        options.isForced = call.arguments.has(force)
        let item = try watched(call) { monitor in
            try importAddress(options, in: call.surroundings, monitor: monitor)
        }
        if call.printsJSON {
            call.output.json(ImportText.json(item))
        } else if !call.isQuiet {
            ImportText.show([item], of: call)
        }
        return .done
    }
}
