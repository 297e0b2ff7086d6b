import Diagnostics
import Files
import Git
import Hashing
import Objects
import Pipelines
import Remotes
import Threads
import Workspaces

/// A repository that data is imported from: a folder on this machine, read where it is, or one that Git clones, of which
/// a copy without a work tree is kept in `.repro/repositories/`.
struct SourceRepository {
    /// As a pointer file has it.
    let text: String
    /// Nil for one that is not on this machine.
    let folder: AbsolutePath?
    /// Nil for a folder that is in no Git repository: then what it is now is meant.
    let git: GitRepository?
    let opened: OpenProject
    let cancellation: Cancellation?
    let monitor: any Monitor

    init(
        _ typed: [UInt8], from base: AbsolutePath, in opened: OpenProject, _ cancellation: Cancellation?,
        _ monitor: any Monitor
    ) throws {
        self.opened = opened
        self.cancellation = cancellation
        self.monitor = monitor
        let shown = String(decoding: typed, as: UTF8.self)
        if typed.isEmpty { throw PathError.empty }
        let (project, environment) = (opened.project, opened.surroundings.environment)
        let files = project.fileSystem
        let path = AbsolutePath(bytes: typed, relativeTo: base)
        if try files.statusFollowingLinks(of: path)?.kind == .folder {
            let isBare =
                try files.status(of: path.appending("HEAD")) != nil
                && files.status(of: path.appending("objects")) != nil
            text =
                typed.first == UInt8(ascii: "/") ? path.description : pathText(of: path, from: project.root)
            if !isBare {
                folder = path
                git = try GitRepository.find(containing: path, environment: environment, fileSystem: files)
                return
            }
            folder = nil
            git = try Self.mirror(of: path.description, opened, monitor)
            return
        }
        guard Self.isURL(shown) else { throw ImportError.nothingAt(shown) }
        if Self.holdsSecret(shown) { throw ImportError.secretInURL }
        (text, folder) = (shown, nil)
        git = try Self.mirror(of: shown, opened, monitor)
    }

    /// `https://host/path`, or `host:path` as SSH has it.
    private static func isURL(_ text: String) -> Bool {
        if text.hasPrefix("-") { return false }
        if text.contains("://") { return true }
        guard let colon = text.firstIndex(of: ":") else { return false }
        return !text[..<colon].contains("/")
    }

    /// A name alone is none: SSH needs it.
    private static func holdsSecret(_ text: String) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[1].hasPrefix("//"), parts[0].lowercased().hasPrefix("http") else { return false }
        return parts[1].dropFirst(2).prefix { $0 != "/" }.contains("@")
    }

    private static func mirror(
        of url: String, _ opened: OpenProject, _ monitor: any Monitor
    ) throws -> GitRepository {
        let project = opened.project
        let name = String(SHA256.hash(Array(url.utf8)).description.prefix(20))
        monitor.progress(Progress(activity: "reading \(url)"))
        let lock = try FileLock.acquire(
            project.locksFolder.appending("repository-\(name)"), timeout: .seconds(3600), in: project.fileSystem)
        return try withExtendedLifetime(lock) {
            try GitRepository.mirror(
                of: url, in: project.folder.appending("repositories").appending(name),
                environment: opened.surroundings.environment, fileSystem: project.fileSystem)
        }
    }

    /// Nil for a folder that is in no Git repository.
    func commit(named revision: String?) throws -> String? {
        guard let git else {
            if let revision { throw ImportError.unknownRevision(repository: text, revision: revision) }
            return nil
        }
        guard let commit = try git.commit(named: revision ?? "HEAD") else {
            throw ImportError.unknownRevision(repository: text, revision: revision ?? "HEAD")
        }
        return commit
    }

    // MARK: What is at a path

    /// Brings what the repository has at `path` into our store.
    func bring(_ path: RelativePath, at commit: String?) throws -> Fingerprint {
        guard let git, let commit else {
            guard let folder else { throw ImportError.nothingAt(text) }
            return try bring(path, ofFolder: folder)
        }
        // Where the folder is in its repository: paths are meant from there.
        let prefix = folder.flatMap { $0.relative(to: git.root) } ?? .root
        let project = try projectFolder(of: prefix.appending(path), at: commit, in: git)
        let wanted = prefix.appending(path).relative(to: project) ?? path
        let (data, problems) = try opened.recordedData(at: commit, in: git, below: project)
        let source = try records(of: project, at: commit, in: git)
        if let record = data.covering(wanted) {
            return try content(of: record, wanted, source)
        }
        let tracked = try dvcTracked(in: files(at: commit, in: git, below: project))
        if let record = tracked.last(where: { wanted.isAtOrBelow($0.path) }) {
            return try content(of: record, wanted, source)
        }
        if let problem = problems.first {
            throw ImportError.recordsUnreadable(repository: text, problem: problem.message)
        }
        guard try git.isFolder(prefix.appending(path), at: commit) != nil else {
            throw ImportError.noSuchPath(path: path, repository: text, commit: commit)
        }
        if let inner = (data.map(\.path) + tracked.map(\.path)).first(where: { $0.isAtOrBelow(wanted) }) {
            throw ImportError.holdsTracked(path: path, tracked: inner)
        }
        let scratch = try ScratchFolder(in: opened.project.temporaryFolder, fileSystem: opened.project.fileSystem)
        let place = scratch.nextPath()
        try opened.project.fileSystem.makeFolders(place)
        try git.export(prefix.appending(path), at: commit, to: place)
        return try opened.keep([prefix.appending(path)], of: place, monitor)
    }

    private func bring(_ path: RelativePath, ofFolder folder: AbsolutePath) throws -> Fingerprint {
        let files = opened.project.fileSystem
        var surroundings = opened.surroundings
        surroundings.workingDirectory = folder
        if let other = try? Project(root: folder, in: files), other.isInitialised {
            let source = try OpenProject(surroundings)
            if let record = try source.recordedData().data.covering(path) {
                return try content(of: record, path, SourceStores(store: source.store))
            }
        }
        guard try files.statusFollowingLinks(of: folder.appending(path)) != nil else {
            throw ImportError.noSuchPath(path: path, repository: text, commit: nil)
        }
        return try opened.keep([path], of: folder, monitor)
    }

    /// The innermost folder at or above a path of a commit that is a project; the top if none is.
    private func projectFolder(
        of path: RelativePath, at commit: String, in git: GitRepository
    ) throws -> RelativePath {
        var candidate = path.parent
        while let folder = candidate, !folder.isRoot {
            for name in [".repro", ".dvc"] {
                if try git.isFolder(folder.appending(name: name.utf8), at: commit) == true { return folder }
            }
            candidate = folder.parent
        }
        return .root
    }

    private func files(
        at commit: String, in git: GitRepository, below project: RelativePath
    ) throws -> [(path: RelativePath, content: [UInt8])] {
        let names = ["dvc.lock", "dvc.yaml"].map { Array($0.utf8) }
        return try git.files(at: commit) { path in
            guard path.isAtOrBelow(project) else { return false }
            return names.contains(path.name) || DVCPointer.subject(of: path) != nil
        }.map { ($0.path.relative(to: project) ?? $0.path, $0.content) }
    }
}
