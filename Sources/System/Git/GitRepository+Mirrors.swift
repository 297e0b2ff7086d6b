package import Files
import Processes

extension GitRepository {
    /// A copy of all branches and tags of the repository at `url`, without a work tree: made in `folder`, or brought up to
    /// date there. Nobody else may be at it.
    package static func mirror(
        of url: String, in folder: AbsolutePath, environment: [String: String], fileSystem: FileSystem = .real
    ) throws -> GitRepository {
        // A copy that was begun and not finished is begun anew.
        let unfinished = AbsolutePath(bytes: folder.bytes + Array(".unfinished".utf8))
        let isThere = try fileSystem.status(of: folder.appending("HEAD")) != nil
        if isThere {
            let mirror = GitRepository(bare: folder, environment: environment, fileSystem: fileSystem)
            _ = try mirror.git(
                ["fetch", "--quiet", "--prune", "origin"], variables: transports,
                timeout: mirrorTimeout)
            return mirror
        }
        if let parent = folder.parent { try fileSystem.makeFolders(parent) }
        try fileSystem.removeTree(unfinished)
        try fileSystem.removeTree(folder)
        do {
            try fileSystem.makeFolders(unfinished)
            try GitRepository(bare: unfinished, environment: environment, fileSystem: fileSystem).copy(url)
        } catch {
            try? fileSystem.removeTree(unfinished)
            throw error
        }
        try fileSystem.rename(unfinished, to: folder)
        return GitRepository(bare: folder, environment: environment, fileSystem: fileSystem)
    }

    private func copy(_ url: String) throws {
        _ = try git(["init", "--quiet", "--bare"])
        _ = try git(["remote", "add", "--mirror=fetch", "--", "origin", url])
        _ = try git(["fetch", "--quiet", "origin"], variables: transports, timeout: mirrorTimeout)
        // The branch that the other side shows first.
        let head = try git(["ls-remote", "--symref", "origin", "HEAD"], variables: transports).text
        if let line = head.split(separator: "\n").first, line.hasPrefix("ref: "),
            let name = line.dropFirst("ref: ".count).split(separator: "\t").first
        {
            _ = try git(["symbolic-ref", "HEAD", String(name)])
        }
    }

    /// Writes the files of a commit that are at or below `path` into `folder`, under their whole paths. `folder` exists,
    /// and holds nothing of them yet.
    package func export(_ path: RelativePath, at commit: String, to folder: AbsolutePath) throws {
        let index = folder.appending(FileSystem.temporaryName())
        defer { _ = try? fileSystem.removeFile(index) }
        let variables = [
            "GIT_DIR": commonFolder.description, "GIT_WORK_TREE": folder.description,
            "GIT_INDEX_FILE": index.description,
        ]
        if try isFolder(path, at: commit) == true {
            let part = path.isRoot ? [commit] : ["--prefix=\(path)/", "\(commit):\(path)"]
            _ = try git(["read-tree"] + part, variables: variables)
            _ = try git(
                ["checkout-index", "--all", "--force"], variables: variables, timeout: mirrorTimeout, folder: folder)
        } else {
            _ = try git(["read-tree", commit], variables: variables)
            _ = try git(
                ["checkout-index", "--force", "--", path.description], variables: variables, timeout: mirrorTimeout,
                folder: folder)
        }
    }

    /// What is at a path of a commit: whether it is a folder; nil if nothing is.
    package func isFolder(_ path: RelativePath, at commit: String) throws -> Bool? {
        let kind = try git(["cat-file", "-t", "\(commit):\(path.isRoot ? "" : path.description)"], accepted: [0, 128])
        return kind.exit.code == 0 ? kind.text == "tree" : nil
    }
}

/// A large repository over a slow line.
private let mirrorTimeout = Duration.seconds(3600)

/// None that starts a program of somebody's choice.
private let transports = ["GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh"]
