package import Diagnostics
import Experiments
import Files
package import Objects
import Pipelines
import Workspaces

package struct VerifyStoreReport: Sendable {
    package struct Damaged: Sendable {
        package var object: DamagedObject
        /// What needs it: `run run6, stage train_guess, models/guess.bin`; empty if nothing known does.
        package var referrers: [String]
    }

    package var summary: VerifyReport
    package var damaged: [Damaged]
}

/// Reads every object of the store again and checks it against its digests.
package func verifyStore(in surroundings: Surroundings, monitor: any Monitor) throws -> VerifyStoreReport {
    let opened = try OpenProject(surroundings)
    let summary = try opened.store.verify(monitor: monitor)
    let referrers = summary.isWhole ? [:] : try opened.referrers()
    return VerifyStoreReport(
        summary: summary,
        damaged: summary.damaged.map { VerifyStoreReport.Damaged(object: $0, referrers: referrers[$0.id] ?? []) })
}

extension OpenProject {
    /// Who needs each object, in words: the lock file and every run, through folders down to their files.
    fileprivate func referrers() throws -> [ObjectID: [String]] {
        var referrers: [ObjectID: [String]] = [:]
        func add(_ digest: Digest?, _ who: String) {
            if let digest, referrers[digest.id]?.contains(who) != true { referrers[digest.id, default: []].append(who) }
        }
        func add(_ fingerprint: Fingerprint?, at path: RelativePath, _ who: String) {
            guard let fingerprint else { return }
            add(fingerprint.digest, "\(who), \(path)")
            guard case .folder = fingerprint.kind else { return }
            let files = (try? workspace.changes(from: nil, to: fingerprint, at: path)) ?? []
            for file in files { add(file.after, "\(who), \(file.path)") }
        }
        let lock = try LockFileStore(root: project.root, locks: project.locksFolder, fileSystem: project.fileSystem)
        for (name, stage) in lock.current.stages.sorted(by: { $0.key < $1.key }) {
            for output in stage.outputs { add(output.fingerprint, at: output.path, "repro.lock, stage \(name)") }
        }
        for record in try experiments.listRuns(RunQuery(lifecycle: .all, limit: .max, columns: .none)).records {
            let run = record.run
            add(run.git?.patch, "run \(run.name), the patch of its code")
            for stage in try experiments.stages(run: run.id) {
                let who = "run \(run.name), stage \(stage.stage)"
                add(stage.log, "\(who), its log")
                for output in stage.outputs { add(output.fingerprint, at: output.path, who) }
            }
        }
        return referrers
    }
}
