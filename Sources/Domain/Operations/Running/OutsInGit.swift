import Files
import Pipelines
import Synchronization
import Workspaces

/// Keeps outs that go into the store out of Git, as DVC does: one that Git has already is refused before anything runs,
/// the others get a line in the `.gitignore` beside them.
final class OutsInGit: Sendable {
    private let plan: GitPlan?
    private let paths: [StageName: [RelativePath]]
    /// Folders in which nothing was made yet, with all that is going to be made in them.
    private let pending: Mutex<[RelativePath: [RelativePath]]>

    /// Looks only at what is going to be made: of an up-to-date pipeline Git is asked nothing.
    init(_ opened: OpenProject, _ plan: PipelinePlan) throws {
        let outputs = plan.steps.filter { !$0.action.isSettled }.flatMap { step in
            step.stage.outputs.filter(\.isCached).map { (stage: step.stage.name, path: $0.path) }
        }
        paths = Dictionary(grouping: outputs, by: \.stage).mapValues { $0.map(\.path) }
        pending = Mutex(Dictionary(grouping: outputs.map(\.path)) { $0.parent ?? .root })
        // Without Git at hand nothing can be said, and nothing can be committed either.
        self.plan = outputs.isEmpty ? nil : try? GitPlan(lookingAt: outputs.map(\.path), in: opened)
        guard let tracked = self.plan?.tracked, let first = outputs.first(where: { tracked.contains($0.path) }) else {
            return
        }
        throw OperationError.outputInGit(stage: first.stage.text, path: first.path)
    }

    /// False if nothing is going to be made, or if there is no Git.
    var isNeeded: Bool { plan != nil }

    /// Adds the lines of a stage that has just made its outs, before others read the folders that these are in, and with
    /// them those of all that is still to come there: a folder is written to once.
    func ignore(_ stage: StageName, in workspace: Workspace) throws {
        let folders = Set((paths[stage] ?? []).map { $0.parent ?? .root })
        try pending.withLock { pending in
            let new = folders.sorted().flatMap { pending.removeValue(forKey: $0) ?? [] }
            _ = try plan?.ignore(new, in: workspace)
        }
    }

    /// Adds the lines of those outs that are there now and lack them: of a stage that failed, or in a folder that a command
    /// made anew.
    func ignoreAll(in workspace: Workspace) throws {
        let made = try paths.values.joined().filter { path in
            try workspace.project.fileSystem.status(of: workspace.project.root.appending(path)) != nil
        }
        _ = try plan?.ignore(made, in: workspace)
    }
}
