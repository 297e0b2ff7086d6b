import Diagnostics
import Files
import Objects
import Remotes
import Threads
import Workspaces

/// Puts whole objects in the place of damaged or missing ones.
struct StoreHealer {
    let opened: OpenProject
    /// What is not whole yet.
    private var wanted: Set<Digest>
    private let cancellation: Cancellation?
    private let monitor: any Monitor
    /// Where each healed object was found.
    private(set) var healed: [ObjectID: String] = [:]

    init(opened: OpenProject, wanted: Set<Digest>, cancellation: Cancellation?, monitor: any Monitor) {
        self.opened = opened
        self.wanted = wanted
        self.cancellation = cancellation
        self.monitor = monitor
    }

    /// From the files at all paths that are recorded.
    mutating func takeFromWorkspace() throws {
        for record in try opened.recordedData().data where !wanted.isEmpty {
            do {
                for (digest, path) in try opened.workspace.restoreObjects(wanted, from: record.path) {
                    try note(digest, "\(path) in the workspace")
                }
            } catch let error as any UserFacingError {
                // One path that cannot be read does not keep the others from helping.
                monitor.warning(error)
            }
        }
    }

    /// From the remote of this name, or the default one; does nothing if there is none.
    mutating func takeFromRemote(_ name: String?) throws {
        if wanted.isEmpty || (name == nil && opened.project.usualRemote == nil) { return }
        let remote = try opened.openRemote(name, cancellation: cancellation)
        try remote.refresh(monitor: monitor)
        let there = try wanted.filter { try remote.lists($0) }
        if there.isEmpty { return }
        // A store of its own: ours has objects of these names, which a fetch would take for whole.
        let scratch = try ScratchFolder(in: opened.project.temporaryFolder, fileSystem: opened.project.fileSystem)
        let store = try ObjectStore.openOrCreate(
            at: scratch.nextPath(), compresses: false, in: opened.project.fileSystem)
        do {
            try remote.fetch(
                [], objects: Array(there), into: store, options: TransferOptions(jobs: 8, cancellation: cancellation),
                monitor: monitor)
        } catch TransferError.incomplete {
            // What came is used; the rest is named as not healed.
        }
        for digest in there where try store.contains(digest) {
            let path = scratch.nextPath()
            _ = try store.materialise(
                digest, at: path, isExecutable: false, links: [.copy],
                modifiedNanoseconds: FileSystem.nowNanoseconds())
            try opened.store.withBatch { try $0.adopt(path, as: digest) }
            try note(digest, "remote \(remote.label)")
        }
    }

    private mutating func note(_ digest: Digest, _ place: String) throws {
        guard try opened.store.damage(of: digest) == nil else { return }
        wanted.remove(digest)
        healed[digest.id] = place
    }
}
