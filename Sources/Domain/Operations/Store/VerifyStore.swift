package import Diagnostics
import Files
import Hashing
package import Objects
import Pipelines
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

    /// A file that says something about objects, or about files: no object itself.
    package struct DamagedRecord: Sendable {
        package var file: String
        package var problem: String
        /// What was done about it; nil if nothing could be.
        package var mending: String?

        package init(file: String, problem: String, mending: String? = nil) {
            self.file = file
            self.problem = problem
            self.mending = mending
        }
    }

    /// Of what was read. Damage that was healed is still in it.
    package var summary: VerifyReport
    package var damaged: [Damaged]
    package var missing: [Missing] = []
    package var records: [DamagedRecord] = []
    /// Why no remote could help, if one was to.
    package var remoteFailure: (any UserFacingError)?

    /// Whether all is whole now.
    package var isWhole: Bool {
        summary.damagedIndexes.isEmpty && damaged.allSatisfy { $0.healedFrom != nil }
            && missing.allSatisfy { $0.healedFrom != nil } && records.allSatisfy { $0.mending != nil }
    }
}

/// Reads objects again, checks them against their digests, names what needs the damaged ones, and, if asked, heals them.
///
/// Of the whole store, what is missing is not asked for: a clone lacks what nobody has fetched yet.
package func verifyStore(
    _ options: VerifyStoreOptions = VerifyStoreOptions(), in surroundings: Surroundings,
    cancellation: Cancellation? = nil, monitor: any Monitor
) throws -> VerifyStoreReport {
    var report = VerifyStoreReport(summary: VerifyReport(), damaged: [])
    let opened = try openMending(&report, options, in: surroundings)
    var references: ObjectReferences
    var missing: [Digest] = []
    if options.scope == .all {
        report.summary = try opened.store.verify(monitor: monitor)
        references = report.summary.isWhole ? ObjectReferences() : try opened.allReferences()
        try opened.verifyRecords(&report, options)
    } else {
        references = try opened.references(of: options.scope)
        (report.summary, missing) = try opened.verify(references, monitor)
    }
    if case .run = options.scope {} else { try opened.verifyCounts(&report, options.scope) }
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

/// A store whose version cannot be read is not opened; all else in it may be whole.
private func openMending(
    _ report: inout VerifyStoreReport, _ options: VerifyStoreOptions, in surroundings: Surroundings
) throws -> OpenProject {
    do {
        return try OpenProject(surroundings)
    } catch ObjectError.unreadableVersion(let file) where options.repairs && options.scope == .all {
        try ObjectStore.mendVersion(file, in: surroundings.fileSystem)
        report.records.append(
            .init(file: file.description, problem: "the version of the store", mending: "written again"))
        return try OpenProject(surroundings)
    }
}

extension OpenProject {
    /// What is beside the objects: the run cache and the file-state index, which can be made again, and pointer files,
    /// which Git has.
    fileprivate func verifyRecords(_ report: inout VerifyStoreReport, _ options: VerifyStoreOptions) throws {
        let runCache = try RunCache(of: project)
        for path in try runCache.damagedEntries() {
            if options.repairs { try runCache.forget(path) }
            report.records.append(
                .init(
                    file: path.description, problem: "an entry of the run cache",
                    mending: options.repairs ? "removed: the stage runs again when it is needed" : nil))
        }
        let index = project.indexDatabase.description
        switch workspace.verifyIndex() {
        case .none: break
        case .entries(let count):
            let what = "\(count) entr\(count == 1 ? "y" : "ies") of the file-state index"
            report.records.append(.init(file: index, problem: what, mending: "forgotten: these files are read again"))
        case .whole:
            report.records.append(
                .init(file: index, problem: "the file-state index", mending: "begun anew: all files are read again"))
        }
        for problem in try workspace.pointerFiles().problems {
            let file = problem.location.map { "\($0.file):\($0.line)" } ?? project.root.description
            report.records.append(.init(file: file, problem: problem.message))
        }
    }

    /// What a record says of a folder beside its digest, against the folder's listing.
    fileprivate func verifyCounts(_ report: inout VerifyStoreReport, _ scope: VerifyStoreOptions.Scope) throws {
        var wanted: [RelativePath] = [.root]
        if case .paths(let texts) = scope { wanted = try texts.map(dataPath) }
        for record in try recordedData().data
        where wanted.contains(where: { record.path.isAtOrBelow($0) || $0.isAtOrBelow(record.path) }) {
            guard case .folder = record.fingerprint.kind, let tree = try? store.readTree(record.fingerprint.digest),
                tree.fingerprint != record.fingerprint
            else { continue }
            let file = record.source == .pointer ? PointerFile.place(for: record.path).description : "repro.lock"
            report.records.append(
                .init(file: file, problem: "its number of files or bytes is not that of the folder's listing"))
        }
    }

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
