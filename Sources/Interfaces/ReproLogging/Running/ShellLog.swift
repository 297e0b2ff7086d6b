package import Diagnostics
package import Experiments
package import Files

/// Logging from a shell script: one message for each start of the program, to the run that is named, or that the
/// environment names.
///
/// A script may run many of them at once. If the server is away, the message is kept on disk.
package struct ShellLog: Sendable {
    private let context: RunContext
    private let destination: any RunDestination
    private let run: ResumePoint
    private let stage: String?

    /// What became of a message.
    package struct Report: Sendable {
        package var run: RunID
        package var runName: String
        package var refusals: [UpdateRefusal]
        /// Where it is kept, and why, if it could not be sent.
        package var spooled: (folder: AbsolutePath, because: any UserFacingError)?
    }

    /// `run`: an id, the first digits of one, or a name; nil for the one that the environment names.
    package init(run reference: String?, server: String?, in context: RunContext) throws {
        self.context = context
        let around = server == nil ? context.surrounding : nil
        guard let wanted = reference ?? around?.run.text ?? context.variable("REPRO_RUN_ID") else {
            throw ShellLogError.noRun
        }
        destination = try context.destination(server.map { .server($0) } ?? .automatic)
        // Outside the run of the stage, the stage means nothing.
        let isOfStage = around.map { $0.run.text == wanted } ?? false
        stage = isOfStage ? around?.stage : nil
        do {
            run = try destination.resumePoint(RunID(wanted))
        } catch let error as TrackingServerError where error.mayPass && RunID(wanted).isWhole {
            // The server is away: what is logged waits for it.
            run = ResumePoint(id: RunID(wanted), head: RunHead(name: wanted, experiment: ""), lastSteps: [:])
        }
    }

    package func log(params: [Param]) throws -> Report { try send { $0.params = params } }
    package func set(tags: [Tag]) throws -> Report { try send { $0.tags = tags } }
    package func note(_ text: String) throws -> Report { try set(tags: [Tag(key: noteTag, value: text)]) }

    /// `step` nil: after the last point of each.
    package func log(metrics: [(key: String, value: Double)], step: Int64?) throws -> Report {
        let now = context.clock.now()
        return try send { update in
            update.series = metrics.map { metric in
                let next = step ?? (run.lastSteps[metric.key].map { $0 &+ 1 } ?? 0)
                return LoggedSeries(
                    key: metric.key, points: [MetricPoint(step: next, timestamp: now, value: metric.value)])
            }
        }
    }

    /// Files, or folders with all in them. `name`: of the only one.
    package func log(artifacts paths: [String], as name: String?) throws -> Report {
        let walk = FileWalk(context.clock)
        let files = try paths.flatMap { text in
            let path = AbsolutePath(text, relativeTo: context.workingDirectory)
            let place = try name.map { try RelativePath(parsing: $0) } ?? RelativePath(unchecked: path.name)
            return try walk.files(at: path, .artifact(place))
        }
        return try send(files) { _ in }
    }

    package func log(dataset path: String, name: String?, context use: String?) throws -> Report {
        let source = AbsolutePath(path, relativeTo: context.workingDirectory)
        let dataset = try FileWalk(context.clock).dataset(
            at: source, name: name ?? String(decoding: source.name, as: UTF8.self), context: use)
        return try send { $0.datasets = [dataset] }
    }

    package func log(model path: String, name: String, type: String?, step: Int64) throws -> Report {
        let source = AbsolutePath(path, relativeTo: context.workingDirectory)
        let model = RunModel(
            id: "m-\(RunID.random().text)", name: name, type: type, step: step, createdAt: context.clock.now())
        let files = try FileWalk(context.clock).files(
            at: source, .model(id: model.id, RelativePath(unchecked: source.name)))
        return try send(files) { $0.models = [model] }
    }

    package func finish(_ status: RunStatus, failure: String?) throws -> Report {
        let end = RunEnd(status: status, at: context.clock.now(), failure: failure)
        return try send { $0.end = end }
    }

    /// Begins a run that goes on when this program has ended; it is over when it is finished, or when the process
    /// `owner` is gone.
    package static func start(
        experiment: String?, name: String?, owner: Int32?, server: String?, in context: RunContext
    ) throws -> Report {
        let destination = try context.destination(server.map { .server($0) } ?? .automatic)
        var start = try context.start(experiment: experiment, name: name, parent: context.surrounding?.run)
        start.owner = try owner.map { pid in
            guard let ticks = startTicksOfProcess(pid) else { throw ShellLogError.noProcess(pid) }
            return ProcessIdentity(host: .current, pid: pid, startTicks: ticks)
        }
        if case .server = destination.address, name == nil {
            var generator = SystemRandomNumberGenerator()
            start.name = suggestRunName(using: &generator) { _ in false }
        }
        var update = RunUpdate(run: .random())
        update.start = start
        return try send(update, [], runName: start.name ?? "", to: destination, context)
    }

    private func send(_ files: [OutgoingFile] = [], _ fill: (inout RunUpdate) -> Void) throws -> Report {
        var update = RunUpdate(run: run.id, stage: stage)
        fill(&update)
        for key in update.params.map(\.key) + update.tags.map(\.key) + update.series.map(\.key) {
            _ = try checkedKey(key, "the run")
        }
        return try Self.send(update, files, runName: run.head.name, to: destination, context)
    }

    private static func send(
        _ update: RunUpdate, _ files: [OutgoingFile], runName: String, to destination: any RunDestination,
        _ context: RunContext
    ) throws -> Report {
        var report = Report(run: update.run, runName: runName, refusals: [])
        do {
            let sent = try destination.send(update, files)
            report.refusals = sent.refusals
            if let head = sent.run { report.runName = head.name }
        } catch let error as DestinationAway where error.cause.kind == .denied {
            throw error.cause
        } catch let error as DestinationAway {
            let spool = try RunSpool.open(update.run, in: context.spoolFolder(nil), for: destination.address)
            try spool.append(update, files)
            spool.close()
            report.spooled = (spool.folder, error.cause)
        }
        return report
    }
}

extension RunID {
    /// Whether it is an id that we made, and not a name or a part of one.
    fileprivate var isWhole: Bool { text.utf8.count == 32 && text.allSatisfy(\.isHexDigit) }
}

/// What is wrong with how `repro log` was called.
package enum ShellLogError: UserFacingError, Equatable {
    case noRun
    case noProcess(Int32)

    package var kind: ErrorKind {
        switch self {
        case .noRun: .invalidInput
        case .noProcess: .notFound
        }
    }

    package var message: String {
        switch self {
        case .noRun: "there is no run to log to"
        case .noProcess(let pid): "process \(pid) does not exist"
        }
    }

    package var hint: String? {
        switch self {
        case .noRun: "name one with --run, or begin one: `export REPRO_RUN_ID=$(repro log start)`"
        case .noProcess: nil
        }
    }
}
