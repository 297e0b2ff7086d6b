import Files
import Objects
package import Workspaces

package struct DiffDataOptions: Sendable {
    package var from: DataRevision
    package var to: DataRevision
    /// As typed; empty for all.
    package var paths: [[UInt8]] = []

    package init(from: DataRevision = .recorded, to: DataRevision = .workspace) {
        self.from = from
        self.to = to
    }
}

package struct DiffDataReport: Sendable {
    package var from: DataRevision
    package var to: DataRevision
    /// Files in byte order of their paths; a folder where its listing is in no store.
    package var changes: [FileChange]
}

/// The files that differ between two revisions of the data, renamed ones found by their content.
package func diffData(_ options: DiffDataOptions, in surroundings: Surroundings) throws -> DiffDataReport {
    let opened = try OpenProject(surroundings)
    let wanted = try options.paths.map { try opened.dataPath($0) }
    var before = try opened.content(of: options.from)
    var after = try opened.content(of: options.to, besides: Array(before.paths.keys))
    if options.from == .workspace { before = try opened.content(of: .workspace, besides: Array(after.paths.keys)) }
    // What only the whole knows is no change to a part.
    if before.isPartial, !after.isPartial { after.paths = after.paths.filter { before.paths[$0.key] != nil } }
    if after.isPartial, !before.isPartial { before.paths = before.paths.filter { after.paths[$0.key] != nil } }
    var changes: [FileChange] = []
    for path in Set(before.paths.keys).union(after.paths.keys) {
        changes += try opened.changes(
            from: (before.paths[path] ?? nil, options.from), to: (after.paths[path] ?? nil, options.to), at: path)
    }
    if !wanted.isEmpty { changes = changes.filter { change in wanted.contains { change.path.isAtOrBelow($0) } } }
    return DiffDataReport(from: options.from, to: options.to, changes: findingRenames(changes))
}

extension OpenProject {
    /// Without renames: they are found over all paths together.
    fileprivate func changes(
        from before: (fingerprint: Fingerprint?, revision: DataRevision),
        to after: (fingerprint: Fingerprint?, revision: DataRevision), at path: RelativePath
    ) throws -> [FileChange] {
        if before.fingerprint == after.fingerprint { return [] }
        // The listings of the workspace are in no store.
        if after.revision == .workspace {
            return try workspace.changesToNow(from: before.fingerprint, at: path).changes
        }
        if before.revision == .workspace {
            return try workspace.changesToNow(from: after.fingerprint, at: path).changes.map(\.reversed)
        }
        return try workspace.changes(from: before.fingerprint, to: after.fingerprint, at: path)
    }
}

extension FileChange {
    /// The same difference seen from the other side.
    fileprivate var reversed: FileChange {
        switch kind {
        case .added: FileChange(path: path, kind: .removed, before: after, after: before)
        case .removed: FileChange(path: path, kind: .added, before: after, after: before)
        case .modified: FileChange(path: path, kind: .modified, before: after, after: before)
        case .renamed(let source): FileChange(path: source, kind: .renamed(from: path), before: after, after: before)
        }
    }
}
