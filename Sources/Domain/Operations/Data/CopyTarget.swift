import Files
import Workspaces

/// Where copies of stored files go that nobody tracks: anywhere on this machine.
///
/// They are made beside, and take their place when all of them are there. What is in the target and not among them is
/// never touched.
struct CopyTarget {
    let path: AbsolutePath
    /// What is made here becomes the target.
    let copy: AbsolutePath
    private let isThere: Bool
    private let beside: UnfinishedFolder
    private let files: FileSystem

    /// `typed` is taken from the working directory, and a folder that is there holds the copy, as with `cp`; without it the
    /// copy is called `name`. With `isForced`, files that are there are replaced, one by one.
    init(_ typed: [UInt8]?, name: [UInt8], isForced: Bool, in opened: OpenProject) throws {
        files = opened.project.fileSystem
        var path = AbsolutePath(bytes: typed ?? name, relativeTo: opened.surroundings.workingDirectory)
        if typed != nil, try files.statusFollowingLinks(of: path)?.kind == .folder {
            path = path.appending(RelativePath(unchecked: name))
        }
        isThere = try files.status(of: path) != nil
        if isThere, !isForced { throw FileError(.create, path, .alreadyExists) }
        let parent = path.parent ?? .fileSystemRoot
        try files.makeFolders(parent)
        beside = try UnfinishedFolder(in: parent, fileSystem: files)
        copy = beside.folder.path.appending("copy")
        self.path = path
    }

    /// Puts what was made in its place.
    func finish() throws {
        guard isThere else { return try files.renameToNew(copy, to: path) }
        try check(copy, path)
        try move(copy, path)
    }

    /// Refuses, before anything is moved, a file where a folder is, and a folder where a file is.
    private func check(_ source: AbsolutePath, _ target: AbsolutePath) throws {
        guard let present = try files.status(of: target) else { return }
        guard try files.status(of: source)?.kind == .folder else {
            if present.kind == .folder { throw FileError(.create, target, .isAFolder) }
            return
        }
        if present.kind != .folder { throw FileError(.create, target, .notAFolder) }
        for name in try files.openFolder(source).names() {
            let below = RelativePath(unchecked: name)
            try check(source.appending(below), target.appending(below))
        }
    }

    private func move(_ source: AbsolutePath, _ target: AbsolutePath) throws {
        let isMerged = try files.status(of: source)?.kind == .folder && files.status(of: target) != nil
        if !isMerged { return try files.rename(source, to: target) }
        for name in try files.openFolder(source).names() {
            let below = RelativePath(unchecked: name)
            try move(source.appending(below), target.appending(below))
        }
    }
}
