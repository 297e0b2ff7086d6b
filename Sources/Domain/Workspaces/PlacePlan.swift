import Files
import Objects

/// What must be done at a path of the workspace for it to hold a given content: a plain value, made before anything is
/// touched.
struct PlacePlan: Sendable {
    enum Removal: Sendable { case file, folder }

    struct NewFile: Sendable {
        let path: RelativePath
        let digest: Digest
        let isExecutable: Bool
    }

    struct NewLink: Sendable {
        let path: RelativePath
        let target: [UInt8]
    }

    /// What is in the way, what lies in a folder before the folder itself.
    var removals: [(path: RelativePath, kind: Removal)] = []
    /// A folder before what lies in it.
    var folders: [RelativePath] = []
    var files: [NewFile] = []
    var links: [NewLink] = []
    /// How many files are there already as they should be.
    var unchangedFileCount = 0
    /// Would be lost: content that is not in the store.
    var unsaved: [RelativePath] = []
}

/// Compares what should be at a path with what is there.
struct PlacePlanner {
    let store: ObjectStore
    /// What is there: the listings, by path.
    let current: [RelativePath: Snapshot.StoredTree]
    private(set) var plan = PlacePlan()
    /// Whether files are made anew that are there already as they should be.
    var makesAllAnew = false
    /// Are there, but no content; looked at only where something else is wanted.
    private var ignored: Set<RelativePath> = []
    private var look: (RelativePath) throws -> Snapshot? = { _ in nil }
    /// Of ignored folders.
    private var ignoredTrees: [RelativePath: Snapshot.StoredTree] = [:]

    init(store: ObjectStore, current: [RelativePath: Snapshot.StoredTree]) {
        self.store = store
        self.current = current
    }

    /// Leaves these paths alone unless something is wanted there; `look` says what they hold.
    mutating func passOver(_ paths: Set<RelativePath>, look: @escaping (RelativePath) throws -> Snapshot?) {
        ignored = paths
        self.look = look
    }

    /// Removes a link that leads nowhere, and so holds nothing that could be lost.
    mutating func removeDanglingLink(_ path: RelativePath) { plan.removals.append((path, .file)) }

    /// `present` is what is at `path` now, `wanted` what should be.
    mutating func place(_ wanted: Tree.Content, over present: Tree.Content?, at path: RelativePath) throws {
        if wanted == present, !(makesAllAnew && wanted.isMade) {
            plan.unchangedFileCount += wanted.fileCount
            return
        }
        if present == nil, ignored.remove(path) != nil, let hidden = try look(path) {
            ignoredTrees.merge(hidden.trees) { $1 }
            return try place(wanted, over: Tree.Content(hidden.fingerprint), at: path)
        }
        switch wanted {
        case .file(let digest, let isExecutable):
            guard try store.contains(digest) else { throw WorkspaceError.contentMissing(path, digest.id) }
            try clear(present, at: path)
            plan.files.append(PlacePlan.NewFile(path: path, digest: digest, isExecutable: isExecutable))
        case .symbolicLink(let target):
            try clear(present, at: path)
            plan.links.append(PlacePlan.NewLink(path: path, target: target))
        case .folder(let digest, _, _):
            guard try store.contains(digest) else { throw WorkspaceError.contentMissing(path, digest.id) }
            try placeFolder(try store.readTree(digest), over: present, at: path)
        }
    }

    private mutating func placeFolder(_ wanted: Tree, over present: Tree.Content?, at path: RelativePath) throws {
        var there: [[UInt8]: Tree.Content] = [:]
        let isIgnored = ignoredTrees[path] != nil
        if case .folder = present {
            for entry in entries(of: path) { there[entry.name] = entry.content }
        } else {
            if let present { try remove(present, at: path) }
            plan.folders.append(path)
        }
        for entry in wanted.entries {
            let below = there.removeValue(forKey: entry.name)
            try place(entry.content, over: below, at: path.appending(name: entry.name))
        }
        if isIgnored { return }
        // What is left over is not part of the content. In order, so that messages are the same each time.
        for (name, content) in there.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            try remove(content, at: path.appending(name: name))
        }
    }

    /// Makes room for a file or link, which replaces another in one step when it is renamed into place.
    private mutating func clear(_ present: Tree.Content?, at path: RelativePath) throws {
        switch present {
        case nil: return
        case .file(let digest, _): try noteLoss(of: digest, at: path)
        case .symbolicLink: plan.unsaved += isListed(path) ? [] : [path]
        case .folder: if let present { try remove(present, at: path) }
        }
    }

    mutating func remove(_ content: Tree.Content, at path: RelativePath) throws {
        switch content {
        case .file(let digest, _):
            try noteLoss(of: digest, at: path)
            plan.removals.append((path, .file))
        case .symbolicLink:
            plan.unsaved += isListed(path) ? [] : [path]
            plan.removals.append((path, .file))
        case .folder:
            for entry in entries(of: path) {
                try remove(entry.content, at: path.appending(name: entry.name))
            }
            plan.removals.append((path, .folder))
        }
    }

    private func entries(of folder: RelativePath) -> [Tree.Entry] {
        (current[folder] ?? ignoredTrees[folder])?.tree.entries ?? []
    }

    private mutating func noteLoss(of digest: Digest, at path: RelativePath) throws {
        if try !store.contains(digest) { plan.unsaved.append(path) }
    }

    /// Whether the listing that names this path is in the store: a link's content is all in there.
    private func isListed(_ path: RelativePath) -> Bool {
        guard let parent = path.parent, let tree = current[parent] ?? ignoredTrees[parent] else { return false }
        return (try? store.contains(tree.digest)) == true
    }
}

extension Tree.Content {
    /// Whether there is something to make of it in another way: of a symbolic link there is not.
    fileprivate var isMade: Bool {
        if case .symbolicLink = self { false } else { true }
    }

    fileprivate var fileCount: Int {
        if case .folder(_, let fileCount, _) = self { fileCount } else { 1 }
    }
}
