package import Diagnostics
package import Files
import Objects
import Pipelines
package import Workspaces

package struct CheckoutDataOptions: Sendable {
    /// As typed: tracked paths, parts of tracked folders, or folders that hold such; empty for all that is recorded.
    package var paths: [[UInt8]] = []
    /// Also where that overwrites what is saved nowhere.
    package var isForced = false
    package var isDryRun = false
    /// Makes files anew that are right already, by the links that the settings ask for now.
    package var relinks = false

    package init() {}
}

package struct CheckoutDataReport: Sendable {
    package struct Item: Sendable {
        package var path: RelativePath
        /// With a dry run, what would be done.
        package var made: Int
        package var removed: Int
        package var unchanged: Int
        /// Only of a dry run: what would be lost.
        package var unsaved: [RelativePath]
    }

    package var items: [Item]
    /// As asked for, in that order.
    package var askedLinks: [LinkKind]
    package var links = LinkReport()
    /// Paths that could not be made; the others were.
    package var failures: [any UserFacingError]
}

/// Makes the files of the workspace what the pointer files and the lock file say, from the store; and what DVC's files say
/// that nobody has taken over, from DVC's cache.
///
/// What is there already is left alone. One path that cannot be made does not stop the others.
package func checkoutData(
    _ options: CheckoutDataOptions, in surroundings: Surroundings, monitor: any Monitor
) throws -> CheckoutDataReport {
    let opened = try OpenProject(surroundings)
    let (data, problems) = try opened.recordedData()
    let dvc = try DVCData(opened, besides: data)
    var report = CheckoutDataReport(
        items: [], askedLinks: opened.project.config.links, failures: problems)
    for target in try opened.checkoutTargets(options.paths, among: data, dvc) {
        do {
            let item =
                switch target.record {
                case .ours(let record): try opened.checkOut(target.path, record, options, &report.links, monitor)
                case .dvc(let record):
                    try opened.checkOut(target.path, record, of: dvc, options, &report.links, monitor)
                }
            if let item { report.items.append(item) }
        } catch let error as any UserFacingError {
            report.failures.append(error)
        }
    }
    return report
}

/// A path to make, and the record that says what it holds.
private struct CheckoutTarget {
    enum Record {
        case ours(RecordedData)
        /// Nobody has taken it over.
        case dvc(DVCTracked)
    }

    let path: RelativePath
    let record: Record
}

extension OpenProject {
    fileprivate func checkoutTargets(
        _ texts: [[UInt8]], among data: [RecordedData], _ dvc: DVCData
    ) throws -> [CheckoutTarget] {
        let all =
            data.map { CheckoutTarget(path: $0.path, record: .ours($0)) }
            + dvc.tracked.map { CheckoutTarget(path: $0.path, record: .dvc($0)) }
        if texts.isEmpty { return all }
        var targets: [CheckoutTarget] = []
        for text in texts {
            var path = try dataPath(text)
            if let subject = DVCPointer.subject(of: path), dvc.covering(subject) != nil { path = subject }
            if let record = data.covering(path) {
                targets.append(CheckoutTarget(path: path, record: .ours(record)))
            } else if let record = dvc.covering(path) {
                targets.append(CheckoutTarget(path: path, record: .dvc(record)))
            } else {
                let below = all.filter { $0.path.isAtOrBelow(path) }
                if below.isEmpty { throw data.unknown(path) }
                targets += below
            }
        }
        return targets
    }

    /// Nil for content that nobody asked to be stored, and that is not.
    fileprivate func checkOut(
        _ path: RelativePath, _ record: RecordedData, _ options: CheckoutDataOptions, _ links: inout LinkReport,
        _ monitor: any Monitor
    ) throws -> CheckoutDataReport.Item? {
        if !record.isStored, try !workspace.isKept(record.fingerprint) { return nil }
        guard let below = path.relative(to: record.path),
            let content = try workspace.content(at: below, in: record.fingerprint)
        else { throw DataError.notInRecord(path, record: record.path) }
        return try place(content, at: path, .refuse, options, &links, monitor)
    }

    /// From where DVC keeps it.
    fileprivate func checkOut(
        _ path: RelativePath, _ record: DVCTracked, of dvc: DVCData, _ options: CheckoutDataOptions,
        _ links: inout LinkReport, _ monitor: any Monitor
    ) throws -> CheckoutDataReport.Item? {
        if !options.relinks, let present = try dvc.present(record, monitor: monitor), present.isAsRecorded {
            return CheckoutDataReport.Item(
                path: path, made: 0, removed: 0, unchanged: present.fingerprint.fileCount, unsaved: [])
        }
        let fingerprint = try dvc.take(record, below: path.relative(to: record.path) ?? .root, monitor: monitor)
        let saved = UnsavedPolicy.refuseUnless { try dvc.isSaved($0) }
        return try place(Tree.Content(fingerprint), at: path, saved, options, &links, monitor)
    }

    private func place(
        _ content: Tree.Content, at path: RelativePath, _ unsaved: UnsavedPolicy, _ options: CheckoutDataOptions,
        _ links: inout LinkReport, _ monitor: any Monitor
    ) throws -> CheckoutDataReport.Item {
        if options.isDryRun {
            let preview = try workspace.previewPlace(content, at: path, makesAllAnew: options.relinks, unsaved: unsaved)
            return CheckoutDataReport.Item(
                path: path, made: preview.made.count, removed: preview.removed.count,
                unchanged: preview.unchangedFileCount, unsaved: preview.unsaved)
        }
        let placed = try workspace.place(
            content, at: path, unsaved: options.isForced ? .overwrite : unsaved, makesAllAnew: options.relinks,
            monitor: monitor)
        links.add(placed.links)
        return CheckoutDataReport.Item(
            path: path, made: placed.madeFileCount, removed: placed.removedFileCount,
            unchanged: placed.unchangedFileCount, unsaved: [])
    }
}
