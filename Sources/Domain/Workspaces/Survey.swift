import Diagnostics
import Files
import Objects
import Synchronization
import Threads

/// A look at all that is at a path of the workspace, down to each byte, on all cores: walking, asking the index, reading
/// and listing overlap.
///
/// ```
///   folder ─► names and statuses ─► the index knows them ─────────────┐
///                  │                                                  ▼
///                  ├─► files that must be read, in portions ─► digests ─► listing ─► folder above
///                  └─► folders in it                                  ▲
/// ```
/// The last task that was found is done first, so a folder is finished before its neighbours are begun: only folders on
/// the way down are in memory, whatever the number of files.
final class Survey: Sendable {
    let workspace: Workspace
    let purpose: SurveyPurpose
    private let meter: WorkMeter
    private let state = Guarded(State())
    private let remembering: IndexUpdate

    private struct State: Sendable {
        var tasks: [SurveyTask] = []
        var runningCount = 0
        /// Folders that were found, and not yet listed.
        var unlistedCount = 1
        var helpers: [Thread] = []
        var failure: (path: RelativePath, error: any Error)?
        var ignored: Set<RelativePath> = []
        var top: Snapshot.StoredTree?
    }

    init(_ workspace: Workspace, _ purpose: SurveyPurpose, as activity: String, monitor: any Monitor) {
        self.workspace = workspace
        self.purpose = purpose
        meter = WorkMeter(activity, monitor: monitor)
        remembering = IndexUpdate(workspace.index)
    }

    /// What is there; nil if nothing is. Where several things fail, the error is that of the first path among them.
    func run(_ path: RelativePath) throws -> (fingerprint: Fingerprint, ignored: Set<RelativePath>)? {
        let absolute = workspace.project.root.appending(path)
        guard let status = try workspace.files.statusFollowingLinks(of: absolute) else {
            if try workspace.files.status(of: absolute) != nil { throw WorkspaceError.danglingLink(path) }
            return nil
        }
        switch status.kind {
        case .file: return (try look(at: path, status), [])
        case .folder:
            // The path itself is content, whatever ignore files say of it: somebody has named it.
            let rules = purpose.usesIgnoreFiles ? try workspace.ignoreRules(in: path.parent ?? .root) : IgnoreRules()
            return try runFolders(path, SharedFolder(workspace.files.openFolder(absolute)), rules)
        case .symbolicLink, .other: throw WorkspaceError.specialFile(path)
        }
    }

    /// At a path that is a file itself.
    private func look(at path: RelativePath, _ status: FileStatus) throws -> Fingerprint {
        let remembered = workspace.index.state(of: path)
        let file = FoundFile(
            path: path, folder: nil, followsLink: true, status: status, remembered: remembered)
        var digest = remembered?.digest
        if try !isKnown(file) {
            meter.found(items: 1, bytes: status.sizeBytes, isAll: true)
            var told = 0
            let state = try ContentReader(workspace: workspace).state(of: file, meter, &told, purpose.read)
            meter.finished(items: 1, bytes: state.digest.sizeBytes, told: told)
            workspace.index.update([(path, state)])
            digest = state.digest
        }
        guard let digest else { throw WorkspaceError.keepsChanging(path) }
        return Fingerprint(
            kind: .file(isExecutable: status.isExecutable), digest: digest, contentBytes: digest.sizeBytes)
    }

    func isKnown(_ file: FoundFile) throws -> Bool {
        guard purpose.usesIndex, let remembered = file.remembered, remembered.holds(for: file.status) else {
            return false
        }
        return try purpose.isEnough(remembered.digest)
    }

    // MARK: Tasks

    private func runFolders(
        _ path: RelativePath, _ folder: SharedFolder, _ rules: IgnoreRules
    ) throws -> (fingerprint: Fingerprint, ignored: Set<RelativePath>) {
        let top = SurveyedFolder(path: path, above: nil, opening: .open(folder), rules: rules)
        state.withLock { $0.tasks = [.list(top)] }
        work()
        // Each was begun by a worker that had a task, and all tasks are done.
        for helper in state.withLock({ $0.helpers }) { helper.join() }
        let (failure, ignored, tree) = state.withLock { ($0.failure, $0.ignored, $0.top) }
        remembering.flush()
        if let failure { throw failure.error }
        guard let tree else { throw WorkspaceError.keepsChanging(path) }
        let fingerprint = Fingerprint(
            kind: .folder(fileCount: tree.tree.fileCount), digest: tree.digest, contentBytes: tree.tree.contentBytes)
        return (fingerprint, ignored)
    }

    private func work() {
        while let task = nextTask() {
            do {
                try perform(task)
            } catch {
                fail(error, at: task.path)
            }
            state.withLock { $0.runningCount -= 1 }
        }
    }

    /// Nil when all is done, or something failed.
    private func nextTask() -> SurveyTask? {
        state.wait { state -> SurveyTask?? in
            if state.failure != nil { return .some(nil) }
            if let task = state.tasks.popLast() {
                state.runningCount += 1
                // A look at a few files costs no thread.
                if !state.tasks.isEmpty, state.helpers.count + 1 < self.workspace.width {
                    state.helpers.append(
                        Thread.start(name: "survey \(state.helpers.count + 1)") { self.work() })
                }
                return task
            }
            return state.runningCount == 0 ? .some(nil) : nil
        }
    }

    private func fail(_ error: any Error, at path: RelativePath) {
        state.withLock { state in
            if let failure = state.failure, failure.path < path { return }
            state.failure = (path, error)
        }
    }

    private func perform(_ task: SurveyTask) throws {
        switch task {
        case .list(let folder): try list(folder)
        case .read(let folder, let files): try read(files, of: folder)
        }
    }

    // MARK: One folder

    private func list(_ folder: SurveyedFolder) throws {
        var listing = FolderListing(survey: self, folder: folder)
        try listing.take()
        if !listing.ignored.isEmpty { state.withLock { [ignored = listing.ignored] in $0.ignored.formUnion(ignored) } }
        remembering.forget(listing.vanished)
        let bytes = listing.unread.reduce(0) { $0 + $1.file.status.sizeBytes }
        meter.found(items: listing.unread.count, bytes: bytes, isAll: false)
        let portions = listing.portions()
        let tasks =
            listing.folders.reversed().map { SurveyTask.list($0) } + portions.map { SurveyTask.read(folder, $0) }
        folder.begin(listing.entries, awaiting: tasks.count)
        if tasks.isEmpty {
            try finish(folder)
            return noteListed()
        }
        let folderCount = listing.folders.count
        state.withLock { state in
            state.tasks += tasks
            state.unlistedCount += folderCount
        }
        noteListed()
    }

    /// One folder less to list; after the last one, all files are found.
    private func noteListed() {
        let isLast = state.withLock { state in
            state.unlistedCount -= 1
            return state.unlistedCount == 0
        }
        if isLast { meter.found(items: 0, bytes: 0, isAll: true) }
    }

    private func read(_ files: [UnreadFile], of folder: SurveyedFolder) throws {
        let reader = ContentReader(workspace: workspace)
        var states: [(place: Int, path: RelativePath, state: FileState)] = []
        states.reserveCapacity(files.count)
        var bytes: UInt64 = 0
        var told = 0
        for unread in files {
            let state = try reader.state(of: unread.file, meter, &told, purpose.read)
            states.append((unread.place, unread.file.path, state))
            bytes += state.digest.sizeBytes
        }
        meter.finished(items: files.count, bytes: bytes, told: told)
        remembering.note(states.map { ($0.path, $0.state) })
        if folder.note(states.map { ($0.place, $0.state.digest) }) { try finish(folder) }
    }

    /// All in it is known: its listing is made, and perhaps that of the folder above.
    private func finish(_ folder: SurveyedFolder) throws {
        var folder = folder
        while true {
            let tree = folder.tree()
            let bytes = tree.encoded()
            let stored = Snapshot.StoredTree(tree: tree, bytes: bytes, digest: Digest(of: bytes))
            try purpose.finished(folder.path, stored)
            guard let (above, place) = folder.above else {
                state.withLock { $0.top = stored }
                return
            }
            let content = Tree.Content.folder(
                tree: stored.digest, fileCount: tree.fileCount, contentBytes: tree.contentBytes)
            if !above.note(content, at: place) { return }
            folder = above
        }
    }
}

/// What a survey is made for.
struct SurveyPurpose: Sendable {
    /// Is handed the file, and whom to tell how many bytes more were read of a large one.
    typealias Reading = @Sendable (FoundFile, borrowing OpenFile, (Int) -> Void) throws -> Digest

    /// Whether the index is believed.
    var usesIndex = true
    /// Whether ignore files count.
    var usesIgnoreFiles = true
    /// Whether a file that the index knows need not be read.
    var isEnough: @Sendable (Digest) throws -> Bool = { _ in true }
    /// Reads a file that is open, and answers the digest of what it read.
    var read: Reading
    /// Is given each listing as it is made: those of the folders in it come before a folder's own.
    var finished: @Sendable (RelativePath, Snapshot.StoredTree) throws -> Void = { _, _ in }
}

enum SurveyTask: Sendable {
    case list(SurveyedFolder)
    case read(SurveyedFolder, [UnreadFile])

    var path: RelativePath {
        switch self {
        case .list(let folder): folder.path
        case .read(let folder, let files): files.first?.file.path ?? folder.path
        }
    }
}

/// A file whose content counts.
struct FoundFile: Sendable {
    let path: RelativePath
    /// Where it is reached by its name; nil: by its path.
    let folder: SharedFolder?
    /// Whether the path is, or leads through, a symbolic link to follow.
    let followsLink: Bool
    let status: FileStatus
    /// What the index says of it, right or outdated.
    let remembered: FileState?
}

struct UnreadFile: Sendable {
    /// Among the entries of its folder.
    let place: Int
    let file: FoundFile
}
