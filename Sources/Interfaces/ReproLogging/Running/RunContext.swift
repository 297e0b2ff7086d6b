package import Diagnostics
import Experiments
package import Files
import FoundationEssentials
import Processes
import Workspaces

/// What a program that logs finds around it: the variables that choose a destination, and the stage that it may be a
/// part of.
package struct RunContext: Sendable {
    package var environment: [String: String]
    package var workingDirectory: AbsolutePath
    package var commandLine: [String]
    package var clock: Clock

    package init(
        environment: [String: String], workingDirectory: AbsolutePath, commandLine: [String], clock: Clock = .system
    ) {
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.commandLine = commandLine
        self.clock = clock
    }

    /// Of this process.
    static func current() -> RunContext {
        RunContext(
            environment: ProcessInfo.processInfo.environment, workingDirectory: .workingDirectory(),
            commandLine: CommandLine.arguments)
    }

    /// The run that this program is a part of: that of the stage of `repro run` whose command it is, or the one that a
    /// script has begun by `repro log start`.
    struct Surrounding: Sendable {
        var run: RunID
        /// Nil outside a stage.
        var stage: String?
        /// Where the run is kept; nil: as for any other.
        var project: AbsolutePath?
    }

    var surrounding: Surrounding? {
        guard let run = variable("REPRO_RUN_ID") else { return nil }
        let project = variable("REPRO_PROJECT").map { AbsolutePath($0) }
        return Surrounding(run: RunID(run), stage: project == nil ? nil : variable("REPRO_STAGE"), project: project)
    }

    /// A variable that is empty counts as not set.
    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The project around the working directory; nil if there is none.
    func project() throws -> Project? { try Project.find(from: workingDirectory) }

    /// Where what cannot be sent is kept: in the project, or for this user.
    func spoolFolder(_ chosen: String?) throws -> AbsolutePath {
        if let folder = chosen ?? variable("REPRO_SPOOL") { return AbsolutePath(folder, relativeTo: workingDirectory) }
        if let project = try project(), project.isInitialised { return project.folder.appending("spool") }
        return userSpoolFolder
    }

    var userSpoolFolder: AbsolutePath {
        if let state = variable("XDG_STATE_HOME"), state.hasPrefix("/") { return AbsolutePath(state + "/repro/spool") }
        return AbsolutePath((variable("HOME") ?? "/tmp") + "/.local/state/repro/spool")
    }

    /// The destination that is meant: the one that the program names, else the run of the stage that it is a part of,
    /// else the server that the environment or the project's settings name, else the project around it.
    func destination(_ chosen: RunOptions.Destination) throws -> any RunDestination {
        switch chosen {
        case .project(let path):
            return try LocalDestination(
                Project(root: AbsolutePath(path, relativeTo: workingDirectory)), environment: environment)
        case .server(let url, let token):
            return try ServerDestination(url: url, token: token ?? variable("REPRO_TOKEN"))
        case .automatic:
            if let root = surrounding?.project {
                return try LocalDestination(Project(root: root), environment: environment)
            }
            if let url = variable("REPRO_TRACKING_URL") {
                return try ServerDestination(url: url, token: variable("REPRO_TOKEN"))
            }
            guard let project = try project() else { throw WorkspaceError.noProject(from: workingDirectory) }
            if let url = project.config.trackingURL {
                return try ServerDestination(url: url, token: variable("REPRO_TOKEN") ?? project.config.trackingToken)
            }
            return try LocalDestination(project, environment: environment)
        }
    }

    /// A destination as the spool names it.
    func destination(_ address: DestinationAddress) throws -> any RunDestination {
        switch address {
        case .project(let root):
            return try LocalDestination(
                Project(root: AbsolutePath(root)), environment: environment)
        case .server(let url):
            let ofProject = try? project()?.config.trackingToken
            return try ServerDestination(url: url, token: variable("REPRO_TOKEN") ?? ofProject)
        }
    }

    /// What a run records of who began it.
    func start(experiment: String?, name: String?, parent: RunID? = nil, resumes: Bool = false) throws -> RunStart {
        let configured = try? project()?.config.experiment
        return RunStart(
            experiment: experiment ?? variable("REPRO_EXPERIMENT") ?? configured ?? Experiment.defaultName,
            name: name, startedAt: clock.now(), user: processUserName(environment), owner: .current(),
            commandLine: commandLine, parent: parent, resumes: resumes)
    }
}
