import Diagnostics
import Experiments
import Files
import Hashing
import Objects
import SQLite
import Workspaces

/// The project on this machine: the database that its runs are recorded in and its object store.
///
/// Each message is one or a few transactions that are flushed to the disk: some five a second while something is logged.
final class LocalDestination: RunDestination {
    let address: DestinationAddress
    private let store: any TrackingStore
    private let objects: ObjectStore

    /// `project` is made if it has only a pipeline file.
    init(_ project: Project, environment: [String: String]) throws {
        let project = project.isInitialised ? project : try Project.create(at: project.root, in: project.fileSystem)
        let named = environment["REPRO_TRACKING_STORE"] ?? project.config.trackingStore
        store = try TrackingPlace(file: project.trackingDatabase, named: named).openShared(.full)
        objects = try Workspace.open(project).store
        // What is put must not be collected before a row names it.
        try objects.beginWork()
        address = .project(project.root.description)
    }

    func send(_ update: RunUpdate, _ files: [OutgoingFile]) throws -> SentUpdate {
        var update = update
        var sent = SentUpdate()
        do {
            for file in files {
                do {
                    update.files.append(
                        LoggedFile(place: file.place, digest: try put(file.content), modifiedAt: file.modifiedAt))
                } catch let error as FileError where error.path == file.content.path {
                    sent.refusals.append(UpdateRefusal(what: "file \(file.place)", reason: error.message))
                }
            }
            sent.refusals += try RunUpdateWriter(store).apply(update)
            if update.start != nil, let run = try store.run(update.run) {
                sent.run = RunHead(name: run.name, experiment: run.experimentName)
            }
            return sent
        } catch let error as any UserFacingError where isPassing(error) {
            throw DestinationAway(cause: error)
        }
    }

    func resumePoint(_ run: RunID) throws -> ResumePoint {
        let found = try store.requireRun(run.text)
        if found.deletedAt != nil { throw ExperimentError.runDeleted(found.id) }
        let steps = try store.record(found.id)?.metrics.mapValues(\.point.step) ?? [:]
        return ResumePoint(
            id: found.id, head: RunHead(name: found.name, experiment: found.experimentName), lastSteps: steps)
    }

    private func put(_ content: OutgoingFile.Content) throws -> Digest {
        switch content {
        case .bytes(let bytes): try objects.put(bytes)
        case .file(let path): try objects.put(file: path)
        }
    }

    /// Whether it may be better a little later: another writer, a full disk.
    private func isPassing(_ error: any UserFacingError) -> Bool {
        if case DatabaseError.locked = error { return true }
        return error.kind == .unavailable
    }
}

extension OutgoingFile.Content {
    /// Of the file that holds it.
    var path: AbsolutePath? {
        switch self {
        case .bytes: nil
        case .file(let path): path
        }
    }
}
