package import Diagnostics
package import Files
package import Objects
import Synchronization

/// How a file differs between two moments.
package struct FileChange: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case added, removed, modified
        /// The same content under another name.
        case renamed(from: RelativePath)
    }

    package let path: RelativePath
    package let kind: Kind
    /// Nil for what is added, and for a symbolic link.
    package let before: Digest?
    /// Nil for what is removed, and for a symbolic link.
    package let after: Digest?

    package init(path: RelativePath, kind: Kind, before: Digest?, after: Digest?) {
        self.path = path
        self.kind = kind
        self.before = before
        self.after = after
    }
}

extension Workspace {
    /// The files that differ between two fingerprints of `path`, in byte order of their paths; nil: absent then.
    ///
    /// Reads listings only, and none of a sub-folder that is the same. Where a listing is not in the store, the folder
    /// itself is the change.
    package func changes(
        from before: Fingerprint?, to after: Fingerprint?, at path: RelativePath
    ) throws -> [FileChange] {
        try fileChanges(from: before, to: after, at: path, in: store)
    }

    /// What is at `path` now, and the files in which it differs from a fingerprint: one look at all files.
    package func changesToNow(
        from before: Fingerprint?, at path: RelativePath, monitor: any Monitor = SilentMonitor()
    ) throws -> (present: Fingerprint?, changes: [FileChange]) {
        let listings = Mutex<[Digest: Tree]>([:])
        let present = try look(at: path, knowing: true, monitor: monitor) { _, listing in
            // One that the store has can be read there, if it is needed at all: those of a million files are not kept.
            if listing.digest == before?.digest { return }
            if try !self.store.contains(listing.digest) {
                listings.withLock { $0[listing.digest] = listing.tree }
            }
        }?.fingerprint
        var comparison = TreeComparison(store: store, present: listings.withLock { $0 })
        try comparison.compare(before.map(Tree.Content.init), present.map(Tree.Content.init), at: path)
        return (present, findingRenames(comparison.found))
    }
}

/// As `Workspace.changes`, of listings in any store.
package func fileChanges(
    from before: Fingerprint?, to after: Fingerprint?, at path: RelativePath, in store: ObjectStore
) throws -> [FileChange] {
    var comparison = TreeComparison(store: store, present: [:])
    try comparison.compare(before.map(Tree.Content.init), after.map(Tree.Content.init), at: path)
    return findingRenames(comparison.found)
}

/// The changes in byte order of their paths, a removed and an added file of the same content made into one renamed file.
package func findingRenames(_ found: [FileChange]) -> [FileChange] {
    let found = found.sorted { $0.path < $1.path }
    var removed: [Digest: [RelativePath]] = [:]
    for change in found.reversed() where change.kind == .removed {
        if let digest = change.before { removed[digest, default: []].append(change.path) }
    }
    var movedAway: Set<RelativePath> = []
    let changes = found.map { change in
        guard change.kind == .added, let digest = change.after, let source = removed[digest]?.popLast() else {
            return change
        }
        movedAway.insert(source)
        return FileChange(path: change.path, kind: .renamed(from: source), before: digest, after: digest)
    }
    return changes.filter { $0.kind != .removed || !movedAway.contains($0.path) }
}

extension Tree.Content {
    package init(_ fingerprint: Fingerprint) {
        switch fingerprint.kind {
        case .file(let isExecutable): self = .file(fingerprint.digest, isExecutable: isExecutable)
        case .folder(let fileCount):
            self = .folder(tree: fingerprint.digest, fileCount: fileCount, contentBytes: fingerprint.contentBytes)
        }
    }

    fileprivate var digest: Digest? {
        switch self {
        case .file(let digest, _), .folder(let digest, _, _): digest
        case .symbolicLink: nil
        }
    }
}

extension Tree.Content? {
    fileprivate var isFolder: Bool { if case .folder = self { true } else { false } }
}

/// Walks two trees side by side.
private struct TreeComparison {
    let store: ObjectStore
    /// Listings that need not be in the store.
    let present: [Digest: Tree]
    private(set) var found: [FileChange] = []

    init(store: ObjectStore, present: [Digest: Tree]) {
        self.store = store
        self.present = present
    }

    mutating func compare(_ before: Tree.Content?, _ after: Tree.Content?, at path: RelativePath) throws {
        if before == after { return }
        let treeBefore = try entries(of: before)
        let treeAfter = try entries(of: after)
        let isListed = (treeBefore != nil || !before.isFolder) && (treeAfter != nil || !after.isFolder)
        guard isListed, treeBefore != nil || treeAfter != nil else {
            record(before, after, at: path)
            return
        }
        // A file that became a folder, or the reverse: the one is gone, the other's files are new.
        if treeBefore == nil, before != nil { record(before, nil, at: path) }
        if treeAfter == nil, after != nil { record(nil, after, at: path) }
        try compare(treeBefore ?? [], treeAfter ?? [], in: path)
    }

    /// Both are in byte order.
    private mutating func compare(_ before: [Tree.Entry], _ after: [Tree.Entry], in path: RelativePath) throws {
        var (before, after) = (before[...], after[...])
        while let name = nextName(before, after) {
            let old = before.first?.name == name ? before.removeFirst().content : nil
            let new = after.first?.name == name ? after.removeFirst().content : nil
            try compare(old, new, at: path.appending(name: name))
        }
    }

    private func nextName(_ a: ArraySlice<Tree.Entry>, _ b: ArraySlice<Tree.Entry>) -> [UInt8]? {
        guard let first = a.first?.name else { return b.first?.name }
        guard let second = b.first?.name else { return first }
        return second.lexicographicallyPrecedes(first) ? second : first
    }

    /// Nil unless it is a folder whose listing is to be had.
    private func entries(of content: Tree.Content?) throws -> [Tree.Entry]? {
        guard case .folder(let tree, _, _) = content else { return nil }
        if let tree = present[tree] { return tree.entries }
        do {
            return try store.readTree(tree).entries
        } catch ObjectError.missing {
            return nil
        }
    }

    private mutating func record(_ before: Tree.Content?, _ after: Tree.Content?, at path: RelativePath) {
        let kind: FileChange.Kind = before == nil ? .added : after == nil ? .removed : .modified
        found.append(FileChange(path: path, kind: kind, before: before?.digest, after: after?.digest))
    }
}
