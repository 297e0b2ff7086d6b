import Diagnostics
import Experiments
import Files
import Hashing
import JSON
import Objects
import Operations

/// `repro show`
enum ShowCommand: Command {
    private static let run = ArgumentSpec("RUN", completes: .runs, help: "The name or id of a run, or `last`")

    static let spec = CommandSpec(
        "show", "Show all that is known of a run", in: .runs, arguments: [run],
        options: [ServerArgument.server],
        discussion: [
            "An id may be cut short. A name means the latest run of that name. With --verbose also what each stage read "
                + "and made."
        ],
        examples: [CommandExample("repro show last", "The latest run")],
        exits: [CommandExit(.notFound, "There is no such run")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let report = try showRun(call.arguments.value(of: run) ?? "", in: call.surroundingsWithServer)
        if call.printsJSON {
            guard case .object(var fields) = JSONValue(report.record) else { return .done }
            fields["stages"] = .array(report.stages.map { JSONValue($0) })
            call.output.json(.object(fields))
        } else {
            showFacts(report.record, call)
            showValues("Params", report.record.params.mapValues(Formats.value), call.output)
            showValues("Metrics", report.record.metrics.mapValues { Formats.number($0.value) }, call.output)
            showValues("Tags", report.record.tags, call.output)
            showStages(report.stages, call)
        }
        return .done
    }

    private static func showFacts(_ record: RunRecord, _ call: Invocation) {
        let run = record.run
        let now = call.clock.now()
        var table = Table([.init(""), .init("")])
        func add(_ name: String, _ text: String?, _ style: Style = .plain) {
            if let text, !text.isEmpty { table.add([.init(name, .faint), .init(text, style)]) }
        }
        add("run", run.name, .strong)
        add("id", run.id.text)
        add("experiment", run.experimentName)
        add("status", run.status.words.0, run.status.words.1)
        add("failure", run.failure, .bad)
        add("started", "\(run.startedAt) (\(Formats.age(of: run.startedAt, at: now)))")
        add("duration", Formats.duration(milliseconds: run.durationMilliseconds(now: now)))
        add("by", run.user + (run.owner.map { " on \($0.host.name)" } ?? ""))
        add("command", run.commandLine.map(shellQuoted).joined(separator: " "))
        add("code", run.git.map(describe))
        call.output.table(table)
    }

    /// `main@1a2b3c4d…, with changes that are not committed`.
    private static func describe(_ git: GitState) -> String {
        let start = (git.branch.map { "\($0)@" } ?? "") + git.commit.prefix(12)
        if !git.isDirty { return start }
        return start + ", with uncommitted changes" + (git.patch.map { " (patch \($0.id))" } ?? "")
    }

    private static func showValues(_ title: String, _ values: [String: String], _ output: TextStream) {
        if values.isEmpty { return }
        output.line()
        output.line(output.paint(title, .strong))
        var table = Table([.init(""), .init("")])
        for (name, value) in values.sorted(by: { $0.key < $1.key }) { table.add([.init("  \(name)"), .init(value)]) }
        output.table(table)
    }

    private static func showStages(_ stages: [StageExecution], _ call: Invocation) {
        if stages.isEmpty { return }
        let output = call.output
        output.line()
        output.line(output.paint("Stages", .strong))
        let nameWidth = stages.reduce(0) { max($0, displayWidth(of: $1.stage)) }
        for stage in stages {
            let (word, style) = stage.state.words
            let hasDuration = [.ran, .cached, .failed].contains(stage.state)
            let line = StageLine(
                state: word, style: style, stage: stage.stage,
                milliseconds: hasDuration ? stage.durationMilliseconds : nil,
                text: stage.failure ?? stage.reasons.joined(separator: "; "))
            output.line(
                "  " + line.line(nameWidth: nameWidth, palette: output.palette, width: output.width.map { $0 - 2 }))
            if call.isVerbose { showFiles(stage, output) }
        }
    }

    private static func showFiles(_ stage: StageExecution, _ output: TextStream) {
        for command in stage.commands {
            output.line("      " + output.paint("cmd", .faint) + "  " + printable(command))
        }
        var table = Table([.init(""), .init(""), .init("", .right), .init("")])
        for (direction, files) in [("in", stage.inputs), ("out", stage.outputs)] {
            for file in files {
                table.add([
                    .init("      \(direction)", .faint), .init(file.path.description),
                    .init(file.fingerprint.map { Formats.bytes($0.contentBytes) } ?? "absent"),
                    .init(file.fingerprint?.digest.id.description ?? "", .faint),
                ])
            }
        }
        output.table(table)
    }
}
