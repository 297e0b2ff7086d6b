import Diagnostics
package import Experiments
import Files
import Objects
import Workspaces

package struct RegisterModelOptions: Sendable {
    package var name: String
    package var run: String
    /// What the run logged or made, from the root of its artifacts or of the project.
    package var path: [UInt8]
    package var alias: String?
    package var description = ""

    package init(name: String, run: String, path: [UInt8]) {
        self.name = name
        self.run = run
        self.path = path
    }
}

/// Publishes what a run made as the next version of a model, which is made if there is none of the name.
///
/// An out of a stage becomes an artifact of its run, so that MLflow's clients find the version's files, too; no byte is
/// copied for that.
package func registerModel(_ options: RegisterModelOptions, in surroundings: Surroundings) throws -> ModelVersion {
    try checkModelName(options.name)
    if let alias = options.alias { try checkAlias(alias) }
    let opened = try OpenProject(surroundings)
    let run = try opened.requireRun(options.run)
    let path = try RelativePath(parsing: options.path)
    let now = surroundings.clock.now()
    let folder = try opened.artifacts.artifactFolder(of: run.id)
    if try opened.artifacts.artifacts(atOrBelow: folder.appending(path)).isEmpty {
        guard let content = try opened.out(at: path, of: run) else {
            throw ModelOperationError.nothingThere(path, run: run.name)
        }
        for (file, digest) in try opened.artifactFiles(of: content, at: folder.appending(path)) {
            try opened.artifacts.putArtifact(Artifact(path: file, digest: digest, modifiedAt: now))
        }
    }
    if try opened.models.model(named: options.name) == nil {
        try opened.models.createModel(
            RegisteredModel(name: options.name, createdAt: now, user: surroundings.userName))
    }
    let version = try opened.models.createVersion(
        ModelVersion(
            model: options.name, source: "runs:/\(run.id.text)/\(path)", createdAt: now,
            description: options.description, user: surroundings.userName,
            storageLocation: "mlflow-artifacts:/\(folder.appending(path))", run: run.id.text))
    guard let alias = options.alias else { return version }
    try opened.models.setAlias(alias, model: options.name, version: version.number)
    return try opened.models.version(version.number, model: options.name) ?? version
}

extension OpenProject {
    /// What a stage of the run made at the path or above it.
    fileprivate func out(at path: RelativePath, of run: Run) throws -> Tree.Content? {
        for file in try experiments.stages(run: run.id).flatMap(\.outputs) {
            guard let fingerprint = file.fingerprint, let below = path.relative(to: file.path) else { continue }
            if let content = try workspace.content(at: below, in: fingerprint) { return content }
        }
        return nil
    }

    /// Links are no artifacts; they are passed over.
    fileprivate func artifactFiles(of content: Tree.Content, at path: RelativePath) throws -> [(RelativePath, Digest)] {
        switch content {
        case .file(let digest, _): [(path, digest)]
        case .symbolicLink: []
        case .folder(let tree, _, _):
            try store.readTree(tree).entries.flatMap { entry in
                try artifactFiles(of: entry.content, at: path.appending(RelativePath(unchecked: entry.name)))
            }
        }
    }
}

/// `@` comes before an alias in the addresses of the command line.
private func checkModelName(_ name: String) throws {
    if ModelNames.problem(inModel: name) != nil || name.contains("@") { throw ModelOperationError.badName(name) }
}

func checkAlias(_ alias: String) throws {
    if ModelNames.problem(inAlias: alias) != nil { throw ModelOperationError.badAlias(alias) }
}
