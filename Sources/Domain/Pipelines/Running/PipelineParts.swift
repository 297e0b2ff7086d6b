package import Diagnostics
import Files
package import Objects
package import Workspaces

/// What running a pipeline works on: the workspace and its records, and the world around it.
package struct PipelineParts: Sendable {
    package var workspace: Workspace
    package var store: ObjectStore
    package var runCache: RunCache
    package var lock: LockFileStore
    /// Reads each params file once, as it was when it was first asked for.
    package var params: ParamReader
    private let files: ProjectFiles
    package var project: Project
    /// What the commands inherit.
    package var environment: [String: String]
    package var clock: Clock
    package var hostName: String
    /// Where to look for results beside the run cache; nil: nowhere.
    package var results: (any ResultSource)?

    package init(
        workspace: Workspace, store: ObjectStore, runCache: RunCache, lock: LockFileStore, files: ProjectFiles,
        project: Project, environment: [String: String], clock: Clock, hostName: String
    ) {
        self.workspace = workspace
        self.store = store
        self.runCache = runCache
        self.lock = lock
        self.params = ParamReader(files: files)
        self.files = files
        self.project = project
        self.environment = environment
        self.clock = clock
        self.hostName = hostName
    }

    /// The same, but params files are read anew.
    func refreshed() -> PipelineParts {
        var parts = self
        parts.params = ParamReader(files: files)
        return parts
    }
}
