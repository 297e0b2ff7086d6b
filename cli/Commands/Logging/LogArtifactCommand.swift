import Diagnostics
import ReproLogging

/// `repro log artifact`
enum LogArtifactCommand: Command {
    private static let files = ArgumentSpec(
        "FILE", .atLeast(1), completes: .files, help: "A file, or a folder with all in it")
    private static let name = OptionSpec.value(
        "as", .text("PATH"), help: "The path of the only file among the artifacts; without it, its name")

    static let spec = CommandSpec(
        "log artifact", "Keep files with a run", in: .logging, arguments: [files],
        options: [name, LogArguments.run, LogArguments.server],
        discussion: ["Content that is kept already, by any run, takes no space."],
        examples: [
            CommandExample("repro log artifact plots/ report.html", "A folder and a file"),
            CommandExample("repro log artifact out.bin --as models/final.bin", "Under another name"),
        ], exits: LogArguments.exits)

    static func run(_ call: Invocation) throws -> ExitStatus {
        let paths = call.arguments.values(of: files)
        let given = call.arguments.value(of: name)
        if given != nil, paths.count > 1 { throw UsageError.unusable("--as is for one file only", hint: nil) }
        return LogArguments.show(try LogArguments.open(call).log(artifacts: paths, as: given), call)
    }
}
