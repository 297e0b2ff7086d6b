package import Experiments
import Files
package import JSON
package import Objects
import Workspaces

package struct CompareRunsOptions: Sendable {
    /// The first is what the others are compared with.
    package var runs: [String]
    /// Also what is the same in all.
    package var includesEqual = false

    package init(runs: [String]) { self.runs = runs }
}

/// What differs between runs. Lists of values have one element a run, in the order asked for.
package struct CompareRunsReport: Sendable {
    package struct Row<Value: Sendable>: Sendable {
        package var name: String
        /// Nil where a run does not have it.
        package var values: [Value?]
    }

    package var runs: [Run]
    package var params: [Row<JSONValue>]
    package var metrics: [Row<Double>]
    /// The commits, branches and whether the tree was dirty, where they differ.
    package var code: [Row<String>]
    /// In the order of the pipeline: the first is where the runs part.
    package var stages: [StageDifference]
}

/// A stage that did not see, or did not make, the same in all runs.
package struct StageDifference: Sendable {
    package var stage: String
    package var states: [StageState?]
    /// What it read that differs, down to the file.
    package var inputs: [FileDifference]
    package var outputs: [FileDifference]
    /// In each run; empty where they are the same in all.
    package var commands: [[String]]
    /// The stage key differs, although deps and commands do not: the stage's params, variables or options do.
    package var onlyKeyDiffers: Bool
}

/// A file that is not the same in all runs.
package struct FileDifference: Sendable {
    package var path: String
    /// The digest in each run, nil where it is absent.
    package var digests: [Digest?]
}

/// Sets runs side by side: params, metrics and code, then stage by stage what they read and made, down to the file.
package func compareRuns(_ options: CompareRunsOptions, in surroundings: Surroundings) throws -> CompareRunsReport {
    if options.runs.count < 2 { throw OperationError.tooFewRuns }
    let source = try surroundings.runSource()
    let records = try options.runs.map { try source.record($0) }
    return compareRuns(
        records, stages: try records.map { try source.stages($0.run) }, objects: source.objects,
        includesEqual: options.includesEqual)
}

/// As above, of runs that have been found.
package func compareRuns(
    _ runs: [Run], experiments: any ExperimentStore, objects: ObjectStore, includesEqual: Bool
) throws -> CompareRunsReport {
    compareRuns(
        try runs.map { try experiments.record($0.id) ?? RunRecord(run: $0) },
        stages: try runs.map { try experiments.stages(run: $0.id) }, objects: objects, includesEqual: includesEqual)
}

/// `objects` nil: what is in folders is not known here.
private func compareRuns(
    _ records: [RunRecord], stages: [[StageExecution]], objects: ObjectStore?, includesEqual: Bool
) -> CompareRunsReport {
    let runs = records.map(\.run)
    return CompareRunsReport(
        runs: runs, params: rows(records.map(\.params), keepEqual: includesEqual),
        metrics: rows(records.map { $0.metrics.mapValues(\.value) }, keepEqual: includesEqual),
        code: rows(runs.map { codeFacts($0.git) }, keepEqual: includesEqual),
        stages: stageDifferences(stages, objects))
}

/// One row a name, sorted; without `keepEqual` only those whose values are not all alike.
private func rows<Value: Hashable & Sendable>(
    _ columns: [[String: Value]], keepEqual: Bool
) -> [CompareRunsReport.Row<Value>] {
    Set(columns.flatMap(\.keys)).sorted().compactMap { name in
        let values = columns.map { $0[name] }
        return keepEqual || Set(values).count > 1 ? CompareRunsReport.Row(name: name, values: values) : nil
    }
}

private func codeFacts(_ git: GitState?) -> [String: String] {
    guard let git else { return [:] }
    var facts = ["commit": git.commit, "uncommitted changes": git.isDirty ? "yes" : "no"]
    if let branch = git.branch { facts["branch"] = branch }
    if let patch = git.patch { facts["patch"] = patch.id.description }
    return facts
}

/// One element for each stage that differs, in the order of the pipeline.
func stageDifferences(_ executions: [[StageExecution]], _ objects: ObjectStore?) -> [StageDifference] {
    var names: [String] = []
    for execution in executions.joined() where !names.contains(execution.stage) { names.append(execution.stage) }
    return names.compactMap { name in
        let own = executions.map { $0.first { $0.stage == name } }
        let inputs = fileDifferences(objects, own.map { $0?.inputs ?? [] })
        let outputs = fileDifferences(objects, own.map { $0?.outputs ?? [] })
        let commands = own.map { $0?.commands ?? [] }
        let commandsDiffer = Set(commands).count > 1
        let keyDiffers = Set(own.map { $0?.key }).count > 1
        if inputs.isEmpty, outputs.isEmpty, !commandsDiffer, !keyDiffers { return nil }
        return StageDifference(
            stage: name, states: own.map { $0?.state }, inputs: inputs, outputs: outputs,
            commands: commandsDiffer ? commands : [],
            onlyKeyDiffers: keyDiffers && inputs.isEmpty && !commandsDiffer)
    }
}

/// The paths whose fingerprints differ, a folder as those of its files that do.
private func fileDifferences(_ objects: ObjectStore?, _ columns: [[StageFile]]) -> [FileDifference] {
    let byPath = columns.map { column in
        Dictionary(column.map { ($0.path, $0.fingerprint) }, uniquingKeysWith: { first, _ in first })
    }
    return Set(byPath.flatMap(\.keys)).sorted().flatMap { path -> [FileDifference] in
        let fingerprints = byPath.map { $0[path] ?? nil }
        if Set(fingerprints).count == 1 { return [] }
        let whole = FileDifference(path: path.description, digests: fingerprints.map { $0?.digest })
        return filesInside(objects, path, fingerprints) ?? [whole]
    }
}

/// Nil if the path is no folder in every run, or if a listing is not in the store.
private func filesInside(
    _ objects: ObjectStore?, _ path: RelativePath, _ fingerprints: [Fingerprint?]
) -> [FileDifference]? {
    let folders = fingerprints.compactMap { fingerprint -> Fingerprint? in
        guard let fingerprint, case .folder = fingerprint.kind else { return nil }
        return fingerprint
    }
    guard let objects, folders.count == fingerprints.count, let base = folders.first else { return nil }
    var digests: [RelativePath: [Digest?]] = [:]
    for (index, folder) in folders.enumerated().dropFirst() where folder != base {
        guard let changes = try? fileChanges(from: base, to: folder, at: path, in: objects) else { return nil }
        for change in changes {
            var row = digests[change.path] ?? [Digest?](repeating: change.before, count: folders.count)
            row[index] = change.after
            digests[change.path] = row
        }
    }
    return digests.sorted { $0.key < $1.key }
        .map { FileDifference(path: $0.key.description, digests: $0.value) }
}
