package import Diagnostics
package import Files

/// Why an operation could not do what was asked; errors of the parts below pass through as they are.
package enum OperationError: UserFacingError, Equatable {
    case unknownStage(name: String, run: String, nearest: String?)
    case noLog(stage: String, run: String, state: String)
    case tooFewRuns
    case noRuns
    case unsavedOutput(path: RelativePath)
    case unsavedParam(name: String, value: String)

    package var kind: ErrorKind {
        switch self {
        case .unknownStage, .noLog, .noRuns: .notFound
        case .tooFewRuns: .invalidInput
        case .unsavedOutput, .unsavedParam: .conflict
        }
    }

    package var message: String {
        switch self {
        case .unknownStage(let name, let run, _): "run \(run) has no stage `\(name)`"
        case .noLog(let stage, let run, let state): "stage \(stage) of run \(run) has no log: it \(state)"
        case .tooFewRuns: "comparing needs two runs or more"
        case .noRuns: "this project has no runs yet"
        case .unsavedOutput(let path): "\(path) holds content that is in no store, and would be overwritten"
        case .unsavedParam(let name, let value):
            "param \(name) is \(value), which no run has used, and would be changed"
        }
    }

    package var hint: String? {
        switch self {
        case .unknownStage(_, _, let nearest?): "did you mean `\(nearest)`?"
        case .unknownStage: "list its stages with `repro show`"
        case .noLog: nil
        case .tooFewRuns: "name them as `repro runs` shows them"
        case .noRuns: "make one with `repro run`"
        case .unsavedOutput, .unsavedParam: "move it away, or pass --force to lose it"
        }
    }
}
