package import Diagnostics
import Experiments
package import Files
import Objects
import SQLite
import Workspaces

package struct ImportMLflowOptions: Sendable {
    /// A server's address, a folder `mlruns`, or a SQLite file.
    package var source: String
    /// What `mlflow-artifacts:/` stands for on this disk: the destination that the server was given.
    package var artifactsFolder: AbsolutePath?
    package var takesArtifacts = true

    package init(source: String) { self.source = source }
}

/// How much of each kind there was, and how much of that was new here.
package struct ImportMLflowReport: Sendable, Equatable {
    package struct Count: Sendable, Equatable {
        package var found = 0
        package var new = 0
    }

    package var experiments = Count()
    package var runs = Count()
    package var points = Count()
    package var artifacts = Count()
    package var artifactBytes: UInt64 = 0
    package var loggedModels = Count()
    package var models = Count()
    package var versions = Count()
    /// What was not taken, and how often.
    package var leftBehind: [String: Int] = [:]
}

/// Takes over experiments, runs with everything they logged, logged models and the registry of an MLflow store. Ids of
/// runs and logged models stay, experiments and models are found by their names. Done again, it adds what is new.
package func importMLflow(
    _ options: ImportMLflowOptions, in surroundings: Surroundings, monitor: any Monitor
) throws -> ImportMLflowReport {
    let found = try Project.require(from: surroundings.workingDirectory, in: surroundings.fileSystem)
    let project = found.isInitialised ? found : try Project.create(at: found.root, in: surroundings.fileSystem)
    let source = try openSource(options, in: surroundings)
    let place = try TrackingPlace(of: project, environment: surroundings.environment)
    let importer = MLflowImporter(
        source: source, target: try place.openShared(.recent),
        objects: try ObjectStore.openOrCreate(at: project.storeFolder, compresses: project.config.compresses),
        scratch: project.temporaryFolder, takesArtifacts: options.takesArtifacts, now: surroundings.clock.now(),
        monitor: monitor)
    return try importer.run()
}

private func openSource(_ options: ImportMLflowOptions, in surroundings: Surroundings) throws -> any MLflowSource {
    if options.source.hasPrefix("http://") || options.source.hasPrefix("https://") {
        return try MLflowServer(
            options.source, environment: surroundings.environment, fileSystem: surroundings.fileSystem)
    }
    var path = options.source
    for scheme in ["sqlite:///", "file://"] where path.hasPrefix(scheme) { path = String(path.dropFirst(scheme.count)) }
    let place = AbsolutePath(path, relativeTo: surroundings.workingDirectory)
    let base = place.parent ?? place
    let artifacts = MLflowFiles(
        fileSystem: surroundings.fileSystem, base: base,
        proxied: options.artifactsFolder ?? base.appending("mlartifacts"))
    switch try surroundings.fileSystem.statusFollowingLinks(of: place)?.kind {
    case .folder: return MLflowFolder(place, artifacts: artifacts)
    case .file: return try MLflowDatabase(place, artifacts: artifacts)
    default: throw MLflowImportError.nothingThere(place.description)
    }
}
