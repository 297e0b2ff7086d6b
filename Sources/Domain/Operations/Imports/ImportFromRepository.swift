package import Diagnostics
import Files
import Objects
package import Threads
import Workspaces

package struct ImportFromRepositoryOptions: Sendable {
    /// What `git clone` takes, or the folder of a project on this machine.
    package var repository: [UInt8]
    /// In the repository.
    package var path: [UInt8]
    /// As typed; nil: the last name of the path.
    package var target: [UInt8]?
    /// A branch, a tag or a commit; nil for whatever the repository shows first.
    package var revision: String?
    package var isForced = false

    package init(repository: [UInt8], path: [UInt8]) {
        self.repository = repository
        self.path = path
    }
}

/// Tracks a copy of what another repository has at a path: a file of Git's, or data tracked there with Repro or DVC.
package func importFromRepository(
    _ options: ImportFromRepositoryOptions, in surroundings: Surroundings, cancellation: Cancellation? = nil,
    monitor: any Monitor
) throws -> ImportedData {
    let opened = try OpenProject(surroundings)
    let path = try RelativePath(parsing: options.path)
    let target = try ImportTarget(
        options.target, name: path.isRoot ? nil : path.name, source: path.description, isForced: options.isForced,
        in: opened)
    let repository = try SourceRepository(
        options.repository, from: surroundings.workingDirectory, in: opened, cancellation, monitor)
    let commit = try repository.commit(named: options.revision)
    let fingerprint = try repository.bring(path, at: commit)
    let source = RepositorySource(
        repository: repository.text, path: path, revision: options.revision, commit: commit)
    return try target.finish(fingerprint, .repository(source), monitor)
}
