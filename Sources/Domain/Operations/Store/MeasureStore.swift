import Experiments
import Files
import Objects
import Pipelines
import Workspaces

/// What the measure is taken of.
package enum StoreShare: Sendable {
    /// Tracked data and outs, as recorded now.
    case paths
    /// Outs as recorded now, by the stage that made them, with its log.
    case stages
    case runs
}

package struct MeasureStoreReport: Sendable {
    package struct Row: Sendable {
        /// A path, or the name of a run.
        package var name: String
        package var objectCount: Int
        package var storedBytes: UInt64
        /// Of objects that no other row has: what would be gained if this one went.
        package var uniqueBytes: UInt64

        /// Of objects that another row has, too.
        package var sharedBytes: UInt64 { storedBytes - uniqueBytes }
    }

    /// The largest first.
    package var rows: [Row]
    package var objectCount: Int
    package var storedBytes: UInt64
    /// Of objects in no row.
    package var otherBytes: UInt64
}

/// What takes the space of the store. Bytes are those on the disk, so compressed where objects are.
package func measureStore(_ share: StoreShare, in surroundings: Surroundings) throws -> MeasureStoreReport {
    let opened = try OpenProject(surroundings)
    let objects = try opened.store.storedObjects()
    let sizes = Dictionary(objects.map { ($0.id, $0.storedBytes) }, uniquingKeysWith: +)
    let contents =
        switch share {
        case .paths: try opened.contentsOfPaths()
        case .stages: try opened.contentsOfStages()
        case .runs: try opened.contentsOfRuns()
        }
    var sets = ReachableObjects(store: opened.store)
    var owners: [ObjectID: Int] = [:]
    let reachable = try contents.map { row in
        let ids = try sets.ids(of: row.fingerprints, and: row.objects).filter { sizes[$0] != nil }
        for id in ids { owners[id, default: 0] += 1 }
        return ids
    }
    let rows = zip(contents, reachable).map { row, ids in
        MeasureStoreReport.Row(
            name: row.name, objectCount: ids.count, storedBytes: ids.reduce(0) { $0 + (sizes[$1] ?? 0) },
            uniqueBytes: ids.reduce(0) { $0 + (owners[$1] == 1 ? sizes[$1] ?? 0 : 0) })
    }
    return MeasureStoreReport(
        rows: rows.sorted { ($1.storedBytes, $0.name) < ($0.storedBytes, $1.name) }, objectCount: objects.count,
        storedBytes: objects.reduce(0) { $0 + $1.storedBytes },
        otherBytes: objects.reduce(0) { $0 + (owners[$1.id] == nil ? $1.storedBytes : 0) })
}

private struct ShareContent {
    var name: String
    var fingerprints: [Fingerprint] = []
    var objects: [Digest] = []
}

extension OpenProject {
    fileprivate func contentsOfPaths() throws -> [ShareContent] {
        try recordedData().data.map { ShareContent(name: $0.path.description, fingerprints: [$0.fingerprint]) }
    }

    fileprivate func contentsOfStages() throws -> [ShareContent] {
        let runCache = try RunCache(of: project)
        let lock = try LockFileStore(root: project.root, locks: project.locksFolder, fileSystem: project.fileSystem)
        return try lock.current.stages.map { name, stage in
            var content = ShareContent(name: name.text, fingerprints: stage.outputs.map(\.fingerprint))
            if let log = try runCache.entry(for: StageKey(stage.inputs))?.log { content.objects.append(log) }
            return content
        }
    }

    fileprivate func contentsOfRuns() throws -> [ShareContent] {
        try experiments.listRuns(RunQuery(lifecycle: .all, limit: .max, columns: .none)).records.map { record in
            var content = ShareContent(name: record.run.name)
            if let patch = record.run.git?.patch { content.objects.append(patch) }
            for stage in try experiments.stages(run: record.run.id) {
                if let log = stage.log { content.objects.append(log) }
                content.fingerprints += (stage.outputs + stage.inputs).compactMap(\.fingerprint)
            }
            return content
        }
    }
}

/// The objects that fingerprints stand for, listings among them; each listing is read once.
private struct ReachableObjects {
    let store: ObjectStore
    private var listings: [ObjectID: Tree] = [:]

    init(store: ObjectStore) { self.store = store }

    mutating func ids(of fingerprints: [Fingerprint], and objects: [Digest]) throws -> Set<ObjectID> {
        var ids = Set(objects.map(\.id))
        for fingerprint in fingerprints { try add(Tree.Content(fingerprint), to: &ids) }
        return ids
    }

    private mutating func add(_ content: Tree.Content, to ids: inout Set<ObjectID>) throws {
        switch content {
        case .symbolicLink: return
        case .file(let digest, _): ids.insert(digest.id)
        case .folder(let digest, _, _):
            guard ids.insert(digest.id).inserted, try store.contains(digest) else { return }
            for entry in try listing(digest).entries { try add(entry.content, to: &ids) }
        }
    }

    private mutating func listing(_ digest: Digest) throws -> Tree {
        if let known = listings[digest.id] { return known }
        let tree = try store.readTree(digest)
        listings[digest.id] = tree
        return tree
    }
}
