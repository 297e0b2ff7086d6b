import Files
import Pipelines
import Workspaces

/// Keeps outs that go into the store out of Git, as DVC does: one that Git has already is refused before anything runs,
/// the others get a line in the `.gitignore` beside them.
struct OutsInGit {
    private let plan: GitPlan?
    private let paths: [RelativePath]

    /// Looks only at what is going to be made: of an up-to-date pipeline Git is asked nothing.
    init(_ opened: OpenProject, _ plan: PipelinePlan) throws {
        let outputs = plan.steps.filter { !$0.action.isSettled }.flatMap { step in
            step.stage.outputs.filter(\.isCached).map { (stage: step.stage.name, path: $0.path) }
        }
        paths = outputs.map(\.path)
        // Without Git at hand nothing can be said, and nothing can be committed either.
        self.plan = paths.isEmpty ? nil : try? GitPlan(lookingAt: paths, in: opened)
        guard let tracked = self.plan?.tracked, let first = outputs.first(where: { tracked.contains($0.path) }) else {
            return
        }
        throw OperationError.outputInGit(stage: first.stage.text, path: first.path)
    }

    /// Adds the lines of those outs that are there now.
    func ignore(in workspace: Workspace) throws {
        guard let plan else { return }
        let made = try paths.filter { path in
            try workspace.project.fileSystem.status(of: workspace.project.root.appending(path)) != nil
        }
        _ = try plan.ignore(made, in: workspace)
    }
}
