package import Diagnostics
import Experiments
package import Files

package struct BackUpReport: Sendable {
    package let file: AbsolutePath
    package let sizeBytes: UInt64
}

/// Copies the tracking database into a file while others go on reading and writing it: all as of one moment.
package func backUpDatabase(
    to target: AbsolutePath, in surroundings: Surroundings, monitor: any Monitor
) throws -> BackUpReport {
    let source = try TrackingSource(nil, in: surroundings)
    guard let file = source.file else { throw DatabaseOperationError.backupOfServer }
    let fileSystem = surroundings.fileSystem
    if try fileSystem.status(of: file) == nil { throw DatabaseOperationError.noDatabase(file.description) }
    if try fileSystem.status(of: target) != nil { throw DatabaseOperationError.fileExists(target.description) }
    guard let folder = target.parent else { throw DatabaseOperationError.fileExists(target.description) }
    let beside = try UnfinishedFolder(in: folder, fileSystem: fileSystem)
    let unfinished = beside.folder.path.appending("backup")
    try SQLExperimentStore.backUp(file: file, to: unfinished) { done, total in
        monitor.progress(Progress(activity: "backing up", doneBytes: done, totalBytes: total))
    }
    try fileSystem.open(unfinished).synchronise()
    try fileSystem.renameToNew(unfinished, to: target)
    try fileSystem.synchroniseFolder(folder)
    return BackUpReport(file: target, sizeBytes: try fileSystem.status(of: target)?.sizeBytes ?? 0)
}
