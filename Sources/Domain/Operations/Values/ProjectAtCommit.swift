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

    /// The project's files as a commit has them. An out that Git does not keep is what the commit's lock file says, if
    /// the store has it.
    func files(at commit: String, in repository: GitRepository) throws -> ProjectFiles {
        let place = project.root.relative(to: repository.root) ?? .root
        let lockFile = try repository.content(of: place.appending(LockFile.name), at: commit)
        let locked = try lockFile.map { try LockFile(parsing: $0, file: "\(commit.prefix(12)):\(LockFile.name)") }
        var outputs: [RelativePath: Digest] = [:]
        for output in (locked?.stages.values).map({ $0.flatMap(\.outputs) }) ?? [] {
            if case .file = output.fingerprint.kind { outputs[output.path] = output.fingerprint.digest }
        }
        let kept = outputs
        let store = store
        return ProjectFiles(
            read: { path in
                if let content = try repository.content(of: place.appending(path), at: commit) { return content }
                guard let digest = kept[path], try store.contains(digest) else { return nil }
                return try store.read(digest)
            },
            list: { folder in
                let entries = try? repository.entries(of: place.appending(folder), at: commit)
                return (entries ?? []).map { ProjectFiles.Entry(name: $0.name, isFolder: $0.isFolder) }
            })
    }
}
