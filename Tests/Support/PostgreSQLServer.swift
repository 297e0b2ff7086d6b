import Files
import Glibc
import Synchronization

/// A PostgreSQL server of the tests' own, in a temporary folder, reached by a socket in it.
///
/// It ends with the tests, also if they are killed. Root may not run PostgreSQL: then it runs as the user `postgres`,
/// which Debian's package makes.
package final class PostgreSQLServer: Sendable {
    private static let binaries: AbsolutePath? = {
        let versions = (13...30).reversed().map { "/usr/lib/postgresql/\($0)/bin" }
        return versions.first { access($0 + "/initdb", X_OK) == 0 }.map { AbsolutePath($0) }
    }()

    /// Whether there is one to start. Where everything is tested it must be there.
    package static var isInstalled: Bool { binaries != nil || getenv("CI") != nil }

    /// The one that all tests share which do not stop it.
    package static let shared = Result { try PostgreSQLServer() }

    private let folder: AbsolutePath
    private let bin: AbsolutePath
    private let databaseCount = Mutex(0)

    package init() throws {
        guard let binaries = Self.binaries else {
            throw TestFileError(action: "find", path: "/usr/lib/postgresql/*/bin/initdb", errno: ENOENT)
        }
        bin = binaries
        var template = Array("/tmp/repro-postgresql-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestFileError(action: "make", path: "a folder", errno: errno) }
        folder = AbsolutePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
        try run("chmod", "755", folder.description)
        if getuid() == 0 { try run("chown", "postgres", folder.description) }
        try runAsOwner(
            bin.description + "/initdb", "-D", data, "-U", "repro", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
            "--no-sync")
        // Whatever becomes of this process: when it is gone, the server goes.
        let stop = "\(bin)/pg_ctl -D \(data) -m immediate stop >/dev/null 2>&1"
        let asOwner = getuid() == 0 ? "runuser -u postgres -- " : ""
        let script = "while kill -0 \(getpid()); do sleep 1; done; \(asOwner)\(stop); rm -rf \(folder)"
        _ = try RunningProgram(["sh", "-c", script], in: AbsolutePath("/"), environment: searchPath)
        try start()
    }

    deinit {
        try? stop()
        try? run("rm", "-rf", folder.description)
    }

    package func start() throws {
        let settings =
            "-c listen_addresses= -c unix_socket_directories=\(folder) -c fsync=off -c max_connections=300"
        try runAsOwner(
            "\(bin)/pg_ctl", "-D", data, "-l", "\(folder)/log", "-w", "-t", "60", "-o", settings, "start")
    }

    /// `fast` ends what runs; `immediate` is a crash.
    package func stop(mode: String = "fast") throws {
        try runAsOwner("\(bin)/pg_ctl", "-D", data, "-w", "-m", mode, "stop")
    }

    /// The address of a new, empty database: a schema of its own, which is made in no time.
    package func makeDatabase() throws -> String {
        let number = databaseCount.withLock { count in
            count += 1
            return count
        }
        try command("CREATE SCHEMA s\(number)")
        return "postgresql://repro:not-needed@/postgres?host=\(folder)&options=-csearch_path%3Ds\(number)"
    }

    package func command(_ sql: String) throws {
        try run("\(bin)/psql", "-X", "-q", "-h", folder.description, "-U", "repro", "-d", "postgres", "-c", sql)
    }

    private var data: String { "\(folder)/data" }

    private var searchPath: [String: String] { ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"] }

    private func runAsOwner(_ words: String...) throws {
        try run(getuid() == 0 ? ["runuser", "-u", "postgres", "--"] + words : words)
    }

    private func run(_ words: String...) throws { try run(words) }

    private func run(_ words: [String]) throws {
        let result = try RunningProgram(words, in: folder, environment: searchPath).wait()
        if result.status != 0 { throw UnexpectedStatus(command: words, result: result) }
    }
}
