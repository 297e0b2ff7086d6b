package import Diagnostics
package import Files
package import Objects
import Synchronization
import Threads

/// The user's files, as seen by the store: what they hold, keeping that, and putting it back.
///
/// Responsible for knowing content without reading it (by the file-state index), for never losing what is not saved, and
/// for symbolic links, which are followed where the user named them and recorded as links below a folder. Safe for
/// several threads at once: stages finish in parallel.
///
/// ```
///   fingerprint:  scan (walk + index) ─► read what is not known ─► trees ─► Fingerprint
///   keep:         scan ─► put what the store lacks, in one batch ─► trees ─► Fingerprint
///   place:        scan what is there ─► plan ─► refuse, or: remove, make folders, make files
/// ```
package final class Workspace: Sendable {
    package let project: Project
    package let store: ObjectStore
    let index: FileStateIndex
    /// How many files are read or written at once.
    let width: Int
    private let contentReads = Mutex(0)
    private let scratch = Mutex<ScratchFolder?>(nil)
    /// Files that are to be looked at again, as they were read too early; nil: all are waited for.
    let young = Mutex<Set<RelativePath>?>(nil)
    let knownIgnoreRules = Mutex<[RelativePath: IgnoreRules]>([:])

    package init(project: Project, store: ObjectStore, width: Int = coreCount) {
        self.project = project
        self.store = store
        self.width = width
        index = FileStateIndex(at: project.isInitialised ? project.indexDatabase : nil, in: project.fileSystem)
    }

    /// Opens the project's store and index. Neither is made before something is written to it.
    package static func open(_ project: Project) throws -> Workspace {
        let linksDirectly = project.config.linksDirectly
        if project.isInitialised { (try? project.fileSystem.openFolder(project.folder))?.removeAbandoned() }
        let store = try ObjectStore.openOrCreate(
            at: project.storeFolder, compresses: project.config.compresses && !linksDirectly,
            packsSmall: !linksDirectly, user: project.root, in: project.fileSystem)
        return Workspace(project: project, store: store)
    }

    var files: FileSystem { project.fileSystem }

    /// How many files' content was read so far: zero if the index knew everything.
    package var contentReadCount: Int { contentReads.withLock { $0 } }

    func countContentRead() { contentReads.withLock { $0 += 1 } }

    /// A path for an unfinished file, on the same file system as the workspace.
    func unfinishedPath() throws -> AbsolutePath {
        try scratch.withLock { scratch in
            if let scratch { return scratch.nextPath() }
            let made = try ScratchFolder(in: project.temporaryFolder, fileSystem: files)
            scratch = made
            return made.nextPath()
        }
    }

    /// What is at `path` now; nil if nothing is. Content is read only where the index does not know it.
    package func fingerprint(
        _ path: RelativePath, monitor: any Monitor = SilentMonitor()
    ) throws -> Fingerprint? {
        try fingerprintOfKnownFile(path) ?? look(at: path, knowing: true, monitor: monitor)?.fingerprint
    }

    /// What those of `paths` hold now that are files which have not changed since they were last read; nothing of the
    /// others. Many at once cost a fraction of as many calls of `fingerprint`.
    package func unchangedFiles(_ paths: [RelativePath]) -> [RelativePath: Fingerprint] {
        let states = index.states(of: paths)
        var found = [RelativePath: Fingerprint](minimumCapacity: states.count)
        // What cannot be looked at is the business of whoever asks for it alone.
        for (path, state) in states { found[path] = try? fingerprint(path, knownAs: state) }
        return found
    }

    /// The same as by a scan, at a fraction of its cost; nil for all but a file that has not changed.
    private func fingerprintOfKnownFile(_ path: RelativePath) throws -> Fingerprint? {
        try index.state(of: path).flatMap { try fingerprint(path, knownAs: $0) }
    }

    private func fingerprint(_ path: RelativePath, knownAs state: FileState) throws -> Fingerprint? {
        guard let status = try files.statusFollowingLinks(of: project.root.appending(path)), status.kind == .file,
            state.holds(for: status)
        else { return nil }
        return Fingerprint(
            kind: .file(isExecutable: status.isExecutable), digest: state.digest, contentBytes: state.digest.sizeBytes)
    }

    /// As `fingerprint`, but reads all content, whatever the index says.
    package func freshFingerprint(_ path: RelativePath) throws -> Fingerprint? {
        try look(at: path, knowing: false)?.fingerprint
    }

    /// Removes the file or folder at `path`, saved or not; nothing if it is absent.
    package func remove(_ path: RelativePath) throws {
        precondition(!path.isRoot, "the project itself is never removed")
        try files.removeTree(project.root.appending(path))
    }
}
