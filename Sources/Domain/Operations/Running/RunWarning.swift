package import Diagnostics
import Files
import Objects
import Pipelines

/// What the user must know of a run although it came to a good end.
package enum RunWarning: UserFacingError, Equatable {
    /// What the stage made belongs to neither the old nor the new content of these inputs.
    case inputsChanged(stage: String, inputs: [String])
    case outputOverwritten(stage: String, path: String, object: String)
    /// Under --pull.
    case remoteFailed(remote: String, problem: String)

    /// Those of one stage.
    static func warnings(about record: StageRecord) -> [RunWarning] {
        var warnings = record.overwritten.map { output in
            RunWarning.outputOverwritten(
                stage: record.stage.text, path: output.path.description,
                object: output.fingerprint.digest.id.description)
        }
        if !record.changedMeanwhile.isEmpty {
            warnings.append(
                .inputsChanged(stage: record.stage.text, inputs: record.changedMeanwhile.map(\.description)))
        }
        return warnings
    }

    package var kind: ErrorKind {
        switch self {
        case .inputsChanged, .outputOverwritten: .conflict
        case .remoteFailed: .unavailable
        }
    }

    package var message: String {
        switch self {
        case .inputsChanged(let stage, let inputs):
            "stage \(stage): an input changed while the stage ran, so its outs are there but not cached: "
                + inputs.joined(separator: "; ")
        case .outputOverwritten(let stage, let path, _):
            "stage \(stage): out \(path) had been changed outside the pipeline and was overwritten"
        case .remoteFailed(let remote, let problem):
            "nothing more was taken from \(remote), which failed: \(problem)"
        }
    }

    package var hint: String? {
        switch self {
        case .inputsChanged: "`repro run` runs the stage again"
        case .outputOverwritten(_, _, let object): "what it held is kept for now: `repro get \(object)`"
        case .remoteFailed: "`repro remote test` looks for the cause; stages ran here instead"
        }
    }
}
