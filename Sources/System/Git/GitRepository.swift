package import Files
import FoundationEssentials
import Processes

/// The Git work tree in which a project lies. Commits and branches can be added to it; what is checked out, the index
/// and what is there already are never changed, but for `restoreWorkTree`.
///
/// The commit is read from Git's files, without starting Git; changes are asked of the `git` program.
package struct GitRepository: Sendable {
    /// The top folder of the work tree: the one with `.git` in it.
    package let root: AbsolutePath
    /// Where this work tree's own `HEAD` is.
    let gitFolder: AbsolutePath
    /// Where the refs are: the same folder, unless this is a linked work tree.
    let commonFolder: AbsolutePath
    private let environment: [String: String]
    private let isBare: Bool
    let fileSystem: FileSystem

    /// The work tree that holds `folder`; nil if there is none.
    package static func find(
        containing folder: AbsolutePath, environment: [String: String] = ProcessInfo.processInfo.environment,
        fileSystem: FileSystem = .real
    ) throws -> GitRepository? {
        var candidate: AbsolutePath? = folder
        while let root = candidate {
            if let gitFolder = try gitFolder(of: root, fileSystem) {
                return try GitRepository(
                    root: root, gitFolder: gitFolder, environment: environment, fileSystem: fileSystem)
            }
            candidate = root.parent
        }
        return nil
    }

    private init(
        root: AbsolutePath, gitFolder: AbsolutePath, environment: [String: String], fileSystem: FileSystem
    ) throws {
        self.root = root
        self.gitFolder = gitFolder
        let common = try fileSystem.readIfPresent(gitFolder.appending("commondir"))
        commonFolder = common.map { AbsolutePath(bytes: firstLine(of: $0), relativeTo: gitFolder) } ?? gitFolder
        self.environment = environment
        self.fileSystem = fileSystem
        isBare = false
    }

    /// One without a work tree.
    init(bare folder: AbsolutePath, environment: [String: String], fileSystem: FileSystem) {
        (root, gitFolder, commonFolder) = (folder, folder, folder)
        self.environment = environment
        isBare = true
        self.fileSystem = fileSystem
    }

    /// `.git` is a folder, or (in a linked work tree and in a submodule) a file that names one.
    private static func gitFolder(of root: AbsolutePath, _ fileSystem: FileSystem) throws -> AbsolutePath? {
        let entry = root.appending(".git")
        var folder = entry
        switch try fileSystem.statusFollowingLinks(of: entry)?.kind {
        case .folder: break
        case .file:
            let line = firstLine(of: try fileSystem.read(entry))
            let prefix = Array("gitdir: ".utf8)
            guard line.starts(with: prefix) else { return nil }
            folder = AbsolutePath(bytes: Array(line.dropFirst(prefix.count)), relativeTo: root)
        case .symbolicLink, .other, nil: return nil
        }
        // An empty folder `.git` is no repository, to Git neither.
        return try fileSystem.statusFollowingLinks(of: folder.appending("HEAD")) == nil ? nil : folder
    }

    /// Runs `git` in the work tree. Its exit code is one of `accepted`, or this throws.
    func git(
        _ arguments: [String], limitBytes: Int = 64 << 20, accepted: Set<Int32> = [0],
        variables: [String: String] = [:], timeout: Duration = .seconds(60), folder: AbsolutePath? = nil
    ) throws -> CapturedOutput {
        let command = Command(
            ["git"] + fixedOptions + arguments,
            environment: gitEnvironment.merging(variables) { $1 },
            workingDirectory: folder ?? root)
        let captured: CapturedOutput
        do {
            captured = try capture(command, limitBytes: limitBytes, timeout: timeout)
        } catch ProcessError.notFound {
            throw GitError.programMissing
        }
        if !accepted.contains(captured.exit.code) {
            let lines = captured.errorText.split(separator: "\n")
            let reason = lines.first.map { String($0.trimmingPrefix("fatal: ")) } ?? "\(captured.exit)"
            let subcommand = arguments.first { !$0.hasPrefix("-") } ?? ""
            throw GitError.failed(subcommand: subcommand, root: root, reason: reason)
        }
        return captured
    }

    /// No daemon is started, and only paths with control characters, quotes or backslashes are quoted.
    private var fixedOptions: [String] {
        ["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"]
    }

    /// Without what a Git hook sets to point Git elsewhere; nothing is locked or asked.
    private var gitEnvironment: [String: String] {
        environment.filter { !redirections.contains($0.key) }
            .merging(["GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"]) { $1 }
            .merging(isBare ? ["GIT_DIR": root.description] : [:]) { $1 }
    }
}

private let redirections: Set = [
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_TRACE",
]

func firstLine(of bytes: [UInt8]) -> [UInt8] {
    var line = Array(bytes.prefix { $0 != UInt8(ascii: "\n") })
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    return line
}
