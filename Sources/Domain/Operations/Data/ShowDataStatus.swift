package import Diagnostics
package import Files
package import Objects
import Workspaces

/// How tracked data differs from its pointer files.
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
        package var recorded: Fingerprint
        package var present: Fingerprint?
        package var added = 0
        package var removed = 0
        package var modified = 0
        package var renamed = 0
    }

    /// In byte order of the paths.
    package var items: [Item]
    package var problems: [any UserFacingError]

    /// Whether nothing is tracked.
    package var isEmpty: Bool { items.isEmpty && problems.isEmpty }
    package var isUpToDate: Bool { problems.isEmpty && items.allSatisfy { $0.state == .same } }
}

/// What `repro add` would record anew. Reads the content only of files that the index does not know.
package func showDataStatus(in surroundings: Surroundings) throws -> DataStatusReport {
    let opened = try OpenProject(surroundings)
    let scan = try opened.workspace.pointerFiles()
    var report = DataStatusReport(items: [], problems: scan.problems)
    for pointer in scan.pointers {
        var item = DataStatusReport.Item(path: pointer.path, state: .same, recorded: pointer.fingerprint)
        do {
            item.present = try opened.workspace.fingerprint(pointer.path)
            if item.present == nil {
                item.state = .missing
            } else if item.present != pointer.fingerprint {
                item.state = .changed
                item.count(try opened.workspace.changesToNow(from: pointer.fingerprint, at: pointer.path))
            }
        } catch let error as any UserFacingError {
            item.state = .failed
            report.problems.append(error)
        }
        report.items.append(item)
    }
    return report
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
