import Files
import Objects
import Synchronization

/// A folder of which a survey does not know everything yet.
final class SurveyedFolder: Sendable {
    /// How it is opened. By its name in the open folder above, so that no path becomes too long for the kernel.
    enum Opening: Sendable {
        case open(SharedFolder)
        case inside(SharedFolder, name: [UInt8])
    }

    let path: RelativePath
    let above: (folder: SurveyedFolder, place: Int)?
    /// Of the folders above; those of its own ignore files come to them.
    let rules: IgnoreRules
    private let state: Mutex<State>

    private struct State {
        /// Until it is open: then nobody needs the folder above for its sake.
        var opening: Opening?
        var entries: [Tree.Entry] = []
        var awaitedCount = 0
    }

    init(path: RelativePath, above: (SurveyedFolder, Int)?, opening: Opening, rules: IgnoreRules) {
        self.path = path
        self.above = above
        self.rules = rules
        state = Mutex(State(opening: opening))
    }

    func open() throws -> SharedFolder {
        let opening = state.withLock { state in
            defer { state.opening = nil }
            return state.opening
        }
        switch opening {
        case .open(let folder): return folder
        case .inside(let above, let name): return SharedFolder(try above.folder.openFolder(name))
        case nil: preconditionFailure("a folder is listed once")
        }
    }

    /// `entries` are in order; those that are not known yet are filled in by as many calls of `note`.
    func begin(_ entries: [Tree.Entry], awaiting count: Int) {
        state.withLock { state in
            state.entries = entries
            state.awaitedCount = count
        }
    }

    /// What some files hold; true if this was the last that was awaited.
    func note(_ digests: [(place: Int, digest: Digest)]) -> Bool {
        state.withLock { state in
            for (place, digest) in digests {
                guard case .file(_, let isExecutable) = state.entries[place].content else { continue }
                state.entries[place].content = .file(digest, isExecutable: isExecutable)
            }
            state.awaitedCount -= 1
            return state.awaitedCount == 0
        }
    }

    /// What a folder in it holds; true if this was the last that was awaited.
    func note(_ content: Tree.Content, at place: Int) -> Bool {
        state.withLock { state in
            state.entries[place].content = content
            state.awaitedCount -= 1
            return state.awaitedCount == 0
        }
    }

    /// Its listing, once nothing is awaited; what was known of it is given up.
    func tree() -> Tree {
        let entries = state.withLock { state in
            defer { state.entries = [] }
            return state.entries
        }
        return Tree(inOrder: entries)
    }
}

/// What is directly in one folder: names, kinds and statuses, and the digests that the index knew.
struct FolderListing {
    let survey: Survey
    let folder: SurveyedFolder
    private(set) var entries: [Tree.Entry] = []
    private(set) var unread: [UnreadFile] = []
    private(set) var folders: [SurveyedFolder] = []
    /// Known to the index, and there no more.
    private(set) var vanished: [RelativePath] = []
    /// Are there, and no content: ignore files say so.
    private(set) var ignored: Set<RelativePath> = []

    /// Names that are never content: of version control, and our own.
    private static let passedOver = [".git", ".hg", ".svn", ".dvc", Project.folderName].map { Array($0.utf8) }
    private static let unfinished = Array(FileSystem.temporaryNamePrefix.utf8)
    /// Stands for what is not known yet.
    private static let unknown = Digest(of: [])

    init(survey: Survey, folder: SurveyedFolder) {
        self.survey = survey
        self.folder = folder
    }

    mutating func take() throws {
        let open = try folder.open()
        let found = try open.folder.entries()
        let rules = try addingRules(of: open.folder, found)
        var known = survey.workspace.index.states(in: folder.path)[...]
        entries.reserveCapacity(found.count)
        for entry in found {
            if isPassedOver(entry.name) {
                open.folder.removeIfAbandoned(entry.name)
                continue
            }
            while let first = known.first, first.name != entry.name, first.name.lexicographicallyPrecedes(entry.name) {
                vanished.append(folder.path.appending(name: first.name))
                known = known.dropFirst()
            }
            var remembered: FileState?
            if let first = known.first, first.name == entry.name {
                remembered = first.state
                known = known.dropFirst()
            }
            if !rules.isEmpty {
                let path = folder.path.appending(name: entry.name)
                if rules.ignores(path, isFolder: entry.status.kind == .folder) {
                    ignored.insert(path)
                    continue
                }
            }
            let content = try content(of: entry, in: open, remembered, rules)
            entries.append(Tree.Entry(name: entry.name, content: content))
        }
        vanished += known.map { folder.path.appending(name: $0.name) }
    }

    private mutating func content(
        of entry: Folder.Entry, in open: SharedFolder, _ remembered: FileState?, _ rules: IgnoreRules
    ) throws -> Tree.Content {
        switch entry.status.kind {
        case .file: return try file(entry, entry.status, in: open, followsLink: false, remembered)
        case .folder:
            let path = folder.path.appending(name: entry.name)
            folders.append(
                SurveyedFolder(
                    path: path, above: (folder, entries.count), opening: .inside(open, name: entry.name), rules: rules))
            return .folder(tree: Self.unknown, fileCount: 0, contentBytes: 0)
        case .other: throw WorkspaceError.specialFile(folder.path.appending(name: entry.name))
        case .symbolicLink:
            let target = try open.folder.readLink(entry.name)
            // A link of ours stands for the stored file.
            if survey.workspace.store.object(linkedBy: target) == nil { return .symbolicLink(target: target) }
            guard let status = try open.folder.statusFollowingLinks(of: entry.name) else {
                throw WorkspaceError.danglingLink(folder.path.appending(name: entry.name))
            }
            return try file(entry, status, in: open, followsLink: true, remembered)
        }
    }

    private mutating func file(
        _ entry: Folder.Entry, _ status: FileStatus, in open: SharedFolder, followsLink: Bool,
        _ remembered: FileState?
    ) throws -> Tree.Content {
        let isExecutable = status.isExecutable
        // Its path is made only if it must be read: most need not be.
        if let remembered, survey.purpose.usesIndex, remembered.holds(for: status),
            try survey.purpose.isEnough(remembered.digest)
        {
            return .file(remembered.digest, isExecutable: isExecutable)
        }
        let file = FoundFile(
            path: folder.path.appending(name: entry.name), folder: followsLink ? nil : open, followsLink: followsLink,
            status: status, remembered: remembered)
        unread.append(UnreadFile(place: entries.count, file: file))
        return .file(Self.unknown, isExecutable: isExecutable)
    }

    /// The names are in byte order, so that a folder without ignore files costs a few comparisons.
    private func addingRules(of open: borrowing Folder, _ found: [Folder.Entry]) throws -> IgnoreRules {
        var rules = folder.rules
        if !survey.purpose.usesIgnoreFiles { return rules }
        for name in Workspace.ignoreFiles {
            let place = found.firstPlace { $0.name.lexicographicallyPrecedes(name) }
            guard place < found.count, found[place].name == name, found[place].status.kind == .file else { continue }
            rules.add(try open.openFile(name).readAll(), at: folder.path.appending(name: name))
        }
        return rules
    }

    private func isPassedOver(_ name: [UInt8]) -> Bool {
        name.first == UInt8(ascii: ".") && (Self.passedOver.contains(name) || name.starts(with: Self.unfinished))
    }

    /// The files to read, in portions that keep every core busy until the end and are not many.
    func portions() -> [[UnreadFile]] {
        var portions: [[UnreadFile]] = []
        var portion: [UnreadFile] = []
        var bytes: UInt64 = 0
        for file in unread {
            portion.append(file)
            bytes += file.file.status.sizeBytes
            if portion.count == Self.portionFiles || bytes >= Self.portionBytes {
                portions.append(portion)
                (portion, bytes) = ([], 0)
            }
        }
        if !portion.isEmpty { portions.append(portion) }
        return portions
    }

    private static let portionFiles = 128
    private static let portionBytes: UInt64 = 4 << 20
}

extension [Folder.Entry] {
    /// Of the first entry that does not come before what is sought.
    fileprivate func firstPlace(_ comesBefore: (Folder.Entry) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if comesBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
