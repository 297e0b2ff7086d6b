import Diagnostics
package import Experiments
package import Files
import Objects
import Workspaces

package struct GetModelOptions: Sendable {
    package var address: ModelAddress
    /// As typed, from the working directory. Nil: the last name of the version's path.
    package var target: [UInt8]?
    package var isForced = false

    package init(_ address: ModelAddress) { self.address = address }
}

package struct GetModelReport: Sendable {
    package var version: ModelVersion
    package var target: AbsolutePath
    package var fileCount: Int
}

/// Copies the files of a version out of the store.
package func getModel(_ options: GetModelOptions, in surroundings: Surroundings) throws -> GetModelReport {
    let opened = try OpenProject(surroundings)
    let version = try opened.requireVersion(options.address)
    let folder = try opened.artifactPath(of: version)
    let artifacts = try opened.artifacts.artifacts(atOrBelow: folder)
    if artifacts.isEmpty { throw opened.elsewhere(version) }
    let target = try CopyTarget(options.target, name: folder.name, isForced: options.isForced, in: opened)
    for artifact in artifacts {
        let below = artifact.path.relative(to: folder) ?? .root
        let path = target.copy.appending(below)
        if let parent = path.parent { try opened.project.fileSystem.makeFolders(parent) }
        _ = try opened.store.materialise(
            artifact.digest, at: path, isExecutable: false, links: [.reflink, .copy],
            modifiedNanoseconds: artifact.modifiedAt.milliseconds * 1_000_000)
    }
    try target.finish()
    return GetModelReport(version: version, target: target.path, fileCount: artifacts.count)
}

extension OpenProject {
    private static let scheme = "mlflow-artifacts:/"

    /// From the root of all artifacts.
    func artifactPath(of version: ModelVersion) throws -> RelativePath {
        let location = version.storageLocation ?? version.source
        if location.hasPrefix(Self.scheme) {
            return try RelativePath(parsing: Array(location.dropFirst(Self.scheme.count).drop { $0 == "/" }.utf8))
        }
        let ofRun = "runs:/\(version.run)/"
        guard !version.run.isEmpty, location.hasPrefix(ofRun) else { throw elsewhere(version) }
        return try artifacts.artifactFolder(of: RunID(version.run))
            .appending(RelativePath(parsing: Array(location.dropFirst(ofRun.count).utf8)))
    }

    fileprivate func elsewhere(_ version: ModelVersion) -> ModelOperationError {
        .filesElsewhere(
            model: version.model, version: version.number, source: version.storageLocation ?? version.source)
    }
}
