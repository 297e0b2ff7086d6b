import Diagnostics
import Experiments
import Files
import Objects
import Pipelines
import Workspaces

/// What needs each object, in words, and the digest by which it is known.
struct ObjectReferences {
    private(set) var names: [ObjectID: [String]] = [:]
    private(set) var digests: [ObjectID: Digest] = [:]

    mutating func add(_ digest: Digest, _ who: String) {
        digests[digest.id] = digest
        if names[digest.id]?.contains(who) != true { names[digest.id, default: []].append(who) }
    }

    /// A path that is recorded, with all that is in it. Folders whose listing cannot be read stand for themselves.
    mutating func add(_ content: Tree.Content, at path: RelativePath, _ who: String, in store: ObjectStore) {
        switch content {
        case .symbolicLink: return
        case .file(let digest, _): add(digest, "\(who), \(path)")
        case .folder(let tree, _, _):
            add(tree, "\(who), \(path)")
            for entry in (try? store.readTree(tree))?.entries ?? [] {
                add(entry.content, at: path.appending(name: entry.name), who, in: store)
            }
        }
    }
}

extension OpenProject {
    /// Pointer files, the lock file and every run.
    func allReferences() throws -> ObjectReferences {
        var references = ObjectReferences()
        for record in try recordedData().data { references.add(record, in: store) }
        for record in try experiments.listRuns(RunQuery(lifecycle: .all, limit: .max, columns: .none)).records {
            try add(record.run, to: &references)
        }
        return references
    }

    func references(of scope: VerifyStoreOptions.Scope) throws -> ObjectReferences {
        var references = ObjectReferences()
        switch scope {
        case .all: return try allReferences()
        case .run(let name): try add(try requireRun(name), to: &references)
        case .paths(let texts):
            let (data, problems) = try recordedData()
            for text in texts {
                let path = try dataPath(text)
                let places = [path, PointerFile.place(for: path)].map(\.description)
                if let problem = problems.first(where: { $0.location.map { places.contains($0.file) } ?? false }) {
                    throw problem
                }
                if let record = data.covering(path), let below = path.relative(to: record.path) {
                    guard let content = try workspace.content(at: below, in: record.fingerprint) else {
                        throw DataError.notInRecord(path, record: record.path)
                    }
                    if record.isStored { references.add(content, at: path, record.who, in: store) }
                    continue
                }
                let inner = data.filter { $0.path.isAtOrBelow(path) }
                if inner.isEmpty { throw data.unknown(path) }
                for record in inner where record.isStored { references.add(record, in: store) }
            }
        }
        return references
    }

    /// Damaged or not: an out that no store was to keep is needed by nobody.
    private func isStored(_ digest: Digest) throws -> Bool {
        do {
            return try store.contains(digest) || store.damage(of: digest) != nil
        } catch ObjectError.missing {
            return false
        }
    }

    /// What the run made and logged; of what it read, nobody has promised to keep the content.
    private func add(_ run: Run, to references: inout ObjectReferences) throws {
        if let patch = run.git?.patch { references.add(patch, "run \(run.name), the patch of its code") }
        for stage in try experiments.stages(run: run.id) {
            let who = "run \(run.name), stage \(stage.stage)"
            if let log = stage.log { references.add(log, "\(who), its log") }
            for output in stage.outputs {
                guard let fingerprint = output.fingerprint, try isStored(fingerprint.digest) else { continue }
                references.add(Tree.Content(fingerprint), at: output.path, who, in: store)
            }
        }
    }
}

extension ObjectReferences {
    fileprivate mutating func add(_ record: RecordedData, in store: ObjectStore) {
        add(Tree.Content(record.fingerprint), at: record.path, record.who, in: store)
    }
}

extension RecordedData {
    fileprivate var who: String {
        switch source {
        case .pointer: "tracked data"
        case .stage(let stage): "repro.lock, stage \(stage)"
        }
    }
}
