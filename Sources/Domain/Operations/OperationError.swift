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
    case stageName(String)
    case stageExists(name: String, file: RelativePath)
    /// One of the stages that a `foreach` or a `matrix` makes, or all of them, where only a stage can be meant.
    case generatedStage(name: String, group: String, file: RelativePath)
    case severalStages(name: String, stages: [String])
    /// Git would overwrite them.
    case uncommittedChanges
    case codeUnknown(run: String)
    case notQueued(run: String)
    case isRunning(run: String)
    case notInBin(run: String, nearest: String?)
    /// A published model is made of its files.
    case runIsPublished(run: String, model: String, version: Int64)
    /// A queued run failed in a way that has no words.
    case queuedRun(String)
    /// Under --frozen.
    case wouldRun(stages: [String])
    case notCommitted(stage: String, missing: RelativePath)
    /// A stage's out that is to be kept in the store is in Git, too.
    case outputInGit(stage: String, path: RelativePath)
    /// An input that is tracked, but neither here nor there.
    case notInRemote(path: RelativePath, remote: String)
    case noRemote
    case unknownRemote(name: String, nearest: String?)
    case remoteExists(String)
    case badRemoteName(String)
    /// What was named is neither a stage nor an out of the lock file.
    case unknownTarget(name: String, nearest: String?)
    /// The revision names no commit, or there is no Git.
    case noCommit(String)
    /// DVC's remotes are read only.
    case remoteIsDVC(String)

    package var kind: ErrorKind {
        switch self {
        case .unknownStage, .noLog, .noRuns, .noRemote, .unknownRemote, .unknownTarget, .notQueued, .codeUnknown,
            .notInRemote, .notInBin, .noCommit:
            .notFound
        case .tooFewRuns, .stageName, .generatedStage, .severalStages, .notCommitted, .badRemoteName, .remoteIsDVC:
            .invalidInput
        case .unsavedOutput, .unsavedParam, .stageExists, .remoteExists, .isRunning, .runIsPublished,
            .uncommittedChanges, .outputInGit:
            .conflict
        case .queuedRun: .internal
        case .wouldRun: .failed
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
        case .stageName(let name): "`\(name)` cannot be the name of a stage"
        case .stageExists(let name, let file): "\(file) has a stage \(name) already"
        case .generatedStage(let name, let group, let file):
            name == group
                ? "stage \(name) of \(file) is a group, made by foreach or matrix"
                : "stage \(name) does not stand in \(file): `\(group)` makes it"
        case .severalStages(let name, let stages): "`\(name)` means \(stages.count) stages"
        case .wouldRun(let stages):
            "the pipeline is not up to date: " + Self.list(stages) + " would run"
        case .uncommittedChanges: "the workspace has uncommitted changes, which would be lost"
        case .codeUnknown(let run): "the code of run \(run) is not known: it had no Git commit, or too large a patch"
        case .notQueued(let run): "run \(run) is not in the queue"
        case .isRunning(let run): "run \(run) is still going on"
        case .notInBin(let run, _): "there is no run \(run) in the bin"
        case .runIsPublished(let run, let model, let version):
            "run \(run) has the files of version \(version) of model \(model)"
        case .queuedRun(let description): "the queued run could not be worked on: \(description)"
        case .notCommitted(let stage, let path): "stage \(stage): out \(path) does not exist"
        case .outputInGit(let stage, let path):
            "stage \(stage): out \(path) is in Git, which would keep a second copy of each result"
        case .notInRemote(let path, let remote): "\(path) is tracked, but neither here nor in \(remote)"
        case .noRemote: "no remote is configured"
        case .unknownRemote(let name, _): "there is no remote `\(name)`"
        case .remoteExists(let name): "there is a remote `\(name)` already"
        case .badRemoteName(let name): "`\(name)` cannot be the name of a remote"
        case .unknownTarget(let name, _): "nothing that is recorded, and no run, is called `\(name)`"
        case .noCommit(let revision): "`\(revision)` is no commit of a Git repository"
        case .remoteIsDVC(let name): "remote \(name) is DVC's: it can be fetched and pulled from, and no more"
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
        case .stageName: "letters, digits, `_` and `-` make a name"
        case .stageExists: "pass --force to replace it"
        case .generatedStage(let name, let group, _):
            name == group ? "edit it in the file" : "remove or edit the whole group, `\(group)`"
        case .severalStages(_, let stages): "name one of them: " + Self.list(stages)
        case .wouldRun(let stages):
            "`repro run`, then commit repro.lock; `repro why \(stages.first ?? "STAGE")` says why"
        case .uncommittedChanges: "commit or stash them, or pass --force to lose them"
        case .codeUnknown(let run): "`repro restore \(run)` brings its params and outs back"
        case .notQueued: "`repro queue status` lists what waits"
        case .isRunning: "stop it first: `repro queue kill`, or Ctrl-C where it runs"
        case .notInBin(_, let nearest?): "did you mean `\(nearest)`?"
        case .notInBin(_, nil):
            "`repro runs --deleted` lists what is in the bin, too; `repro runs delete` puts runs there"
        case .runIsPublished(_, let model, let version):
            "remove the version first: `repro models remove \(model)@\(version)`"
        case .queuedRun: "this is a bug of Repro: please report it"
        case .notCommitted: "make it first, with `repro run` or by hand"
        case .outputInGit(_, let path):
            "`git rm -r --cached \(path)` takes it out of Git; or leave it to Git, with `cache: false`"
        case .notInRemote(let path, _): "whoever has it: `repro push \(path)`"
        case .noRemote: "add one with `repro remote add NAME URL`"
        case .unknownRemote(_, let nearest?), .unknownTarget(_, let nearest?): "did you mean `\(nearest)`?"
        case .unknownRemote: "list them with `repro remote list`"
        case .remoteExists: "change it with `repro remote modify`"
        case .badRemoteName: "use lower-case letters, digits, `-`, `_` and `.`"
        case .unknownTarget: "`repro status` lists stages and data, `repro runs` runs"
        case .noCommit: "name a branch, a tag or a commit"
        case .remoteIsDVC: "add one of Repro's own: `repro remote add NAME URL`"
        }
    }

    /// At most five names.
    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(5).joined(separator: ", ")
        return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
    }
}
