import Diagnostics
import Files
import JSON
import Objects
import Operations

/// `repro get`
enum GetCommand: Command {
    private static let address = ArgumentSpec(
        "PATH[@REVISION]", completes: .files, help: "A recorded file or folder, or an object's id")
    private static let target = ArgumentSpec(
        "TARGET", .optional, completes: .files, help: "Where the copy goes; by default here, by its own name")
    private static let force = OptionSpec.flag(
        "force", short: "f", help: "Replace files that are at TARGET; others there stay")

    static let spec = CommandSpec(
        "get", "Copy a stored file or folder to any place", in: .data, arguments: [address, target], options: [force],
        discussion: [
            "The copy is tracked by nobody. REVISION is a run, a Git commit, or `recorded`, which is meant if none is named."
        ],
        examples: [
            CommandExample("repro get models/guess.bin@run6 old.bin", ""),
            CommandExample("repro get data/raw/train@v1.0 --force /tmp/train", ""),
        ],
        exits: [
            CommandExit(.notFound, "It is not recorded, or not in the store"),
            CommandExit(.conflict, "Something is at TARGET"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = GetDataOptions(DataAddress(call.arguments.path(of: address) ?? []))
        options.target = call.arguments.path(of: target)
        options.isForced = call.arguments.has(force)
        let report = try getData(options, in: call.surroundings)
        if call.printsJSON {
            call.output.json(
                .object(["target": .string(report.target.description), "files": JSONValue(report.fileCount)]))
        } else if !call.isQuiet {
            call.output.line(
                "copied \(Formats.count(report.fileCount, "file")) to \(printable(report.target.description))")
        }
        return .done
    }
}
