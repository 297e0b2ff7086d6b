package import Files
import Git
import Workspaces

package struct InitProjectReport: Sendable {
    package var root: AbsolutePath
    /// False if there was a project already.
    package var wasCreated: Bool
    /// Nil outside a Git repository.
    package var repository: AbsolutePath?
    /// `repro.yaml` or `dvc.yaml`, if one is there.
    package var pipelineFile: String?
}

/// Makes the working directory a project: `.repro/` with its settings. One that is a project already stays as it is.
package func initProject(in surroundings: Surroundings) throws -> InitProjectReport {
    let root = surroundings.workingDirectory
    let existed = try Project(root: root, in: surroundings.fileSystem).isInitialised
    let project = try Project.create(at: root, in: surroundings.fileSystem)
    return InitProjectReport(
        root: project.root, wasCreated: !existed,
        repository: try GitRepository.find(
            containing: root, environment: surroundings.environment, fileSystem: surroundings.fileSystem)?.root,
        pipelineFile: try Project.pipelineFiles.first {
            try surroundings.fileSystem.statusFollowingLinks(of: root.appending($0)) != nil
        })
}
