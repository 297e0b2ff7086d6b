package import Diagnostics
package import Files
import Objects
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

/// Makes the files of the workspace what the pointer files and the lock file say, from the store.
///
/// What is there already is left alone. One path that cannot be made does not stop the others.
package func checkoutData(
    _ options: CheckoutDataOptions, in surroundings: Surroundings, monitor: any Monitor
) throws -> CheckoutDataReport {
    let opened = try OpenProject(surroundings)
    let (data, problems) = try opened.recordedData()
    var report = CheckoutDataReport(
        items: [], askedLinks: opened.project.config.links, failures: problems)
    for target in try opened.checkoutTargets(options.paths, among: data) {
        do {
            if let item = try opened.checkOut(target, options, &report.links, monitor) { report.items.append(item) }
        } catch let error as any UserFacingError {
            report.failures.append(error)
        }
    }
    return report
}

/// A path to make, and the record that says what it holds.
private struct CheckoutTarget {
    let path: RelativePath
    let record: RecordedData
}

extension OpenProject {
    fileprivate func checkoutTargets(_ texts: [[UInt8]], among data: [RecordedData]) throws -> [CheckoutTarget] {
        if texts.isEmpty { return data.map { CheckoutTarget(path: $0.path, record: $0) } }
        var targets: [CheckoutTarget] = []
        for text in texts {
            let path = try dataPath(text)
            if let record = data.covering(path) {
                targets.append(CheckoutTarget(path: path, record: record))
                continue
            }
            let below = data.filter { $0.path.isAtOrBelow(path) }
            if below.isEmpty { throw data.unknown(path) }
            targets += below.map { CheckoutTarget(path: $0.path, record: $0) }
        }
        return targets
    }

    /// Nil for content that nobody asked to be stored, and that is not.
    fileprivate func checkOut(
        _ target: CheckoutTarget, _ options: CheckoutDataOptions, _ links: inout LinkReport, _ monitor: any Monitor
    ) throws -> CheckoutDataReport.Item? {
        let record = target.record
        if !record.isStored, try !workspace.isKept(record.fingerprint) { return nil }
        guard let below = target.path.relative(to: record.path),
            let content = try workspace.content(at: below, in: record.fingerprint)
        else { throw DataError.notInRecord(target.path, record: record.path) }
        if options.isDryRun {
            let preview = try workspace.previewPlace(content, at: target.path, makesAllAnew: options.relinks)
            return CheckoutDataReport.Item(
                path: target.path, made: preview.made.count, removed: preview.removed.count,
                unchanged: preview.unchangedFileCount, unsaved: preview.unsaved)
        }
        let placed = try workspace.place(
            content, at: target.path, unsaved: options.isForced ? .overwrite : .refuse,
            makesAllAnew: options.relinks, monitor: monitor)
        links.add(placed.links)
        return CheckoutDataReport.Item(
            path: target.path, made: placed.madeFileCount, removed: placed.removedFileCount,
            unchanged: placed.unchangedFileCount, unsaved: [])
    }
}
