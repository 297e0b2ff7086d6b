import Diagnostics
import Experiments
import Files
import JSON
import Operations

/// `repro models get`
enum ModelsGetCommand: Command {
    private static let address = ArgumentSpec(
        "NAME[@VERSION]", help: "A version by number or alias; by default the latest")
    private static let target = ArgumentSpec(
        "TARGET", .optional, completes: .files, help: "Where the copy goes; by default here, by its own name")
    private static let force = OptionSpec.flag(
        "force", short: "f", help: "Replace files that are at TARGET; others there stay")

    static let spec = CommandSpec(
        "models get", "Copy the files of a model to any place", in: .models, arguments: [address, target],
        options: [force],
        examples: [CommandExample("repro models get guess@champion /srv/guess", "")],
        exits: [
            CommandExit(.notFound, "There is no such version, or its files are elsewhere"),
            CommandExit(.conflict, "Something is at TARGET"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = GetModelOptions(ModelAddress(call.arguments.value(of: address) ?? ""))
        options.target = call.arguments.path(of: target)
        options.isForced = call.arguments.has(force)
        let report = try getModel(options, in: call.surroundings)
        if call.printsJSON {
            call.output.json(
                .object([
                    "version": JSONValue(report.version), "target": .string(report.target.description),
                    "files": JSONValue(report.fileCount),
                ]))
        } else if !call.isQuiet {
            call.output.line(
                "copied \(Formats.count(report.fileCount, "file")) of \(printable(report.version.model))@"
                    + "\(report.version.number) to \(printable(report.target.description))")
        }
        return .done
    }
}
