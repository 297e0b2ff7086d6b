package import Diagnostics
package import Hashing
package import Objects

/// One execution of a pipeline, a script or a notebook: who ran what, where, when, and how it ended.
///
/// What it logged (params, metrics, tags, stage executions) is asked for apart; see `RunRecord`.
package struct Run: Sendable, Equatable {
    package let id: RunID
    package var experiment: ExperimentID
    package var experimentName: String
    /// For people; two runs may have the same.
    package var name: String
    package var status: RunStatus
    package var startedAt: Timestamp
    /// Nil while it goes on. For a run whose process died: when it was last heard of.
    package var endedAt: Timestamp?
    package var heartbeatAt: Timestamp
    /// When it was moved to the bin; nil if it is not there.
    package var deletedAt: Timestamp?
    package var user: String
    /// Nil for a run that no process of ours leads: queued, or imported.
    package var owner: ProcessIdentity?
    /// As the user typed it, one element an argument.
    package var commandLine: [String]
    package var git: GitState?
    /// Why it failed or was killed, in one sentence.
    package var failure: String?

    package init(
        id: RunID, experiment: ExperimentID, experimentName: String, name: String, status: RunStatus,
        startedAt: Timestamp, user: String
    ) {
        self.id = id
        self.experiment = experiment
        self.experimentName = experimentName
        self.name = name
        self.status = status
        self.startedAt = startedAt
        self.heartbeatAt = startedAt
        self.user = user
        self.commandLine = []
    }

    /// How long it took, or has taken until `now` if it still goes on.
    package func durationMilliseconds(now: Timestamp) -> Int64 {
        (endedAt ?? (status == .running ? now : heartbeatAt)).milliseconds(since: startedAt)
    }
}

/// The name of a run for ever: 32 random lower-case hexadecimal digits if we made it, as given if it was imported.
///
/// Random and not by time, so that its first few digits are enough to type.
package struct RunID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func random() -> RunID {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    package static func random(using generator: inout some RandomNumberGenerator) -> RunID {
        let digits = Array("0123456789abcdef".utf8)
        let text = (0..<32).map { _ in digits[Int.random(in: 0..<16, using: &generator)] }
        return RunID(String(decoding: text, as: UTF8.self))
    }

    /// The first digits: enough for people.
    package var short: String { String(text.prefix(8)) }

    package var description: String { text }
}

package enum RunStatus: String, Sendable, CaseIterable {
    /// Waits to be started.
    case queued
    case running
    case finished
    case failed
    /// Its process is gone and did not say why.
    case killed
    /// The user, or the system, asked it to stop, and it did.
    case interrupted
    /// Runs on another machine that has not been heard of for a while; goes on to `running` if it is.
    case stalled

    package var isOver: Bool {
        switch self {
        case .queued, .running, .stalled: false
        case .finished, .failed, .killed, .interrupted: true
        }
    }
}

/// The version of the code that a run used.
package struct GitState: Sendable, Equatable {
    /// 40 hexadecimal digits.
    package var commit: String
    /// Nil on a detached head.
    package var branch: String?
    package var isDirty: Bool
    /// What `git diff HEAD --binary` said, as an object of the store; nil if nothing was changed or it was too large.
    package var patch: Digest?

    package init(commit: String, branch: String?, isDirty: Bool, patch: Digest? = nil) {
        self.commit = commit
        self.branch = branch
        self.isDirty = isDirty
        self.patch = patch
    }
}

/// What is needed to begin a run.
package struct NewRun: Sendable {
    package var id: RunID
    package var experiment: ExperimentID
    /// Nil: one is suggested that no run of the experiment has.
    package var name: String?
    package var status: RunStatus
    package var startedAt: Timestamp
    package var user: String
    package var owner: ProcessIdentity?
    package var commandLine: [String]
    package var git: GitState?
    /// All that there is to record of its stages: that they were skipped, as those of an earlier run were. See
    /// `ExperimentStore.skippedStages`.
    package var skippedStages: SkippedStagesID?

    package init(
        id: RunID = .random(), experiment: ExperimentID, name: String? = nil, status: RunStatus = .running,
        startedAt: Timestamp, user: String, owner: ProcessIdentity? = nil, commandLine: [String] = [],
        git: GitState? = nil, skippedStages: SkippedStagesID? = nil
    ) {
        self.id = id
        self.experiment = experiment
        self.name = name
        self.status = status
        self.startedAt = startedAt
        self.user = user
        self.owner = owner
        self.commandLine = commandLine
        self.git = git
        self.skippedStages = skippedStages
    }
}

/// Stages that runs have skipped together, which are kept once for all of these runs.
package struct SkippedStagesID: Sendable, Hashable {
    /// Over all that is kept of the stages.
    package let digest: SHA256Digest

    package init(_ digest: SHA256Digest) { self.digest = digest }
}

/// What becomes different in a run; nil leaves a thing as it is. A run that is queued or running again has neither an
/// end nor a failure any more.
package struct RunChange: Sendable {
    package var name: String?
    package var status: RunStatus?
    package var startedAt: Timestamp?
    package var endedAt: Timestamp?
    package var owner: ProcessIdentity?
    package var git: GitState?
    package var failure: String?

    package init(
        name: String? = nil, status: RunStatus? = nil, startedAt: Timestamp? = nil, endedAt: Timestamp? = nil,
        owner: ProcessIdentity? = nil, git: GitState? = nil, failure: String? = nil
    ) {
        self.name = name
        self.status = status
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.owner = owner
        self.git = git
        self.failure = failure
    }

    /// The run is over.
    package static func end(_ status: RunStatus, at moment: Timestamp, failure: String? = nil) -> RunChange {
        RunChange(status: status, endedAt: moment, failure: failure)
    }
}
