import Diagnostics
import Experiments
import JSON
import Operations
import Pipelines
import Processes

/// `repro queue start`
enum QueueStartCommand: Command {
    static let runs = OptionSpec.value(
        "runs", short: "r", .count("N"), help: "Work on N runs at once; else on one")
    static let jobs = OptionSpec.value(
        "jobs", short: "j", .count("N"), help: "Run at most N stages at once, over all runs; else as many as cores")

    static let spec = CommandSpec(
        "queue start", "Work on the queued runs until none is left", in: .runs, options: [runs, jobs],
        discussion: [
            "Each run has a tree of its own, made of the workspace as it was when it was queued: go on editing "
                + "meanwhile. Several workers may share a queue. Ctrl-C puts the runs that have begun back into the "
                + "queue; so does the death of a worker, and what its stages had made is not made again."
        ],
        examples: [CommandExample("repro queue start --runs 4", "Four runs at once")],
        exits: [CommandExit(.failed, "A run failed"), CommandExit(.interrupted, "Stopped by a signal")])

    static func run(_ call: Invocation) throws -> ExitStatus { try work(call, only: nil) }

    /// `only`: the runs to work on; nil for all.
    static func work(_ call: Invocation, only: [RunID]?) throws -> ExitStatus {
        var options = WorkQueueOptions()
        options.runs = call.arguments.count(of: runs) ?? 1
        options.jobs = call.arguments.count(of: jobs)
        options.only = only
        let interrupter = RunInterrupter()
        // Before the first thread: each inherits which signals are blocked.
        let signals = SignalWatcher { _ in interrupter.interrupt() }
        defer { withExtendedLifetime(signals) {} }
        let report = try workQueue(
            options, in: call.surroundings, interrupter: interrupter, observer: QueueLines(call: call))
        if call.printsJSON { call.output.json(.object(["runs": .array(report.runs.map { JSONValue($0) })])) }
        if interrupter.force > .none { return .found(.interrupted) }
        if report.runs.isEmpty, !call.printsJSON { call.note("nothing is queued") }
        return report.failures.isEmpty ? .done : .found(.failed)
    }
}

/// A line for each run that begins or ends.
private struct QueueLines: QueueObserver {
    let call: Invocation

    func started(_ run: Run) { call.note("run \(run.name) (\(run.id.short)) begins") }

    func finished(_ run: Run, _ failure: (any UserFacingError)?) {
        if call.printsJSON || call.isQuiet { return }
        let output = call.output
        let (word, style) = run.status.words
        let duration = Formats.duration(milliseconds: run.durationMilliseconds(now: call.clock.now()))
        output.line(
            output.paint("run \(printable(run.name))", .strong) + output.paint(" (\(run.id.short)) ", .faint)
                + output.paint(word, style) + " after \(duration)")
        output.flush()
        if let failure { call.warn(failure) }
    }
}
