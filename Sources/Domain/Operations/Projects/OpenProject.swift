import Diagnostics
package import Experiments
import Files
package import Objects
import Pipelines
package import Workspaces

/// A project with its parts open, for the length of one operation.
package struct OpenProject: Sendable {
    package let project: Project
    package let workspace: Workspace
    package let experiments: any ExperimentStore
    /// What runs logged as files; in the same database.
    let artifacts: any ArtifactIndex
    /// In the same database, too.
    let models: any ModelRegistry
    /// In the same database, too.
    let administration: any ExperimentAdministration
    package let surroundings: Surroundings
    /// Where remotes are known, and logs are while they are written: this project, or the one that a run's tree belongs
    /// to.
    let home: Project

    /// Opens the project that holds the working directory. One that has only a pipeline file gets its `.repro/` here.
    package init(_ surroundings: Surroundings) throws { try self.init(surroundings, tracking: nil) }

    /// - `tracking`: the database of its runs, if that is open already; a server's may be another than the project's own.
    package init(_ surroundings: Surroundings, tracking: (any TrackingStore)?) throws {
        let found = try Project.require(from: surroundings.workingDirectory, in: surroundings.fileSystem)
        let project =
            found.isInitialised ? found : try Project.create(at: found.root, in: surroundings.fileSystem)
        workspace = try Workspace.open(project)
        let tracking = try tracking ?? TrackingPlace(of: project, environment: surroundings.environment).open()
        experiments = tracking
        artifacts = tracking
        models = tracking
        administration = tracking
        self.project = project
        self.surroundings = surroundings
        home = project
        try settleLostRuns()
    }

    /// A tree in which a run of `owner` runs: its runs are the owner's.
    init(tree: Project, of owner: OpenProject) throws {
        project = tree
        workspace = try Workspace.open(tree)
        experiments = owner.experiments
        artifacts = owner.artifacts
        models = owner.models
        administration = owner.administration
        var surroundings = owner.surroundings
        surroundings.workingDirectory = tree.root
        self.surroundings = surroundings
        home = owner.home
    }

    package var store: ObjectStore { workspace.store }

    /// What running or planning works on; `files` may show other params than the disk holds.
    func pipelineParts(files: ProjectFiles) throws -> PipelineParts {
        PipelineParts(
            workspace: workspace, store: store,
            runCache: try RunCache(of: project),
            lock: try LockFileStore(
                root: project.root, locks: project.locksFolder, fileSystem: project.fileSystem),
            files: files, project: project, environment: surroundings.environment,
            clock: surroundings.clock, hostName: surroundings.hostName)
    }
}
