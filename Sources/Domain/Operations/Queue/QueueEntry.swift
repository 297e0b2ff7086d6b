import Diagnostics
import Experiments
import Files
import JSON
import Objects
import Pipelines

/// A run that waits for its turn: what was asked for, and the workspace as it was then.
///
/// Its run is in the tracking store from the start, as `queued`. The entry stays until the run has come to an end: what
/// a killed worker leaves behind is taken up by the next.
struct QueueEntry: Sendable {
    static let version: Int64 = 1

    var run: RunID
    var targets: [String]
    var overrides: [String]
    var isForced: Bool
    var keepGoing: Bool
    /// Whether results that are not here are looked for in the remote.
    var pulls: Bool
    var queuedAt: Timestamp
    /// Place among those that were queued at one time.
    var position: Int
    /// What the tree of the run starts with.
    var files: [LockedOutput]

    var json: JSONValue {
        .object([
            "version": .integer(Self.version), "run": .string(run.text),
            "targets": .array(targets.map { .string($0) }), "overrides": .array(overrides.map { .string($0) }),
            "force": .bool(isForced), "keep_going": .bool(keepGoing), "pull": .bool(pulls),
            "queued_ms": .integer(queuedAt.milliseconds), "position": .integer(Int64(position)),
            "files": .array(files.map(\.json)),
        ])
    }

    init(
        run: RunID, options: RunPipelineOptions, pulls: Bool, overrides: [String], queuedAt: Timestamp, position: Int,
        files: [LockedOutput]
    ) {
        self.run = run
        targets = options.targets
        self.overrides = overrides
        isForced = options.isForced
        keepGoing = options.keepGoing
        self.pulls = pulls
        self.queuedAt = queuedAt
        self.position = position
        self.files = files
    }

    /// Nil for anything that this version does not write.
    init?(json: JSONValue) {
        guard case .object(let object) = json, object["version"] == .integer(Self.version),
            case .string(let run) = object["run"], case .integer(let queued) = object["queued_ms"],
            case .integer(let position) = object["position"], case .array(let files) = object["files"],
            let targets = object["targets"]?.texts, let overrides = object["overrides"]?.texts
        else { return nil }
        self.run = RunID(run)
        self.targets = targets
        self.overrides = overrides
        isForced = object["force"] == .bool(true)
        keepGoing = object["keep_going"] == .bool(true)
        pulls = object["pull"] == .bool(true)
        queuedAt = Timestamp(milliseconds: queued)
        self.position = Int(position)
        self.files = files.compactMap { LockedOutput(json: $0) }
        if self.files.count != files.count { return nil }
    }

    /// What the pipeline is asked for, in the entry's own tree.
    var options: RunPipelineOptions {
        var options = RunPipelineOptions()
        options.targets = targets
        options.overrides = overrides
        options.isForced = isForced
        options.keepGoing = keepGoing
        options.pulls = pulls
        return options
    }
}

extension JSONValue {
    /// Nil if this is no list of texts.
    fileprivate var texts: [String]? {
        guard case .array(let items) = self else { return nil }
        let texts = items.compactMap { item -> String? in if case .string(let text) = item { text } else { nil } }
        return texts.count == items.count ? texts : nil
    }
}
