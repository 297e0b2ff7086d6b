import Files
import Objects
import Synchronization

/// Makes the files of a plan, folder by folder, on all cores.
///
/// A new folder that holds only files is made beside and takes its place whole, with all its files, in one step. In all
/// others each file is made beside and takes its place by a rename. Either way a file is there whole or not at all.
struct Placement: Sendable {
    let workspace: Workspace
    let meter: WorkMeter

    /// Files of one folder.
    struct Group: Sendable {
        let folder: RelativePath
        var files: [PlacePlan.NewFile]
        /// Whether it is new and holds nothing else.
        let isWhole: Bool
    }

    /// What was made, to remember: nil where a later change might not show in the status.
    typealias Made = (path: RelativePath, state: FileState)

    /// The plan's files by their folder, large folders in several parts.
    static func groups(of plan: PlacePlan) -> [Group] {
        let new = Set(plan.folders)
        let parents = Set(plan.folders.compactMap(\.parent)).union(plan.links.compactMap(\.path.parent))
        var groups: [Group] = []
        for file in plan.files {
            let folder = file.path.parent ?? .root
            if let last = groups.indices.last, groups[last].folder == folder {
                // A folder that is made whole is made by one thread.
                if groups[last].isWhole || groups[last].files.count < partFiles {
                    groups[last].files.append(file)
                    continue
                }
            }
            let isFirst = groups.last?.folder != folder
            let isWhole = isFirst && new.contains(folder) && !parents.contains(folder)
            groups.append(Group(folder: folder, files: [file], isWhole: isWhole))
        }
        return splittingLargest(groups)
    }

    private static let partFiles = 256
    /// A folder of more files is not made whole, so that all cores have a part in it.
    private static let wholeFiles = 4096

    private static func splittingLargest(_ groups: [Group]) -> [Group] {
        groups.flatMap { group -> [Group] in
            if group.files.count <= wholeFiles { return [group] }
            return stride(from: 0, to: group.files.count, by: partFiles).map { start in
                let part = Array(group.files[start..<min(group.files.count, start + partFiles)])
                return Group(folder: group.folder, files: part, isWhole: false)
            }
        }
    }

    func make(_ group: Group) throws -> (made: [Made], links: LinkReport) {
        let made = try makeFiles(group)
        let small = group.files.lazy.map(\.digest.sizeBytes).filter { $0 < Self.largeBytes }
        if !small.isEmpty { meter.finished(items: small.count, bytes: small.reduce(0, +)) }
        return made
    }

    /// Larger files are counted one by one, and while they are made.
    private static let largeBytes: UInt64 = 4 << 20

    private func makeFiles(_ group: Group) throws -> (made: [Made], links: LinkReport) {
        if group.isWhole {
            do {
                return try makeWhole(group)
            } catch let error as FileError where error.action == .rename && Self.isRefusal(error.reason) {
                // The folder is on another file system, or somebody has put something into it meanwhile.
            }
        }
        let folder = try workspace.files.openFolder(workspace.project.root.appending(group.folder))
        let unfinished = try workspace.files.openFolder(
            workspace.unfinishedPath().parent ?? workspace.project.temporaryFolder)
        do {
            return try makeEach(group.files, in: folder, by: unfinished)
        } catch let error as FileError where error.action == .rename && error.reason == .otherFileSystem {
            // The path leads to another disk by a link. Unfinished files are then made beside.
            let beside = try UnfinishedFolder(in: folder.path, fileSystem: workspace.files)
            return try makeEach(group.files, in: folder, by: beside.folder)
        }
    }

    private func makeEach(
        _ files: [PlacePlan.NewFile], in folder: borrowing Folder, by unfinished: borrowing Folder
    ) throws -> (made: [Made], links: LinkReport) {
        var (made, links): ([Made], LinkReport) = ([], LinkReport())
        for file in files {
            let temporary = Array(FileSystem.temporaryName().utf8)
            let materialised: Materialised
            do {
                materialised = try make(file, in: unfinished, as: temporary, &links)
                try unfinished.move(temporary, to: folder, as: file.path.name)
            } catch {
                _ = try? unfinished.removeFile(temporary)
                throw error
            }
            // A rename changes the time of change of what was made here.
            let status =
                materialised.link == .symlink
                ? materialised.status : try folder.statusFollowingLinks(of: file.path.name)
            if let status, let state = state(of: file, status, materialised.link) { made.append((file.path, state)) }
        }
        return (made, links)
    }

    private static func isRefusal(_ reason: FileError.Reason) -> Bool {
        reason == .otherFileSystem || reason == .folderNotEmpty || reason == .alreadyExists
    }

    private func makeWhole(_ group: Group) throws -> (made: [Made], links: LinkReport) {
        let path = try workspace.unfinishedPath()
        let files = workspace.files
        try files.makeFolder(path)
        var (made, links): ([Made], LinkReport) = ([], LinkReport())
        do {
            let folder = try files.openFolder(path)
            for file in group.files {
                let materialised = try make(file, in: folder, as: file.path.name, &links)
                if let state = state(of: file, materialised.status, materialised.link) {
                    made.append((file.path, state))
                }
            }
            // Over the empty folder that is there.
            try files.rename(path, to: workspace.project.root.appending(group.folder))
        } catch {
            try? files.removeTree(path)
            throw error
        }
        return (made, links)
    }

    private func make(
        _ file: PlacePlan.NewFile, in folder: borrowing Folder, as name: [UInt8], _ links: inout LinkReport
    ) throws -> Materialised {
        // A time of change that no later change can have: it is then safe to remember the content without waiting.
        let modified = FileSystem.nowNanoseconds() - Self.placedAgeNanoseconds
        let isLarge = file.digest.sizeBytes >= Self.largeBytes
        var told = 0
        let made = try workspace.store.materialise(
            file.digest, in: folder, as: name, isExecutable: file.isExecutable, links: workspace.project.config.links,
            modifiedNanoseconds: modified
        ) { count in
            if !isLarge { return }
            told += count
            meter.advanced(bytes: count)
        }
        if isLarge { meter.finished(bytes: file.digest.sizeBytes, told: told) }
        links.count(made)
        return made
    }

    /// Larger than any file system's step of time.
    private static let placedAgeNanoseconds: Int64 = 4_000_000_000

    private func state(of file: PlacePlan.NewFile, _ status: FileStatus, _ link: LinkKind) -> FileState? {
        if status.sizeBytes != file.digest.sizeBytes { return nil }
        // A link shares the stored file, which nobody writes to; its time of change is the store's. Else the time that was
        // set must have been kept: a clock that counts in seconds does not.
        let now = FileSystem.nowNanoseconds()
        let isOurs = link == .hardlink || link == .symlink || status.modifiedNanoseconds < now - 3_000_000_000
        return FileState(status: status, digest: file.digest, isSettled: isOurs)
    }
}
