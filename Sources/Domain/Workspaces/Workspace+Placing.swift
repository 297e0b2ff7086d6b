package import Diagnostics
package import Files
package import Objects
import Threads

/// What to do with content that would be overwritten and is not in the store.
package enum UnsavedPolicy: Sendable {
    case refuse
    /// The same, but for paths of which the caller knows that their content is saved elsewhere.
    case refuseUnless(@Sendable (RelativePath) throws -> Bool)
    /// It is lost.
    case overwrite
}

extension UnsavedPolicy {
    /// What may not be lost, and would be.
    fileprivate func lost(of plan: PlacePlan) throws -> [RelativePath] {
        switch self {
        case .refuse: plan.unsaved
        case .refuseUnless(let isSaved): try plan.unsaved.filter { try !isSaved($0) }
        case .overwrite: []
        }
    }
}

/// What `place` would do.
package struct PlacePreview: Sendable, Equatable {
    package var made: [RelativePath]
    package var removed: [RelativePath]
    package var unchangedFileCount: Int
    /// Would be lost: content that is not in the store.
    package var unsaved: [RelativePath]
}

/// What `place` did.
package struct PlaceReport: Sendable, Equatable {
    /// Made anew, symbolic links among them.
    package var madeFileCount = 0
    package var removedFileCount = 0
    /// Were as they should be, and were left alone.
    package var unchangedFileCount = 0
    package var links = LinkReport()

    package var hasChangedFiles: Bool { madeFileCount + removedFileCount > 0 }

    package init() {}
}

extension Workspace {
    /// Makes `path` hold what `fingerprint` says, from the store. What is there already is left alone, down to each file.
    ///
    /// Everything is looked at first: if content would be lost that is not in the store, or if content to be placed is
    /// not there, that is an error, and nothing was changed. Each file appears whole, by a rename; after a crash, doing
    /// the same again finishes the work.
    @discardableResult
    package func place(
        _ fingerprint: Fingerprint, at path: RelativePath, unsaved: UnsavedPolicy = .refuse
    ) throws -> PlaceReport {
        try place(Tree.Content(fingerprint), at: path, unsaved: unsaved, monitor: SilentMonitor())
    }

    /// The same for what a listing says of `path`: a part of a folder. `makesAllAnew`: files that are right are made
    /// again, by the links that are asked for now.
    @discardableResult
    package func place(
        _ content: Tree.Content, at path: RelativePath, unsaved: UnsavedPolicy, makesAllAnew: Bool = false,
        monitor: any Monitor
    ) throws -> PlaceReport {
        let plan = try placePlan(content, at: path, makesAllAnew: makesAllAnew, monitor)
        let lost = try unsaved.lost(of: plan)
        if !lost.isEmpty { throw WorkspaceError.unsavedContent(lost) }
        return try carryOut(plan, at: path, monitor)
    }

    /// What `place` would do; changes nothing.
    package func previewPlace(
        _ content: Tree.Content, at path: RelativePath, makesAllAnew: Bool = false, unsaved: UnsavedPolicy = .refuse
    ) throws -> PlacePreview {
        let plan = try placePlan(content, at: path, makesAllAnew: makesAllAnew)
        return PlacePreview(
            made: plan.files.map(\.path) + plan.links.map(\.path), removed: plan.removals.map(\.path),
            unchangedFileCount: plan.unchangedFileCount, unsaved: try unsaved.lost(of: plan))
    }

    /// Files at or below `path` whose content is not in the store: what removing it would lose.
    package func unsavedPaths(at path: RelativePath) throws -> [RelativePath] {
        // Removing a folder removes what is ignored in it, too.
        guard let present = try snapshot(path, knowing: true, ignoring: false) else { return [] }
        guard case .folder = present.fingerprint.kind else {
            return try store.contains(present.fingerprint.digest) ? [] : [path]
        }
        var planner = PlacePlanner(store: store, current: present.trees)
        try planner.remove(Tree.Content(present.fingerprint), at: path)
        return planner.plan.unsaved
    }

    private func placePlan(
        _ content: Tree.Content, at path: RelativePath, makesAllAnew: Bool, _ monitor: any Monitor = SilentMonitor()
    ) throws -> PlacePlan {
        let isDangling = try isDanglingLink(path)
        let present = isDangling ? nil : try snapshot(path, knowing: true, monitor: monitor)
        var planner = PlacePlanner(store: store, current: present?.trees ?? [:])
        planner.makesAllAnew = makesAllAnew
        if let ignored = present?.ignored, !ignored.isEmpty {
            planner.passOver(ignored) { try self.snapshot($0, knowing: true, ignoring: false) }
        }
        if isDangling { planner.removeDanglingLink(path) }
        try planner.place(
            content, over: present.map { Tree.Content($0.fingerprint) }, at: path)
        return planner.plan
    }

    private func isDanglingLink(_ path: RelativePath) throws -> Bool {
        let absolute = project.root.appending(path)
        return try files.statusFollowingLinks(of: absolute) == nil && files.status(of: absolute) != nil
    }

    private func carryOut(
        _ plan: PlacePlan, at path: RelativePath, _ monitor: any Monitor
    ) throws -> PlaceReport {
        var report = PlaceReport()
        report.unchangedFileCount = plan.unchangedFileCount
        for (path, kind) in plan.removals {
            let absolute = project.root.appending(path)
            switch kind {
            case .file: report.removedFileCount += try files.removeFile(absolute) ? 1 : 0
            // One that is not empty holds what is never content (`.git`); it stays.
            case .folder: try files.removeEmptyFolder(absolute)
            }
        }
        if let parent = path.parent, !(plan.files.isEmpty && plan.links.isEmpty && plan.folders.isEmpty) {
            try files.makeFolders(project.root.appending(parent))
        }
        for folder in plan.folders { try files.makeFolders(project.root.appending(folder)) }
        for link in plan.links {
            try replace(link.path) { try files.symbolicLink(at: $0, to: link.target) }
        }
        let meter = WorkMeter(
            "making \(path)", totalItems: plan.files.count,
            totalBytes: plan.files.reduce(0) { $0 + $1.digest.sizeBytes }, monitor: monitor)
        let placement = Placement(workspace: self, meter: meter)
        let remembering = IndexUpdate(index)
        let links = try mapConcurrently(Placement.groups(of: plan), width: width) { group in
            let (made, links) = try placement.make(group)
            remembering.note(made)
            return links
        }
        remembering.flush()
        for part in links { report.links.add(part) }
        report.madeFileCount = plan.files.count + plan.links.count
        return report
    }

    /// Puts what `make` makes at a temporary path in the place of `path`, in one step.
    func replace(_ path: RelativePath, _ make: (AbsolutePath) throws -> Void) throws {
        let target = project.root.appending(path)
        do {
            try replace(target, through: unfinishedPath(), make)
        } catch let error as FileError where error.action == .rename && error.reason == .otherFileSystem {
            // The path leads to another disk by a link.
            let beside = try UnfinishedFolder(in: target.parent ?? .fileSystemRoot, fileSystem: files)
            try replace(target, through: beside.folder.path.appending("0"), make)
        }
    }

    private func replace(
        _ target: AbsolutePath, through temporary: AbsolutePath, _ make: (AbsolutePath) throws -> Void
    ) throws {
        do {
            try make(temporary)
            try files.rename(temporary, to: target)
        } catch {
            _ = try? files.removeFile(temporary)
            throw error
        }
    }
}
