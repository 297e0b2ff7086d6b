package import Files
import Glibc
import Synchronization

/// A project folder of a test's own, and the built `repro` to run in it.
///
/// Hermetic: the folder, `HOME` and the whole environment belong to the test; the folder goes when the object does.
package final class TemporaryProject: Sendable {
    /// Holds `project/` and `home/`.
    private let enclosing: AbsolutePath
    package let root: AbsolutePath
    package let home: AbsolutePath

    /// Makes the folder, with `files` in it (path → content). It is no Git repository and has no `.repro` yet.
    package init(_ files: [String: String] = [:]) throws {
        enclosing = try TemporaryProject.makeFolder()
        root = enclosing.appending("project")
        home = enclosing.appending("home")
        try makeFolders(root)
        try makeFolders(home)
        for (path, content) in files { try write(path, content) }
    }

    deinit { removeTree(enclosing) }

    // MARK: Files

    package func path(_ path: String) -> AbsolutePath { AbsolutePath(path, relativeTo: root) }

    /// Writes a file, with the folders above it.
    package func write(_ path: String, _ content: String, isExecutable: Bool = false) throws {
        try write(path, bytes: Array(content.utf8), isExecutable: isExecutable)
    }

    package func write(_ path: String, bytes: [UInt8], isExecutable: Bool = false) throws {
        let file = self.path(path)
        if let folder = file.parent { try makeFolders(folder) }
        try writeFile(file, bytes, mode: isExecutable ? 0o755 : 0o644)
    }

    package func read(_ path: String) throws -> String { String(decoding: try readBytes(path), as: UTF8.self) }

    package func readBytes(_ path: String) throws -> [UInt8] { try readFile(self.path(path)) }

    /// Whether there is anything at `path`; a symbolic link counts itself.
    package func exists(_ path: String) -> Bool {
        var status = stat()
        return self.path(path).withCString { lstat($0, &status) } == 0
    }

    /// Removes a file or a whole folder; nothing there is fine.
    package func remove(_ path: String) { removeTree(self.path(path)) }

    /// All files below `path`, sorted, relative to the project; symbolic links are listed, not followed.
    package func files(below path: String = ".") throws -> [String] {
        try listFiles(self.path(path)).compactMap { $0.relative(to: root)?.description }.sorted()
    }

    // MARK: Programs

    /// Runs the built `repro` in the project and waits for its end.
    package func run(_ arguments: String..., environment: [String: String] = [:]) throws -> ProgramResult {
        try run(arguments, environment: environment)
    }

    package func run(_ arguments: [String], environment: [String: String] = [:]) throws -> ProgramResult {
        try start(arguments, environment: environment).wait()
    }

    /// Runs `repro` for a test that needs it done; anything but exit code 0 is thrown with what it printed.
    @discardableResult
    package func succeed(_ arguments: String..., environment: [String: String] = [:]) throws -> ProgramResult {
        try succeed(arguments, environment: environment)
    }

    @discardableResult
    package func succeed(_ arguments: [String], environment: [String: String] = [:]) throws -> ProgramResult {
        let result = try run(arguments, environment: environment)
        if result.status != 0 { throw UnexpectedStatus(command: ["repro"] + arguments, result: result) }
        return result
    }

    /// Starts `repro` and does not wait: for tests that kill it.
    package func start(_ arguments: [String], environment: [String: String] = [:]) throws -> RunningProgram {
        try startProgram([builtProgram().description] + arguments, environment: environment)
    }

    /// Runs a line of `sh` in the project, with the built `repro` first on the PATH.
    package func shell(_ line: String, environment: [String: String] = [:]) throws -> ProgramResult {
        try startProgram(["/bin/sh", "-c", line], environment: environment).wait()
    }

    /// Makes the project a Git repository with one commit of all that is there.
    package func commitToGit() throws {
        let result = try shell("git init -q -b main && git add -A && git commit -q --allow-empty -m initial")
        if result.status != 0 { throw UnexpectedStatus(command: ["git"], result: result) }
    }

    private func startProgram(_ words: [String], environment: [String: String]) throws -> RunningProgram {
        let folder = builtProgram().parent?.description ?? ""
        var variables = [
            "PATH": "\(folder):/usr/local/bin:/usr/bin:/bin", "HOME": home.description, "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "TERM": "xterm", "USER": "tester", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Tester",
            "GIT_AUTHOR_EMAIL": "tester@example.org", "GIT_COMMITTER_NAME": "Tester",
            "GIT_COMMITTER_EMAIL": "tester@example.org", "GIT_CEILING_DIRECTORIES": enclosing.description,
        ]
        variables.merge(environment) { $1 }
        return try RunningProgram(words, in: root, environment: variables)
    }

    private static func makeFolder() throws -> AbsolutePath {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/repro-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestFileError(action: "make", path: parent, errno: errno) }
        return AbsolutePath(bytes: template.dropLast().map { UInt8(bitPattern: $0) })
    }
}
