import Files
import JSON
import Operations
import Pipelines

/// `repro stage list`
enum StageListCommand: Command {
    private static let stages = ArgumentSpec(
        "STAGE", .any, completes: .stages, help: "Only these stages or groups; all if none is named")
    private static let nameOnly = OptionSpec.flag("name-only", help: "Print names and nothing else, one a line")

    static let spec = CommandSpec(
        "stage list", "List the stages of the pipeline", in: .pipeline, arguments: [stages], options: [nameOnly],
        discussion: ["In the order in which they run, after templating. Reads the pipeline's files only."],
        examples: [CommandExample("repro stage list --json", "All that the pipeline says of each stage")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let found = try listStages(call.arguments.values(of: stages), in: call.surroundings)
        if call.printsJSON {
            call.output.json(.array(found.map { JSONValue($0) }))
        } else if call.arguments.has(nameOnly) {
            for stage in found { call.output.line(printable(stage.name.text)) }
        } else if found.isEmpty {
            call.note("the pipeline has no stages")
        } else {
            var table = Table([.init(""), .init("", shrinksTo: 20)])
            for stage in found { table.add([.init(stage.name.text), .init(meaning(of: stage), .faint)]) }
            call.output.table(table)
        }
        return .done
    }

    /// What the user says of it, or what it makes.
    private static func meaning(of stage: Stage) -> String {
        if let summary = stage.summary { return summary }
        let outs = stage.outputs.map(\.path.description) + stage.externalOutputs.map(\.text)
        return outs.isEmpty ? "" : "makes " + outs.joined(separator: ", ")
    }
}
