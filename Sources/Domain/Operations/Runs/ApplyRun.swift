import Experiments
import Files
import Git
import JSON
import Objects
import Pipelines
import Workspaces

/// A Git branch with the code, the params and the small results of a run: its commit, the uncommitted changes that it
/// used, its params, and those of its outs that Git tracks. The workspace stays as it is. Answers the new commit.
package func branchFromRun(_ reference: String, branch: String, in surroundings: Surroundings) throws -> String {
    let opened = try OpenProject(surroundings)
    let run = try opened.requireRun(reference)
    let (repository, commit) = try opened.makeCommit(of: run)
    try repository.makeBranch(branch, at: commit)
    return commit
}

package struct ApplyRunOptions: Sendable {
    package var run: String
    /// Also where that overwrites what is saved nowhere.
    package var isForced = false

    package init(run: String) { self.run = run }
}

/// Makes the workspace what it was in a run: its code with its uncommitted changes, its params, its outs.
///
/// Refused if Git or we would overwrite what is saved nowhere, unless forced.
package func applyRun(_ options: ApplyRunOptions, in surroundings: Surroundings) throws -> RestoreRunReport {
    let opened = try OpenProject(surroundings)
    let run = try opened.requireRun(options.run)
    let (repository, commit) = try opened.makeCommit(of: run)
    if !options.isForced, try repository.dirtyPatch(limitBytes: 0).isDirty { throw OperationError.uncommittedChanges }
    let place = opened.project.root.relative(to: repository.root) ?? .root
    try repository.restoreWorkTree(from: commit, below: place)
    var restoring = RestoreRunOptions(run: run.id.text)
    restoring.isForced = options.isForced
    return try restoreRun(restoring, in: surroundings)
}

extension OpenProject {
    /// A commit, of no branch yet, of what a run used and made.
    fileprivate func makeCommit(of run: Run) throws -> (repository: GitRepository, commit: String) {
        let repository = try GitRepository.find(
            containing: project.root, environment: surroundings.environment, fileSystem: project.fileSystem)
        guard let repository, let git = run.git else { throw OperationError.codeUnknown(run: run.name) }
        if git.isDirty, git.patch == nil { throw OperationError.codeUnknown(run: run.name) }
        let place = project.root.relative(to: repository.root) ?? .root
        var draft = CommitDraft(
            parent: git.commit, patch: try git.patch.map { try store.read($0) } ?? [], files: [],
            message: "Run \(run.name) (\(run.id.short))")
        // First without params and outs: they are set in what the patch leaves.
        let base = try repository.commit(draft, scratch: project.temporaryFolder)
        let files = try files(at: base, in: repository)
        for (file, content) in try filesWithParams(of: run, files) {
            draft.files.append((place.appending(file), content))
        }
        for output in try experiments.stages(run: run.id).flatMap(\.outputs) {
            guard let fingerprint = output.fingerprint, case .file = fingerprint.kind,
                try repository.content(of: place.appending(output.path), at: base) != nil,
                try store.contains(fingerprint.digest)
            else { continue }
            draft.files.append((place.appending(output.path), try store.read(fingerprint.digest)))
        }
        return (repository, try repository.commit(draft, scratch: project.temporaryFolder))
    }

    /// The params files as `files` has them, with the values that the run had.
    private func filesWithParams(
        of run: Run, _ files: ProjectFiles
    ) throws -> [(file: RelativePath, content: [UInt8])] {
        let wanted = try experiments.record(run.id)?.params ?? [:]
        let reader = ParamReader(files: files)
        var current: [String: JSONValue] = [:]
        for stage in try LoadedPipeline(files).graph.stages {
            for (file, values) in try reader.read(stage.params) {
                for value in values { current[paramName(file: file, key: value.key)] = value.value }
            }
        }
        let overrides = try current.sorted { $0.key < $1.key }.compactMap { name, value -> ParamOverride? in
            guard let own = wanted[name], own != value else { return nil }
            return try ParamOverride(parsing: "\(name)=\(own.text())")
        }
        return try edited(overrides, in: files, defaultFile: paramsFile)
    }
}
