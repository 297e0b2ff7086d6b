import Experiments
import Files
import Git
import Objects
import Pipelines
import Workspaces

extension OpenProject {
    /// The commit that `revision` names, in the repository that holds the project; nil if there is no such thing.
    func findCommit(_ revision: String) throws -> (repository: GitRepository, commit: String)? {
        let repository = try GitRepository.find(
            containing: project.root, environment: surroundings.environment, fileSystem: project.fileSystem)
        guard let repository, let commit = try repository.commit(named: revision) else { return nil }
        return (repository, commit)
    }

    /// The project's files as a commit, or a tree, has them. An out that Git does not keep is what the commit's lock file says, if
    /// the store has it.
    func files(at commit: String, in repository: GitRepository) throws -> ProjectFiles {
        let place = project.root.relative(to: repository.root) ?? .root
        let lockFile = try repository.content(of: place.appending(LockFile.name), at: commit)
        let locked = try lockFile.map { try LockFile(parsing: $0, file: "\(commit.prefix(12)):\(LockFile.name)") }
        let recorded = RecordedFiles((locked?.stages.values).map { $0.flatMap(\.outputs) } ?? [], in: workspace)
        return ProjectFiles(
            read: { path in
                try repository.content(of: place.appending(path), at: commit) ?? recorded.read(path)
            },
            list: { folder in
                let entries = try? repository.entries(of: place.appending(folder), at: commit)
                let found = (entries ?? []).map { ProjectFiles.Entry(name: $0.name, isFolder: $0.isFolder) }
                return found.isEmpty ? recorded.list(folder) ?? [] : found
            })
    }

    /// The project's files as a run had them: what its stages made, from the store; all else from the commit that it
    /// used, with the changes that were not committed, or, if that is not known, from the workspace.
    func files(of run: Run) throws -> ProjectFiles {
        let outputs = try experiments.stages(run: run.id).flatMap(\.outputs).compactMap { file in
            file.fingerprint.map { LockedOutput(path: file.path, fingerprint: $0) }
        }
        let recorded = RecordedFiles(outputs, in: workspace)
        let code: ProjectFiles
        if let git = run.git, let found = try findCommit(git.commit) {
            var version = found.commit
            if let patch = git.patch, try store.contains(patch) {
                version = try found.repository.tree(
                    of: found.commit, patch: store.read(patch), scratch: project.temporaryFolder)
            }
            code = try files(at: version, in: found.repository)
        } else {
            code = .onDisk(root: project.root)
        }
        return ProjectFiles(
            read: { try recorded.read($0) ?? code.read($0) },
            list: { recorded.list($0) ?? code.list($0) })
    }
}
