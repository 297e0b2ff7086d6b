import Diagnostics
import Experiments
import Files
import FoundationEssentials
import Processes
import Synchronization
import Threads

/// One execution of a program, as it is recorded: params, metrics, tags, files, and how it ended.
///
/// ```swift
/// let run = try Run.start(experiment: "digits")
/// run.log(param: "rate", 0.1)
/// for step in 0..<1000 {
///     run.log("loss", train(step), step: step)
/// }
/// run.log(artifact: "model.bin")
/// run.finish()
/// ```
///
/// Only what starts a run throws. All else returns at once and never throws: it puts what is logged into a buffer in
/// memory, which a thread of the run's own writes to the project's database, or sends to a server; what a server cannot
/// take now is kept on disk and sent later. What went wrong is in `problems`, and in the report of `finish`.
///
/// Safe to use from any number of threads at once.
public final class Run: Sendable {
    /// 32 hexadecimal digits that no other run has.
    public let id: String
    /// For people; `repro show NAME` finds the run by it.
    public let name: String
    /// The group of runs that it belongs to.
    public let experiment: String

    let recorder: Recorder
    let context: RunContext
    private let options: RunOptions
    private let helpers: RunHelpers

    private init(
        _ recorder: Recorder, _ head: RunHead, _ context: RunContext, _ options: RunOptions, leads: Bool, isNew: Bool
    ) {
        id = recorder.run.text
        name = head.name
        experiment = head.experiment
        self.recorder = recorder
        self.context = context
        self.options = options
        recorder.start()
        helpers = RunHelpers(recorder, context, options, recordsCode: isNew && options.recordsCode)
        if options.watchesSignals { LiveRuns.add(recorder) }
    }

    // MARK: Starting

    /// Starts a run.
    ///
    /// Inside a stage of `repro run` the run is the pipeline's: what is logged belongs to it, and to that stage, and
    /// `finish` ends neither; experiment and name are those of the pipeline's run. The same where `REPRO_RUN_ID` names a
    /// run that a script has begun by `repro log start`.
    ///
    /// - Parameters:
    ///   - experiment: The group of runs; without one `REPRO_EXPERIMENT`, or the one of the project's settings, or
    ///     `Default`. It is made if it does not exist.
    ///   - name: For people; without one, two words that no other run of the experiment has.
    ///   - options: Where and how it is logged.
    /// - Throws: `LoggingError` if there is no project and no server, or a server that does not know the token. A server
    ///   that cannot be reached is no error.
    public static func start(
        experiment: String? = nil, name: String? = nil, options: RunOptions = RunOptions()
    ) throws -> Run {
        try start(experiment: experiment, name: name, options: options, in: .current())
    }

    /// Goes on with a run that was started before, here or elsewhere; metrics that are logged without a step go on after
    /// the last one.
    ///
    /// - Parameter id: The run's id; in a project, its name, or `last` digits enough to tell it, do as well.
    /// - Throws: `LoggingError`, also if there is no such run, or the server cannot be reached.
    public static func resume(_ id: String, options: RunOptions = RunOptions()) throws -> Run {
        try resume(id, options: options, in: .current())
    }

    /// Starts a run that is a part of this one, such as one fold of a cross-validation.
    public func startNested(name: String? = nil) throws -> Run {
        try Self.explained {
            var options = options
            options.systemMetricsInterval = nil
            options.recordsCode = false
            let destination = try context.destination(options.destination)
            return try Self.begin(
                try context.start(experiment: experiment, name: name, parent: RunID(id)), destination, options, context)
        }
    }

    /// Starts a run, lends it to `body`, and finishes it when that returns. An error that it throws is recorded as the
    /// reason why the run failed, and thrown on.
    @discardableResult
    public static func with<Result>(
        experiment: String? = nil, name: String? = nil, options: RunOptions = RunOptions(),
        _ body: (Run) throws -> Result
    ) throws -> Result {
        let run = try start(experiment: experiment, name: name, options: options)
        do {
            let result = try body(run)
            run.finish()
            return result
        } catch {
            run.finish(error is CancellationError ? .interrupted : .failed("\(error)"))
            throw error
        }
    }

    // MARK: Ending

    /// Waits until everything that was logged before is in the project's database, at the server, or, if the server is
    /// away, on disk. False if that takes longer.
    @discardableResult
    public func flush(timeout: Duration = .seconds(30)) -> Bool { recorder.flush(timeout: timeout) }

    /// Ends the run, when all that was logged is written. Nothing can be logged afterwards. A second call does nothing.
    @discardableResult
    public func finish(_ ending: RunEnding = .finished) -> RunReport {
        helpers.stop()
        let end: RunEnd
        let now = context.clock.now()
        switch ending {
        case .finished: end = RunEnd(status: .finished, at: now)
        case .failed(let reason): end = RunEnd(status: .failed, at: now, failure: reason)
        case .interrupted: end = RunEnd(status: .interrupted, at: now)
        }
        let report = recorder.close(end, timeout: options.finishTimeout)
        LiveRuns.remove(recorder)
        return report
    }

    /// What went wrong so far, in words, each thing once.
    public var problems: [String] { recorder.report.problems }

    deinit { if !options.watchesSignals { helpers.stop() } }

    // MARK: How it is made

    package static func start(
        experiment: String?, name: String?, options: RunOptions, in context: RunContext
    ) throws -> Run {
        if case .automatic = options.destination, context.surrounding != nil {
            return try attach(to: nil, options: options, in: context)
        }
        return try explained {
            let destination = try context.destination(options.destination)
            return try begin(
                try context.start(experiment: experiment, name: name), destination, options, context)
        }
    }

    /// A run that somebody else leads: this one logs to it, and does not end it. `reference` nil: the one that the
    /// environment names.
    package static func attach(
        to reference: String?, options: RunOptions, in context: RunContext
    ) throws -> Run {
        try explained {
            let surrounding = context.surrounding
            guard let wanted = reference ?? surrounding?.run.text else { throw ShellLogError.noRun }
            let point = try context.destination(options.destination).resumePoint(RunID(wanted))
            // Another run than that of the stage has no such stage.
            let stage = point.id == surrounding?.run ? surrounding?.stage : nil
            let (recorder, _) = try recorder(
                point.id, stage: stage, leads: false, try context.destination(options.destination), point.lastSteps,
                options, context)
            return Run(recorder, point.head, context, options, leads: false, isNew: false)
        }
    }

    package static func resume(_ id: String, options: RunOptions, in context: RunContext) throws -> Run {
        try explained {
            let destination = try context.destination(options.destination)
            var point = try destination.resumePoint(RunID(id))
            let refused = try sendLeft(of: point.id, to: destination, options, context)
            if refused != nil { point = try destination.resumePoint(point.id) }
            let (recorder, outbox) = try recorder(
                point.id, stage: nil, leads: true, destination, point.lastSteps, options, context)
            for problem in refused ?? [] { outbox.problems.note(problem) }
            var update = RunUpdate(run: point.id)
            update.start = try context.start(experiment: point.head.experiment, name: nil, resumes: true)
            _ = try outbox.begin(update)
            return Run(recorder, point.head, context, options, leads: true, isNew: false)
        }
    }

    /// Sends what an earlier process of the run could not: it comes before all that is logged from now on, and its steps
    /// count. Answers what was refused for good; nil if there was nothing.
    private static func sendLeft(
        of run: RunID, to destination: any RunDestination, _ options: RunOptions, _ context: RunContext
    ) throws -> [String]? {
        let folder = try context.spoolFolder(options.spoolFolder).appending(run.text)
        guard let spool = try RunSpool.openLeft(at: folder), spool.address == destination.address, !spool.isEmpty
        else { return nil }
        defer { spool.close() }
        var refused: [String] = []
        do {
            while !spool.isEmpty { refused += try spool.sendOne(to: destination) }
        } catch let error as DestinationAway {
            throw error.cause
        }
        return refused
    }

    private static func begin(
        _ start: RunStart, _ destination: any RunDestination, _ options: RunOptions, _ context: RunContext
    ) throws -> Run {
        var update = RunUpdate(run: .random())
        var start = start
        if case .server = destination.address, start.name == nil {
            // The server may be away: then nobody else could find a name.
            var generator = SystemRandomNumberGenerator()
            start.name = suggestRunName(using: &generator) { _ in false }
        }
        update.start = start
        let (recorder, outbox) = try recorder(
            update.run, stage: nil, leads: true, destination, [:], options, context)
        let head = try outbox.begin(update) ?? RunHead(name: start.name ?? "", experiment: start.experiment)
        return Run(recorder, head, context, options, leads: true, isNew: true)
    }

    private static func recorder(
        _ run: RunID, stage: String?, leads: Bool, _ destination: any RunDestination, _ lastSteps: [String: Int64],
        _ options: RunOptions, _ context: RunContext
    ) throws -> (Recorder, Outbox) {
        let folder = try context.spoolFolder(options.spoolFolder)
        let outbox = Outbox(destination, problems: ProblemList(options.onProblem)) { [address = destination.address] in
            try RunSpool.open(run, in: folder, for: address)
        }
        let recorder = Recorder(
            run: run, stage: stage, leads: leads, outbox: outbox, lastSteps: lastSteps, clock: context.clock)
        return (recorder, outbox)
    }

    /// With our errors as the one that is public.
    private static func explained<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as any UserFacingError {
            throw LoggingError(message: error.message, hint: error.hint)
        }
    }
}
