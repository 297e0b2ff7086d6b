import Diagnostics
import Files
import JSON
import Operations
import Pipelines

/// `repro stage add`
enum StageAddCommand: Command {
    private static let command = ArgumentSpec(
        "COMMAND", .atLeast(1), completes: .files, help: "The command: one word in quotes, or all words after `--`")
    private static let name = OptionSpec.value("name", short: "n", .text("NAME"), help: "The stage's name (needed)")
    private static let deps = OptionSpec.values(
        "deps", short: "d", .text("PATH", completes: .files), help: "A file or folder that it reads")
    private static let params = OptionSpec.values(
        "params", short: "p", .text("KEYS"), help: "Params that it reads: `KEY,KEY`, `FILE:KEY,KEY`, or `FILE:` for all"
    )
    private static let workingDirectory = OptionSpec.value(
        "wdir", short: "w", .text("DIR", completes: .folders), help: "Where the command runs and paths start")
    private static let summary = OptionSpec.value("desc", .text("TEXT"), help: "What it does, for people")
    private static let alwaysChanged = OptionSpec.flag("always-changed", help: "Run it each time")
    private static let force = OptionSpec.flag("force", short: "f", help: "Replace a stage of the same name")

    private static let outputs: [(option: OptionSpec, kind: AddStageOptions.OutputKind)] = [
        (out("outs", "o", "A file or folder that it writes"), .init("outs")),
        (out("outs-no-cache", "O", "The same, not kept in the store"), .init("outs", isCached: false)),
        (out("outs-persist", nil, "The same, not removed before it runs"), .init("outs", persists: true)),
        (
            out("outs-persist-no-cache", nil, "Neither kept nor removed"),
            .init("outs", isCached: false, persists: true)
        ),
        (out("metrics", "m", "A metrics file that it writes"), .init("metrics")),
        (out("metrics-no-cache", "M", "The same, for Git to keep"), .init("metrics", isCached: false)),
        (out("plots", nil, "Data of a plot that it writes"), .init("plots")),
        (out("plots-no-cache", nil, "The same, for Git to keep"), .init("plots", isCached: false)),
    ]

    private static func out(_ name: String, _ short: Character?, _ help: String) -> OptionSpec {
        .values(name, short: short, .text("PATH", completes: .files), help: help)
    }

    static let spec = CommandSpec(
        "stage add", "Write a stage into the pipeline file", in: .pipeline, arguments: [command],
        options: [name, deps, params] + outputs.map(\.option) + [workingDirectory, summary, alwaysChanged, force],
        discussion: [
            "Goes into repro.yaml, or into dvc.yaml where a project has that; comments and order stay. Nothing is run, "
                + "and nothing is written if the pipeline would not be whole."
        ],
        examples: [
            CommandExample("repro stage add -n train -d train.py -p train -o model.bin -- python train.py --fast", ""),
            CommandExample("repro stage add -n count -d data.txt -M count.json 'wc -l data.txt >count.json'", ""),
        ],
        exits: [
            CommandExit(.invalidInput, "The stage does not fit into the pipeline; nothing was written"),
            CommandExit(.conflict, "There is a stage of that name"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let arguments = call.arguments
        guard let name = arguments.value(of: name) else {
            throw UsageError.unusable("the stage has no name", hint: "name it with --name")
        }
        var options = AddStageOptions(name: name, commands: [line(arguments.values(of: command))])
        options.dependencies = arguments.values(of: deps)
        options.params = arguments.values(of: params)
        options.outputs = outputs.flatMap { output in
            arguments.values(of: output.option).map { (kind: output.kind, path: $0) }
        }
        options.workingDirectory = arguments.value(of: workingDirectory)
        options.summary = arguments.value(of: summary)
        options.alwaysChanged = arguments.has(alwaysChanged)
        options.replaces = arguments.has(force)
        let report = try addStage(options, in: call.surroundings)
        if call.printsJSON {
            call.output.json(
                .object([
                    "name": .string(report.stage.text), "file": .string(report.file.description),
                    "replaced": .bool(report.replaced),
                ]))
        } else if !call.isQuiet {
            let verb = report.replaced ? "replaced" : "added"
            call.output.line("\(verb) stage \(printable(report.stage.text)) in \(report.file)")
        }
        return .done
    }

    /// Words as the shell that typed them had them; a single one is a command line already.
    private static func line(_ words: [String]) -> String {
        words.count == 1 ? words[0] : words.map(quoted).joined(separator: " ")
    }

    private static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.unicodeScalars.allSatisfy { !" \t\n'\"\\$`&|;<>()*?[]#~!{}".unicodeScalars.contains($0) }
        return isPlain
            ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
