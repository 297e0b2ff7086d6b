import Diagnostics
import Experiments
import Files
import Git
import Objects
import Pipelines
import Remotes
import Workspaces

/// What a push, a fetch or a pull is about.
package struct TransferSelection: Sendable {
    /// Stages, tracked paths, outs, parts of them or folders that hold such, as typed, and runs; empty for all that is
    /// recorded.
    package var targets: [String] = []
    /// Commits whose records count beside those of now.
    package var revisions: [String] = []
    package var includesBranches = false
    package var includesTags = false
    /// Also the outs of all entries of the run cache, whether something records them or not.
    package var includesRunCache = false

    package init() {}
}

/// A path, and the record that says what it holds: of itself or of a folder above it.
struct SelectedItem: Sendable {
    let path: RelativePath
    let record: RecordedData
    /// Nil for what is recorded now.
    let revision: String?

    var words: String { (revision.map { "\($0): " } ?? "") + path.description }
}

/// A selection, looked up.
struct ResolvedSelection: Sendable {
    var items: [SelectedItem] = []
    /// Those that are meant with all their outs.
    var stages: Set<String> = []
    /// What is neither a stage nor a path: names of runs, perhaps.
    var others: [String] = []
}

extension OpenProject {
    func resolve(_ selection: TransferSelection) throws -> ResolvedSelection {
        let lock = try LockFileStore(root: project.root, locks: project.locksFolder, fileSystem: project.fileSystem)
        let stageNames = Set(lock.current.stages.keys.map(\.text))
        var resolved = ResolvedSelection()
        var unresolved = selection.targets
        for (revision, data) in try recordedData(for: selection) {
            if selection.targets.isEmpty {
                resolved.items += data.map { SelectedItem(path: $0.path, record: $0, revision: revision) }
                continue
            }
            for target in selection.targets {
                let items = try items(target, among: data, revision)
                resolved.items += items
                if !items.isEmpty || stageNames.contains(target) { unresolved.removeAll { $0 == target } }
            }
        }
        resolved.stages = selection.targets.isEmpty ? stageNames : stageNames.intersection(selection.targets)
        resolved.others = unresolved
        return resolved
    }

    /// What is recorded now, then what the commits record.
    private func recordedData(for selection: TransferSelection) throws -> [(revision: String?, data: [RecordedData])] {
        let (data, problems) = try recordedData()
        if let problem = problems.first { throw problem }
        var all: [(String?, [RecordedData])] = [(nil, data)]
        if selection.revisions.isEmpty, !selection.includesBranches, !selection.includesTags { return all }
        guard let repository = try gitRepository() else {
            throw OperationError.noCommit(selection.revisions.first ?? "HEAD")
        }
        var commits: [(name: String, commit: String)] = []
        for revision in selection.revisions {
            guard let commit = try repository.commit(named: revision) else {
                throw OperationError.noCommit(revision)
            }
            commits.append((revision, commit))
        }
        commits += try repository.tips(branches: selection.includesBranches, tags: selection.includesTags)
        var seen: Set<String> = []
        for (name, commit) in commits where seen.insert(commit).inserted {
            let (data, problems) = try recordedData(at: commit, in: repository)
            if let problem = problems.first { throw problem }
            all.append((name, data))
        }
        return all
    }

    private func items(_ target: String, among data: [RecordedData], _ revision: String?) throws -> [SelectedItem] {
        let ofStage = data.filter { $0.source == .stage(target) }
        if !ofStage.isEmpty { return ofStage.map { SelectedItem(path: $0.path, record: $0, revision: revision) } }
        // A name that is no path may be a run's.
        guard let path = try? dataPath(Array(target.utf8)) else { return [] }
        if let record = data.covering(path) { return [SelectedItem(path: path, record: record, revision: revision)] }
        return data.filter { $0.path.isAtOrBelow(path) && !path.isRoot }
            .map { SelectedItem(path: $0.path, record: $0, revision: revision) }
    }

    /// For a target that is nothing that we know.
    func unknownTarget(_ name: String) throws -> OperationError {
        let known = try recordedData().data.flatMap { record in
            if case .stage(let stage) = record.source {
                [stage, record.path.description]
            } else {
                [record.path.description]
            }
        }
        return .unknownTarget(name: name, nearest: nearestName(to: name, among: known))
    }

    /// What the item holds, as far as the store's listings say; nil if there is no such path, or if it is a symbolic
    /// link.
    func fingerprint(of item: SelectedItem) throws -> Fingerprint? {
        guard let below = item.path.relative(to: item.record.path) else { return nil }
        if below.isRoot { return item.record.fingerprint }
        switch try workspace.content(at: below, in: item.record.fingerprint) {
        case .file(let digest, let isExecutable)?:
            return Fingerprint(
                kind: .file(isExecutable: isExecutable), digest: digest, contentBytes: digest.sizeBytes)
        case .folder(let tree, let fileCount, let contentBytes)?:
            return Fingerprint(kind: .folder(fileCount: fileCount), digest: tree, contentBytes: contentBytes)
        case .symbolicLink?, nil: return nil
        }
    }
}
