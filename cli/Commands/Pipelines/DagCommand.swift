import JSON
import Operations
import Pipelines

/// `repro dag`
enum DagCommand: Command {
    private static let stages = ArgumentSpec(
        "STAGE", .any, completes: .stages, help: "Only these stages and what they need; all if none is named")
    private static let dot = OptionSpec.flag("dot", help: "Print the graph for Graphviz")
    private static let mermaid = OptionSpec.flag(
        "mermaid", help: "Print the graph for Mermaid, as Markdown pages show it")

    static let spec = CommandSpec(
        "dag", "Draw the pipeline", in: .pipeline, arguments: [stages], options: [dot, mermaid],
        discussion: [
            "Draws boxes and lines if they fit the terminal, and else a list in the order in which the stages run. Behind "
                + "the name of a stage that is not up to date stands what `repro run` would do with it, in the words of "
                + "`repro status`; --json has that and the reasons, too."
        ],
        examples: [
            CommandExample("repro dag", "In the terminal"),
            CommandExample("repro dag --dot | dot -Tsvg >dag.svg", "As a picture"),
        ])

    /// More boxes than this are no picture any more.
    private static let boxLimit = 200

    static func run(_ call: Invocation) throws -> ExitStatus {
        if call.arguments.has(dot), call.arguments.has(mermaid) { throw UsageError.contradiction("--dot", "--mermaid") }
        let steps = try drawGraph(call.arguments.values(of: stages), in: call.surroundings).steps
        let graph = GraphText(
            labels: steps.map(\.stage.name.text), notes: steps.map(note),
            edges: steps.enumerated().flatMap { to, step in step.waitsFor.sorted().map { (from: $0, to: to) } })
        if call.printsJSON {
            call.output.json(.object(["stages": .array(steps.map { JSONValue($0, in: steps) })]))
        } else if call.arguments.has(dot) {
            call.output.line(graph.dot)
        } else if call.arguments.has(mermaid) {
            call.output.line(graph.mermaid)
        } else if steps.isEmpty {
            call.output.line("the pipeline has no stages")
        } else {
            for line in picture(graph, width: call.output.width) { call.output.line(line) }
        }
        return .done
    }

    /// What is to be done with the stage; nil: nothing.
    private static func note(_ step: PipelinePlan.Step) -> String? {
        if case .skip = step.action { nil } else { step.action.words.0 }
    }

    private static func picture(_ graph: GraphText, width: Int?) -> [String] {
        if graph.labels.count > boxLimit { return graph.list }
        let drawing = GraphDrawing(labels: graph.notedLabels, edges: graph.edges)
        return drawing.width <= width ?? 200 ? drawing.lines() : graph.list
    }
}
