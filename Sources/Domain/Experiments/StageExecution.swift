package import Diagnostics
package import Files
package import Hashing
package import Objects

/// One stage in one run: what became of it and why, what it read, what it made.
package struct StageExecution: Sendable, Equatable {
    /// The stage's name as the user types it.
    package var stage: String
    /// Its place in the order of the pipeline, from 0.
    package var position: Int
    package var state: StageState
    package var startedAt: Timestamp?
    package var durationMilliseconds: Int64?
    /// Why it ran, or did not; each a sentence.
    package var reasons: [String]
    /// As they ran, or would have, after templating.
    package var commands: [String]
    /// The fingerprint of all that can change what it makes; nil if that was never known.
    package var key: SHA256Digest?
    package var inputs: [StageFile]
    package var outputs: [StageFile]
    /// All that the commands printed, as an object of the store.
    package var log: Digest?
    package var exitCode: Int?
    /// Why it failed, in one sentence.
    package var failure: String?

    package init(stage: String, position: Int, state: StageState) {
        self.stage = stage
        self.position = position
        self.state = state
        self.reasons = []
        self.commands = []
        self.inputs = []
        self.outputs = []
    }
}

package enum StageState: String, Sendable, CaseIterable {
    /// Its turn has not come.
    case waiting
    case running
    /// Its commands ran and ended well.
    case ran
    /// Its outputs came from the run cache.
    case cached
    /// Nothing had changed.
    case skipped
    case failed
    /// Its turn never came: a stage above failed, or the run was stopped.
    case blocked
}

/// A dep or an output of a stage, with the content that it had.
package struct StageFile: Sendable, Equatable {
    package var path: RelativePath
    /// Nil: there was nothing at the path.
    package var fingerprint: Fingerprint?

    package init(path: RelativePath, fingerprint: Fingerprint?) {
        self.path = path
        self.fingerprint = fingerprint
    }
}

/// As much of a stage execution as a table of runs shows.
package struct StageSummary: Sendable, Equatable {
    package var stage: String
    package var state: StageState
    package var durationMilliseconds: Int64?
    package var exitCode: Int?

    package init(stage: String, state: StageState, durationMilliseconds: Int64?, exitCode: Int? = nil) {
        self.stage = stage
        self.state = state
        self.durationMilliseconds = durationMilliseconds
        self.exitCode = exitCode
    }
}

/// A place of a run that names an object.
package struct ObjectReference: Sendable, Equatable {
    package enum Place: Sendable, Equatable {
        /// The changes of the code since the commit.
        case patch
        case log(stage: String)
        case input(stage: String, path: RelativePath)
        case output(stage: String, path: RelativePath)
    }

    package var run: RunID
    package var runName: String
    package var place: Place

    package init(run: RunID, runName: String, place: Place) {
        self.run = run
        self.runName = runName
        self.place = place
    }
}
