package import Diagnostics
package import Files
package import Objects

/// What a program has to say about one run, as one message: to the database here, to a server, or to a file until
/// either can take it.
///
/// To apply one twice changes nothing more than to apply it once, and messages of one run are applied in the order in
/// which they were made: whoever does not hear the answer sends again. docs/formats/run-update.md is how it is written.
package struct RunUpdate: Sendable, Equatable {
    package var run: RunID
    /// The run begins, or goes on, with this message.
    package var start: RunStart?
    /// The stage whose commands say this, if they are a stage's.
    package var stage: String?
    package var params: [Param] = []
    package var series: [LoggedSeries] = []
    package var tags: [Tag] = []
    package var datasets: [DatasetUse] = []
    package var models: [RunModel] = []
    /// The content of each is sent apart.
    package var files: [LoggedFile] = []
    package var git: GitState?
    package var heartbeatAt: Timestamp?
    package var end: RunEnd?

    package init(run: RunID, stage: String? = nil) {
        self.run = run
        self.stage = stage
    }

    /// Whether it says nothing.
    package var isEmpty: Bool { self == RunUpdate(run: run, stage: stage) }

    /// How many metric points it has.
    package var pointCount: Int { series.reduce(0) { $0 + $1.points.count } }
}

/// Who began a run, where and how.
package struct RunStart: Sendable, Equatable {
    package var experiment: String
    /// Nil: the store finds one that no other run of the experiment has.
    package var name: String?
    package var startedAt: Timestamp
    package var user: String
    package var owner: ProcessIdentity?
    package var commandLine: [String]
    /// The run that this one is a part of.
    package var parent: RunID?
    /// The run must be there, and goes on.
    package var resumes: Bool

    package init(
        experiment: String = Experiment.defaultName, name: String? = nil, startedAt: Timestamp, user: String,
        owner: ProcessIdentity? = nil, commandLine: [String] = [], parent: RunID? = nil, resumes: Bool = false
    ) {
        self.experiment = experiment
        self.name = name
        self.startedAt = startedAt
        self.user = user
        self.owner = owner
        self.commandLine = commandLine
        self.parent = parent
        self.resumes = resumes
    }
}

package struct RunEnd: Sendable, Equatable {
    package var status: RunStatus
    package var at: Timestamp
    package var failure: String?

    package init(status: RunStatus, at moment: Timestamp, failure: String? = nil) {
        self.status = status
        self.at = moment
        self.failure = failure
    }
}

/// Points of one series.
package struct LoggedSeries: Sendable, Equatable {
    package var key: String
    package var points: [MetricPoint]

    package init(key: String, points: [MetricPoint]) {
        self.key = key
        self.points = points
    }
}

/// A model that a run made.
package struct RunModel: Sendable, Equatable {
    /// Chosen by who logs it, so that a second message finds the same.
    package var id: String
    package var name: String
    package var type: String?
    package var step: Int64
    package var createdAt: Timestamp
    package var params: [Tag]
    package var tags: [Tag]
    /// All its files were logged.
    package var isComplete: Bool

    package init(
        id: String, name: String, type: String? = nil, step: Int64 = 0, createdAt: Timestamp, params: [Tag] = [],
        tags: [Tag] = [], isComplete: Bool = true
    ) {
        self.id = id
        self.name = name
        self.type = type
        self.step = step
        self.createdAt = createdAt
        self.params = params
        self.tags = tags
        self.isComplete = isComplete
    }
}

/// A file that a run logs: where it belongs and what it holds.
package struct LoggedFile: Sendable, Equatable {
    package enum Place: Sendable, Hashable {
        /// Among the run's artifacts.
        case artifact(RelativePath)
        case model(id: String, RelativePath)
        /// The changes of the code that are not committed.
        case patch
    }

    package var place: Place
    package var digest: Digest
    package var modifiedAt: Timestamp

    package init(place: Place, digest: Digest, modifiedAt: Timestamp) {
        self.place = place
        self.digest = digest
        self.modifiedAt = modifiedAt
    }
}
