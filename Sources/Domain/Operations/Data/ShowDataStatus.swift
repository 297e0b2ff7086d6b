package import Diagnostics
package import Files
package import Objects
import Pipelines
import Workspaces

/// How tracked data differs from its pointer files, and from DVC's where nobody has taken a path over.
package struct DataStatusReport: Sendable {
    package enum State: String, Sendable {
        case same, changed
        /// Nothing is there; `repro checkout` makes it.
        case missing
        /// It cannot be looked at.
        case failed
    }

    package struct Item: Sendable {
        package var path: RelativePath
        package var state: State
        /// Nil for what only DVC tracks, which is compared by DVC's digests.
        package var recorded: Fingerprint?
        package var present: Fingerprint?
        package var added = 0
        package var removed = 0
        package var modified = 0
        package var renamed = 0

        package var isTrackedByDVC: Bool { recorded == nil }
    }

    /// In byte order of the paths.
    package var items: [Item]
    package var problems: [any UserFacingError]

    /// Whether nothing is tracked.
    package var isEmpty: Bool { items.isEmpty && problems.isEmpty }
    package var isUpToDate: Bool { problems.isEmpty && items.allSatisfy { $0.state == .same } }
}

/// What `repro add` would record anew. Reads the content only of files that the index does not know.
package func showDataStatus(
    in surroundings: Surroundings, monitor: any Monitor = SilentMonitor()
) throws -> DataStatusReport {
    let opened = try OpenProject(surroundings)
    let scan = try opened.workspace.pointerFiles()
    var report = DataStatusReport(items: [], problems: scan.problems)
    try report.addDVCData(of: opened, besides: scan.pointers, monitor)
    for pointer in scan.pointers {
        var item = DataStatusReport.Item(path: pointer.path, state: .same, recorded: pointer.fingerprint)
        do {
            let changes: [FileChange]
            (item.present, changes) = try opened.workspace.changesToNow(
                from: pointer.fingerprint, at: pointer.path, monitor: monitor)
            if item.present == nil {
                item.state = .missing
            } else if item.present != pointer.fingerprint {
                item.state = .changed
                item.count(changes)
            }
        } catch let error as any UserFacingError {
            item.state = .failed
            report.problems.append(error)
        }
        report.items.append(item)
    }
    report.items.sort { $0.path < $1.path }
    return report
}

extension DataStatusReport {
    /// How outs stand, the pipeline says.
    fileprivate mutating func addDVCData(
        of opened: OpenProject, besides pointers: [PointerFile], _ monitor: any Monitor
    ) throws {
        let ours = pointers.map {
            RecordedData(path: $0.path, fingerprint: $0.fingerprint, source: .pointer, isStored: $0.isStored)
        }
        let dvc = try DVCData(opened, besides: ours)
        for tracked in dvc.tracked where tracked.stage == nil {
            var item = Item(path: tracked.path, state: .missing)
            do {
                if let present = try dvc.present(tracked, monitor: monitor) {
                    item.present = present.fingerprint
                    item.state = present.isAsRecorded ? .same : .changed
                }
            } catch let error as any UserFacingError {
                item.state = .failed
                problems.append(error)
            }
            items.append(item)
        }
    }
}

extension DataStatusReport.Item {
    fileprivate mutating func count(_ changes: [FileChange]) {
        for change in changes {
            switch change.kind {
            case .added: added += 1
            case .removed: removed += 1
            case .modified: modified += 1
            case .renamed: renamed += 1
            }
        }
    }
}
