import Diagnostics
import Experiments
import JSON
import Operations
import Pipelines
import Processes
import Threads

/// `repro run`
enum RunCommand: Command {
    private static let stages = ArgumentSpec(
        "STAGE", .any, completes: .stages,
        help: "A stage, or the path of an out: run it and what it needs; everything if none is named")
    private static let set = OptionSpec.values(
        "set", short: "S", .text("KEY=VALUE", completes: .paramAssignments),
        help:
            "Change a param in its file first: `KEY` of params.yaml, or `FILE:KEY`; `+KEY` adds one, `~KEY` removes one"
    )
    private static let name = OptionSpec.value("name", .text("NAME"), help: "Name the run; else a name is made up")
    private static let experiment = OptionSpec.value(
        "experiment", .text("NAME", completes: .experiments), help: "The experiment that the run belongs to")
    private static let jobs = OptionSpec.value(
        "jobs", short: "j", .count("N"), help: "Run at most N stages at once; else as many as there are cores")
    private static let force = OptionSpec.flag("force", short: "f", help: "Run the stages even if nothing has changed")
    private static let dryRun = OptionSpec.flag(
        "dry-run", short: "n", help: "Print what would be done, and do and write nothing")
    private static let keepGoing = OptionSpec.flag(
        "keep-going", short: "k", help: "After a failure, run the stages that do not need the failed one")
    private static let single = OptionSpec.flag(
        "single", short: "s", help: "Only the stages named, and nothing that they need")
    private static let downstream = OptionSpec.flag(
        "downstream", help: "The stages named and all that they can change, instead of what they need")
    private static let frozen = OptionSpec.flag(
        "frozen", help: "For CI: fail, and do nothing, if a stage would have to run")
    private static let pull = OptionSpec.flag(
        "pull", help: "Take results and inputs that are not here from the default remote")
    private static let noPull = OptionSpec.flag("no-pull", help: "Do not, although `run.pull` in the config says so")
    private static let events = OptionSpec.flag(
        "events", help: "Print what happens as lines of JSON, for a program; docs/formats/run-events.md")
    private static let queue = OptionSpec.flag(
        "queue", help: "Do not run now: keep the workspace as it is for `repro queue start`")

    static let spec = CommandSpec(
        "run", "Run the pipeline; skip what has not changed", in: .pipeline, arguments: [stages],
        options: [
            set, name, experiment, jobs, force, dryRun, keepGoing, single, downstream, frozen, pull, noPull, events,
            queue,
        ],
        discussion: [
            "A stage runs if its command, a dep, a param or a declared variable is not what it was, or if an out is "
                + "missing. What was made before with the same inputs is restored and not made again. Every run is "
                + "recorded with its params, metrics, files and logs.",
            "Values with commas between them are choices: -S dim=50,70 -S 'lr=choice(0.1, 0.2)' -S 'seed=range(1, 4)' makes "
                + "one run of each combination, one after another, each in a tree of its own: the workspace stays as it "
                + "is. A comma in quotes is only a comma.",
            "With --pull, a stage that someone else has run and pushed is not run again, and tracked data that is "
                + "missing is fetched. A remote that fails is asked no more, and the run goes on without it.",
            "--json prints one report at the end, --events a line of JSON for each thing that happens, the same report "
                + "being the last.",
            "Ctrl-C stops the stages and waits for their end; a second one kills them.",
        ],
        examples: [
            CommandExample("repro run", "Everything that is out of date"),
            CommandExample("repro run -S train.dim=70 --name wide", "Another run, with a changed param"),
            CommandExample("repro run evaluate -j 4", "One stage and what it needs, four at once"),
            CommandExample("repro run --queue -S train.dim=50,70,100", "Three runs for later, with this code"),
            CommandExample("repro run --dry-run", "What would run, and why"),
        ],
        exits: [
            CommandExit(.failed, "A stage failed, or with --frozen would have to run"),
            CommandExit(.invalidInput, "The pipeline or a param is wrong; nothing was changed"),
            CommandExit(.interrupted, "Stopped by a signal"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = RunPipelineOptions()
        options.targets = call.arguments.values(of: stages)
        options.overrides = call.arguments.values(of: set)
        options.name = call.arguments.value(of: name)
        options.experiment = call.arguments.value(of: experiment)
        options.jobs = call.arguments.count(of: jobs)
        options.isForced = call.arguments.has(force)
        options.keepGoing = call.arguments.has(keepGoing)
        options.scope = try scope(call.arguments)
        options.refusesToRun = call.arguments.has(frozen)
        options.pulls = try pulls(call.arguments)
        if call.printsJSON, call.arguments.has(events) { throw UsageError.contradiction("--json", "--events") }
        if call.arguments.has(dryRun) {
            PlanText.show(try planPipeline(options, in: call.surroundings), of: call)
            return .done
        }
        let isGrid = try expandedGrid(options.overrides).count > 1
        if isGrid || call.arguments.has(queue) { return try enqueue(options, call) }
        return try run(options, call)
    }

    /// Without --queue the runs are worked on at once.
    private static func enqueue(_ options: RunPipelineOptions, _ call: Invocation) throws -> ExitStatus {
        for flag in [single, downstream, frozen, events] where call.arguments.has(flag) {
            throw UsageError.contradiction("--queue, or choices of -S,", "--\(flag.name)")
        }
        let entries = try queueRuns(options, in: call.surroundings).entries
        if !call.arguments.has(queue) { return try QueueStartCommand.work(call, only: entries.map(\.run.id)) }
        if call.printsJSON {
            call.output.json(.object(["runs": .array(entries.map { JSONValue($0.run) })]))
        } else if !call.isQuiet {
            for entry in entries {
                let params = entry.overrides.isEmpty ? "" : ": " + entry.overrides.joined(separator: " ")
                call.output.line("queued \(printable(entry.run.name)) (\(entry.run.id.short))\(printable(params))")
            }
            call.note("`repro queue start` works on them")
        }
        return .done
    }

    private static func pulls(_ arguments: ParsedArguments) throws -> Bool? {
        switch (arguments.has(pull), arguments.has(noPull)) {
        case (true, true): throw UsageError.contradiction("--pull", "--no-pull")
        case (true, false): true
        case (false, true): false
        case (false, false): nil
        }
    }

    private static func scope(_ arguments: ParsedArguments) throws -> StageScope {
        switch (arguments.has(single), arguments.has(downstream)) {
        case (true, true): throw UsageError.contradiction("--single", "--downstream")
        case (true, false): .alone
        case (false, true): .withDownstream
        case (false, false): .withUpstream
        }
    }

    private static func run(_ options: RunPipelineOptions, _ call: Invocation) throws -> ExitStatus {
        let printsEvents = call.arguments.has(events)
        let view = makeView(call, hasOutputToItself: !printsEvents)
        let stream = printsEvents ? RunEvents(call, next: view) : nil
        let interrupter = RunInterrupter()
        // Before the first thread: each inherits which signals are blocked.
        let signals = SignalWatcher { _ in
            interrupter.interrupt()
            options.cancellation.cancel()
            view.say(
                interrupter.force == .gentle
                    ? "stopping: the stages are asked to end; once more kills them" : "killing the stages")
        }
        defer { withExtendedLifetime(signals) {} }
        var options = options
        options.reportsContents = call.printsJSON || printsEvents
        let report: RunPipelineReport
        do {
            defer { view.finish() }
            report = try runPipeline(
                options, in: call.surroundings, interrupter: interrupter, observer: stream ?? view,
                onBegin: { stream?.began($0) })
        } catch {
            stream?.failed(error)
            throw error
        }
        if let stream {
            stream.finished(RunSummary(report, call).json)
        } else if call.printsJSON {
            call.output.json(RunSummary(report, call).json)
        } else if !call.isQuiet {
            RunSummary(report, call).show()
        }
        return try conclude(report, hidesTails: view.showsTails, call)
    }

    private static func makeView(_ call: Invocation, hasOutputToItself: Bool) -> StageView {
        // Data alone may go to standard output then; people who watch look at the other stream.
        let isForPrograms = call.printsJSON || !hasOutputToItself
        let stream = isForPrograms || call.isQuiet ? call.errors : call.output
        let showsStages = isForPrograms ? stream.isTerminal && !call.isQuiet : !call.isQuiet
        return StageView(
            stream: stream,
            detail: .init(
                showsEveryStage: showsStages, showsLogs: call.isVerbose && (hasOutputToItself || stream.isTerminal)),
            clock: call.clock)
    }

    /// Says what went wrong, each failure once, and makes the first one the end of the command.
    private static func conclude(
        _ report: RunPipelineReport, hidesTails: Bool, _ call: Invocation
    ) throws -> ExitStatus {
        if !call.printsJSON { for warning in report.warnings { call.warn(warning) } }
        let failures = report.records.compactMap(\.error).map { hidesTails ? FirstLine(of: $0) : $0 }
        if report.run.status == .interrupted {
            // Those of stages that were stopped say nothing new.
            show(failures.filter { $0.kind != .interrupted }, call)
            call.note("`repro run` goes on where it stopped")
            return .found(.interrupted)
        }
        guard let first = failures.first else { return .done }
        show(failures.dropFirst(), call)
        throw first
    }

    private static func show(_ failures: some Sequence<any UserFacingError>, _ call: Invocation) {
        if call.printsJSON { return }
        for failure in failures {
            for line in ErrorReport(failure).lines(palette: call.errors.palette) { call.errors.line(line) }
        }
    }
}

/// An error without the last lines of a log, which stand on the screen already.
private struct FirstLine: UserFacingError {
    let kind: ErrorKind
    let message: String
    let hint: String?
    let location: SourceLocation?

    init(of error: any UserFacingError) {
        kind = error.kind
        message = String(error.message.prefix { !$0.isNewline })
        hint = error.hint
        location = error.location
    }
}
