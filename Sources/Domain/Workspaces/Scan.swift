import Files
import Objects

/// What a walk found at a path of the workspace: names, kinds and statuses, and the digests that the index knew.
///
/// Flat, so that files can be read in any order: folders refer to their files and sub-folders by number.
struct Scan: Sendable {
    /// A file whose content counts.
    struct File: Sendable {
        let path: RelativePath
        /// Whether the path is, or leads through, a symbolic link to follow.
        let followsLink: Bool
        let status: FileStatus
        /// What the index says of it, right or outdated.
        let remembered: FileState?
        /// Nil until it was read.
        var digest: Digest?
    }

    enum Content: Sendable {
        case file(Int)
        case folder(Int)
        case symbolicLink(target: [UInt8])
    }

    struct Folder: Sendable {
        let path: RelativePath
        var entries: [(name: [UInt8], content: Content)]
    }

    var files: [File] = []
    /// Each comes before the ones in it. Empty if the scanned path is a file.
    var folders: [Folder] = []
    /// Known to the index, and there no more.
    var vanished: [RelativePath] = []
    /// Are there, and no content: ignore files say so. Of a folder, nothing in it is named.
    var ignored: Set<RelativePath> = []

    /// The numbers of the files that must be read.
    var unknownFiles: [Int] { files.indices.filter { files[$0].digest == nil } }
}

/// Walks a path of the workspace for a `Scan`.
struct Scanner {
    let workspace: Workspace
    /// Whether the index is believed.
    let usesIndex: Bool
    /// Whether ignore files count.
    let usesIgnoreFiles: Bool
    private(set) var scan = Scan()

    /// Names that are never content: of version control, and our own.
    private static let passedOver = [".git", ".hg", ".svn", ".dvc", Project.folderName].map { Array($0.utf8) }
    private static let unfinished = Array(FileSystem.temporaryNamePrefix.utf8)

    init(workspace: Workspace, usesIndex: Bool, usesIgnoreFiles: Bool = true) {
        self.workspace = workspace
        self.usesIndex = usesIndex
        self.usesIgnoreFiles = usesIgnoreFiles
    }

    /// False if nothing is there.
    mutating func run(_ path: RelativePath) throws -> Bool {
        let absolute = workspace.project.root.appending(path)
        guard let status = try workspace.files.statusFollowingLinks(of: absolute) else {
            if try workspace.files.status(of: absolute) != nil { throw WorkspaceError.danglingLink(path) }
            return false
        }
        switch status.kind {
        case .file: addFile(path, status, followsLink: true, remembered: workspace.index.state(of: path))
        case .folder:
            // The path itself is content, whatever ignore files say of it: somebody has named it.
            let rules = usesIgnoreFiles ? try workspace.ignoreRules(in: path.parent ?? .root) : IgnoreRules()
            try addFolder(path, workspace.files.openFolder(absolute), rules)
        case .symbolicLink, .other: throw WorkspaceError.specialFile(path)
        }
        return true
    }

    /// Answers the folder's number.
    @discardableResult
    private mutating func addFolder(
        _ path: RelativePath, _ folder: borrowing Folder, _ inherited: IgnoreRules
    ) throws -> Int {
        let number = scan.folders.count
        scan.folders.append(Scan.Folder(path: path, entries: []))
        var known = workspace.index.states(in: path)[...]
        let entries = try folder.entries()
        let rules = try addingRules(of: folder, at: path, entries, to: inherited)
        for entry in entries where !isPassedOver(entry.name) {
            while let first = known.first, first.name.lexicographicallyPrecedes(entry.name) {
                scan.vanished.append(path.appending(name: first.name))
                known = known.dropFirst()
            }
            var remembered: FileState?
            if let first = known.first, first.name == entry.name {
                remembered = first.state
                known = known.dropFirst()
            }
            let entryPath = path.appending(name: entry.name)
            if !rules.isEmpty, rules.ignores(entryPath, isFolder: entry.status.kind == .folder) {
                scan.ignored.insert(entryPath)
                continue
            }
            let content = try add(entry, entryPath, in: folder, remembered, rules)
            scan.folders[number].entries.append((entry.name, content))
        }
        scan.vanished += known.map { path.appending(name: $0.name) }
        return number
    }

    private mutating func add(
        _ entry: Folder.Entry, _ path: RelativePath, in folder: borrowing Folder, _ remembered: FileState?,
        _ rules: IgnoreRules
    ) throws -> Scan.Content {
        switch entry.status.kind {
        case .file: return .file(addFile(path, entry.status, followsLink: false, remembered: remembered))
        case .folder: return .folder(try addFolder(path, folder.openFolder(entry.name), rules))
        case .other: throw WorkspaceError.specialFile(path)
        case .symbolicLink:
            let target = try folder.readLink(entry.name)
            // A link of ours stands for the stored file.
            if workspace.store.object(linkedBy: target) != nil {
                let absolute = workspace.project.root.appending(path)
                guard let status = try workspace.files.statusFollowingLinks(of: absolute) else {
                    throw WorkspaceError.danglingLink(path)
                }
                return .file(addFile(path, status, followsLink: true, remembered: remembered))
            }
            return .symbolicLink(target: target)
        }
    }

    /// Answers the file's number.
    @discardableResult
    private mutating func addFile(
        _ path: RelativePath, _ status: FileStatus, followsLink: Bool, remembered: FileState?
    ) -> Int {
        let isKnown = usesIndex && remembered?.holds(for: status) == true
        scan.files.append(
            Scan.File(
                path: path, followsLink: followsLink, status: status, remembered: remembered,
                digest: isKnown ? remembered?.digest : nil))
        return scan.files.count - 1
    }

    /// `entries` are in byte order, so that a folder without ignore files costs a few comparisons.
    private func addingRules(
        of folder: borrowing Folder, at path: RelativePath, _ entries: [Folder.Entry], to inherited: IgnoreRules
    ) throws -> IgnoreRules {
        if !usesIgnoreFiles { return inherited }
        var rules = inherited
        for name in Workspace.ignoreFiles {
            let place = entries.firstPlace { $0.name.lexicographicallyPrecedes(name) }
            guard place < entries.count, entries[place].name == name, entries[place].status.kind == .file else {
                continue
            }
            rules.add(try folder.openFile(name).readAll(), at: path.appending(name: name))
        }
        return rules
    }

    private func isPassedOver(_ name: [UInt8]) -> Bool {
        name.first == UInt8(ascii: ".") && (Self.passedOver.contains(name) || name.starts(with: Self.unfinished))
    }
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
