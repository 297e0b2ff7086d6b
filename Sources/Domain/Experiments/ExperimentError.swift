package import Diagnostics

/// Why experiments or runs could not be read or changed as asked.
package enum ExperimentError: UserFacingError, Equatable {
    case noSuchRun(reference: String, nearest: String?)
    case ambiguousRun(reference: String, candidates: [String])
    case runDeleted(RunID)
    /// Only a run in the bin can be removed for good.
    case runNotDeleted(RunID)
    case runExists(RunID)
    /// Of a run that would skip what another one did: that one is gone.
    case skippedStagesUnknown
    case noSuchExperiment(name: String, nearest: String?)
    case experimentDeleted(name: String)
    case experimentExists(name: String)
    case emptyExperimentName
    case paramChanged(key: String, run: RunID, logged: String, new: String)
    case invalidFilter(FilterMistake)
    /// No run has logged what a filter or an order names.
    case unknownColumn(RunColumn, nearest: String?)
    /// The database holds something that this program never writes.
    case damagedRecord(what: String, value: String)

    package var kind: ErrorKind {
        switch self {
        case .noSuchRun, .noSuchExperiment, .skippedStagesUnknown: .notFound
        case .ambiguousRun, .emptyExperimentName, .invalidFilter, .unknownColumn: .invalidInput
        case .runDeleted, .runNotDeleted, .runExists, .experimentDeleted, .experimentExists, .paramChanged: .conflict
        case .damagedRecord: .corrupt
        }
    }

    package var message: String {
        switch self {
        case .noSuchRun(let reference, _): "run \(reference) does not exist"
        case .ambiguousRun(let reference, _): "run \(reference) could be any of several"
        case .runDeleted(let id): "run \(id.short) is deleted and cannot be changed"
        case .runNotDeleted(let id): "run \(id.short) is not in the bin"
        case .runExists(let id): "run \(id) exists already"
        case .skippedStagesUnknown: "no run has skipped these stages before"
        case .noSuchExperiment(let name, _): "experiment \(name) does not exist"
        case .experimentDeleted(let name): "experiment \(name) is deleted and cannot take new runs"
        case .experimentExists(let name): "experiment \(name) exists already"
        case .emptyExperimentName: "the experiment's name is empty"
        case .paramChanged(let key, let run, let logged, let new):
            "param \(key) of run \(run.short) is \(logged) and cannot become \(new)"
        case .invalidFilter(let mistake): mistake.message + "\n" + mistake.excerpt
        case .unknownColumn(let column, _): "no run has \(column)"
        case .damagedRecord(let what, let value): "the tracking database holds a damaged \(what): \(value)"
        }
    }

    package var hint: String? {
        switch self {
        case .noSuchRun(_, let nearest?): "did you mean `\(nearest)`?"
        case .noSuchRun(_, nil): "list the runs with `repro runs`"
        case .ambiguousRun(_, let candidates): "type more of the id: " + candidates.joined(separator: ", ")
        case .runDeleted: "restore it first, with `repro runs restore`"
        case .runNotDeleted: "delete it first, with `repro runs delete`"
        case .runExists, .skippedStagesUnknown: nil
        case .noSuchExperiment(_, let nearest?): "did you mean `\(nearest)`?"
        case .noSuchExperiment(_, nil): nil
        case .experimentDeleted: "choose another name with --experiment"
        case .experimentExists: "choose another name; a deleted experiment keeps its name"
        case .emptyExperimentName: "choose a name with --experiment"
        case .paramChanged: "start a new run for the new value"
        case .invalidFilter(let mistake): mistake.hint
        case .unknownColumn(_, let nearest): nearest.map { "did you mean `\($0)`?" }
        case .damagedRecord: "restore tracking.sqlite from a backup"
        }
    }

    package var location: SourceLocation? {
        guard case .invalidFilter(let mistake) = self else { return nil }
        return SourceLocation(file: mistake.source, line: 1, column: mistake.offset + 1)
    }
}
