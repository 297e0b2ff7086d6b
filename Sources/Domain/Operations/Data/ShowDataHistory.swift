package import Experiments
package import Files
package import Objects

/// A path of the project whose content is known: what it is now, and which versions of it runs have met.
package struct DataHistory: Sendable {
    package struct Version: Sendable {
        package var fingerprint: Fingerprint
        /// Runs whose stages made it, and that read it; the latest first.
        package var makers: [Use]
        package var users: [Use]
    }

    package struct Use: Sendable, Equatable {
        package var run: RunID
        package var runName: String
        package var stage: String
    }

    package var path: RelativePath
    /// What the pointer file or the lock file says now; nil if neither names the path any more.
    package var recorded: RecordedData?
    /// The latest met first.
    package var versions: [Version]
}

/// The histories of all data that is recorded now or that a stage of the latest `runCount` runs read or made, in byte
/// order of the paths.
package func showDataHistory(runCount: Int = 200, in surroundings: Surroundings) throws -> [DataHistory] {
    let opened = try OpenProject(surroundings)
    var histories: [RelativePath: DataHistory] = [:]
    for data in try opened.recordedData().data {
        histories[data.path] = DataHistory(
            path: data.path, recorded: data,
            versions: [DataHistory.Version(fingerprint: data.fingerprint, makers: [], users: [])])
    }
    let page = try opened.experiments.listRuns(RunQuery(limit: runCount, columns: .none))
    for record in page.records {
        for stage in try opened.experiments.stages(run: record.run.id) {
            let use = DataHistory.Use(run: record.run.id, runName: record.run.name, stage: stage.stage)
            // A stage that was skipped made nothing; what it would have made is some earlier run's.
            if [.ran, .cached].contains(stage.state) {
                for file in stage.outputs { histories.met(file) { $0.makers.append(use) } }
            }
            for file in stage.inputs { histories.met(file) { $0.users.append(use) } }
        }
    }
    return histories.values.sorted { $0.path < $1.path }
}

extension [RelativePath: DataHistory] {
    fileprivate mutating func met(_ file: StageFile, _ change: (inout DataHistory.Version) -> Void) {
        guard let fingerprint = file.fingerprint else { return }
        var history = self[file.path] ?? DataHistory(path: file.path, recorded: nil, versions: [])
        let index = history.versions.firstIndex { $0.fingerprint == fingerprint } ?? history.versions.count
        if index == history.versions.count {
            history.versions.append(DataHistory.Version(fingerprint: fingerprint, makers: [], users: []))
        }
        change(&history.versions[index])
        self[file.path] = history
    }
}
