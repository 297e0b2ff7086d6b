import Diagnostics
import JSON
import Operations

/// `repro update`
enum UpdateCommand: Command {
    private static let paths = ArgumentSpec(
        "PATH", .any, completes: .files, help: "Imported data, or its pointer file; all imports if none is named")
    private static let revision = OptionSpec.value(
        "rev", .text("REVISION"), help: "Follow another branch, tag or commit from now on")
    private static let dryRun = OptionSpec.flag("dry-run", short: "n", help: "Only say what has changed there")
    private static let force = OptionSpec.flag("force", short: "f", help: "Also overwrite files that are saved nowhere")

    static let spec = CommandSpec(
        "update", "Bring imported data up to date with where it is from", in: .data, arguments: [paths],
        options: [revision, dryRun, force],
        discussion: [
            "Of a repository, what its branch or tag has now is taken; of an address, what is there now. A web server is "
                + "asked first whether the file has changed.",
            "One import that cannot be had does not stop the others.",
        ],
        examples: [
            CommandExample("repro update --dry-run", ""),
            CommandExample("repro update data/table.parquet --rev v1.3", ""),
        ],
        exits: [
            CommandExit(.notFound, "A path was not imported, or its source is gone"),
            CommandExit(.conflict, "Unsaved files would be lost; they were left alone"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = UpdateImportsOptions()
        options.paths = call.arguments.paths(of: paths)
        options.revision = call.arguments.value(of: revision)
        options.isDryRun = call.arguments.has(dryRun)
        options.isForced = call.arguments.has(force)
        let report = try watched(call) { monitor in
            try updateImports(options, in: call.surroundings, monitor: monitor)
        }
        if call.printsJSON {
            call.output.json(
                .object([
                    "isDryRun": .bool(options.isDryRun), "imports": .array(report.imports.map(ImportText.json)),
                    "failures": .array(report.failures.map { JSONValue($0) }),
                ]))
        } else {
            if !call.isQuiet { ImportText.show(report.imports, isDryRun: options.isDryRun, of: call) }
            if report.imports.isEmpty, report.failures.isEmpty { call.note("nothing was imported here yet") }
            call.report(report.failures)
        }
        return call.status(of: report.failures)
    }
}
