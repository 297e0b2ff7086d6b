package import Diagnostics
package import Files
import Git
import Objects
package import Workspaces

/// Which files of tracked data and of outs differ: the workspace from the records, and the records from Git's HEAD.
package struct DataChangesReport: Sendable {
    /// What `repro add` or `repro commit` would record, in byte order of the paths.
    package var unrecorded: [FileChange] = []
    /// What `git commit` would record of them; nil outside a Git repository, and before its first commit.
    package var uncommitted: [FileChange]?
    /// Recorded files whose content should be in the store and is not; a folder where its listing is not.
    package var notStored: [RelativePath] = []
    package var problems: [any UserFacingError] = []
}

/// Reads the content only of files that the index does not know.
package func showDataChanges(
    in surroundings: Surroundings, monitor: any Monitor = SilentMonitor()
) throws -> DataChangesReport {
    let opened = try OpenProject(surroundings)
    let (data, problems) = try opened.recordedData()
    var report = DataChangesReport(problems: problems)
    for record in data {
        do {
            report.unrecorded += try opened.workspace.changesToNow(
                from: record.fingerprint, at: record.path, monitor: monitor
            ).changes
            if record.isStored { report.notStored += try opened.notStored(record) }
        } catch let error as any UserFacingError {
            report.problems.append(error)
        }
    }
    report.unrecorded = findingRenames(report.unrecorded)
    if let repository = try opened.gitRepository(), let commit = try repository.commit(named: "HEAD") {
        let (committed, problems) = try opened.recordedData(at: commit, in: repository)
        report.problems += problems
        report.uncommitted = try opened.changes(from: committed, to: data)
    }
    return report
}

extension OpenProject {
    fileprivate func changes(from before: [RecordedData], to after: [RecordedData]) throws -> [FileChange] {
        let old = Dictionary(before.map { ($0.path, $0.fingerprint) }, uniquingKeysWith: { first, _ in first })
        let new = Dictionary(after.map { ($0.path, $0.fingerprint) }, uniquingKeysWith: { first, _ in first })
        let changes = try Set(old.keys).union(new.keys).flatMap { path in
            old[path] == new[path] ? [] : try workspace.changes(from: old[path], to: new[path], at: path)
        }
        return findingRenames(changes)
    }

    fileprivate func notStored(_ record: RecordedData) throws -> [RelativePath] {
        if try workspace.isKept(record.fingerprint) { return [] }
        guard try store.contains(record.fingerprint.digest) else { return [record.path] }
        let files = try workspace.changes(from: nil, to: record.fingerprint, at: record.path)
        return try files.filter { try $0.after.map { try !store.contains($0) } ?? false }.map(\.path)
    }
}
