package import Diagnostics
import Files
import Hashing
package import Objects
import Synchronization
package import Threads
import Workspaces

package struct VerifyStoreOptions: Sendable {
    package enum Scope: Sendable, Equatable {
        /// Every object.
        case all
        /// What is recorded of paths, as typed.
        case paths([[UInt8]])
        /// What a run made and logged.
        case run(String)
    }

    package var scope = Scope.all
    /// Puts whole objects in the place of damaged and missing ones, from the workspace or a remote.
    package var repairs = false
    /// Nil: the default one, if there is one.
    package var remote: String?

    package init() {}
}

package struct VerifyStoreReport: Sendable {
    package struct Damaged: Sendable {
        package var object: DamagedObject
        /// What needs it: `run run6, stage train_guess, models/guess.bin`; empty if nothing known does.
        package var referrers: [String]
        /// From where it was healed; nil if it was not.
        package var healedFrom: String?
    }

    /// An object that should be in the store and is not.
    package struct Missing: Sendable {
        package var id: ObjectID
        package var referrers: [String]
        package var healedFrom: String?
    }

    /// Of what was read. Damage that was healed is still in it.
    package var summary: VerifyReport
    package var damaged: [Damaged]
    package var missing: [Missing] = []
    /// Why no remote could help, if one was to.
    package var remoteFailure: (any UserFacingError)?

    /// Whether all is whole now.
    package var isWhole: Bool {
        summary.damagedIndexes.isEmpty && damaged.allSatisfy { $0.healedFrom != nil }
            && missing.allSatisfy { $0.healedFrom != nil }
    }
}

/// Reads objects again, checks them against their digests, names what needs the damaged ones, and, if asked, heals them.
///
/// Of the whole store, what is missing is not asked for: a clone lacks what nobody has fetched yet.
package func verifyStore(
    _ options: VerifyStoreOptions = VerifyStoreOptions(), in surroundings: Surroundings,
    cancellation: Cancellation? = nil, monitor: any Monitor
) throws -> VerifyStoreReport {
    let opened = try OpenProject(surroundings)
    var report = VerifyStoreReport(summary: VerifyReport(), damaged: [])
    var references: ObjectReferences
    var missing: [Digest] = []
    if options.scope == .all {
        report.summary = try opened.store.verify(monitor: monitor)
        references = report.summary.isWhole ? ObjectReferences() : try opened.allReferences()
    } else {
        references = try opened.references(of: options.scope)
        (report.summary, missing) = try opened.verify(references, monitor)
    }
    report.damaged = report.summary.damaged.map { .init(object: $0, referrers: references.names[$0.id] ?? []) }
    report.missing = missing.map { .init(id: $0.id, referrers: references.names[$0.id] ?? []) }
    guard options.repairs else { return report }
    let wanted = Set(report.summary.damaged.compactMap { references.digests[$0.id] } + missing)
    if wanted.isEmpty { return report }
    var healer = StoreHealer(opened: opened, wanted: wanted, cancellation: cancellation, monitor: monitor)
    try healer.takeFromWorkspace()
    do {
        try healer.takeFromRemote(options.remote)
    } catch let error as any UserFacingError {
        if error.kind == .interrupted { throw error }
        report.remoteFailure = error
    }
    for number in report.damaged.indices {
        report.damaged[number].healedFrom = healer.healed[report.damaged[number].object.id]
    }
    for number in report.missing.indices {
        report.missing[number].healedFrom = healer.healed[report.missing[number].id]
    }
    return report
}

extension OpenProject {
    /// Reads all objects that are referred to.
    fileprivate func verify(
        _ references: ObjectReferences, _ monitor: any Monitor
    ) throws -> (summary: VerifyReport, missing: [Digest]) {
        let digests = references.digests.values.sorted { $0.id < $1.id }
        let done = Guarded(0)
        let found = try mapConcurrently(digests, width: coreCount) { digest in
            let finding = try inspect(digest)
            let count = done.withLock { done in
                done += 1
                return done
            }
            monitor.progress(Progress(activity: "verifying", doneItems: count, totalItems: digests.count))
            return finding
        }
        var summary = VerifyReport()
        var missing: [Digest] = []
        for (digest, finding) in zip(digests, found) {
            switch finding {
            case .missing: missing.append(digest)
            case .whole, .damaged:
                summary.objectCount += 1
                summary.contentBytes += digest.sizeBytes
            }
            if case .damaged(let damage) = finding {
                summary.damaged.append(DamagedObject(id: digest.id, damage: damage))
            }
        }
        return (summary, missing)
    }

    private enum Finding: Sendable {
        case whole, missing
        case damaged(Damage)
    }

    private func inspect(_ digest: Digest) throws -> Finding {
        do {
            return try store.damage(of: digest).map { .damaged($0) } ?? .whole
        } catch ObjectError.missing {
            return .missing
        }
    }
}
