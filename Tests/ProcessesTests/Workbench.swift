import Files
import Glibc
import Processes
import Synchronization

/// A script for /bin/sh, in a folder that is always there.
func shell(_ script: String, in folder: AbsolutePath = .fileSystemRoot) -> Command {
    .shell(script, environment: ["PATH": "/usr/bin:/bin"], workingDirectory: folder)
}

/// Runs `script` and gives all its standard output.
func output(of script: String) throws -> String {
    try capture(shell(script)).text
}

/// What a child wrote, collected.
final class Transcript {
    var standardOutput: [UInt8] = []
    var standardError: [UInt8] = []

    func add(_ stream: ChildProcess.OutputStream, _ bytes: [UInt8]) {
        switch stream {
        case .standardOutput: standardOutput += bytes
        case .standardError: standardError += bytes
        }
    }

    var text: String { String(decoding: standardOutput, as: UTF8.self) }
}

/// A command that sleeps for ever and can be told from all other processes of the machine.
struct Sleeper {
    let command: String

    private static let count = Atomic(0)

    init() {
        let number = Self.count.add(1, ordering: .relaxed).newValue
        command = "sleep 100000.\(getpid())\(number)"
    }

    /// The living processes that are this command; neither the shells that mention it nor zombies.
    var processes: [pid_t] {
        let wanted = command.split(separator: " ").joined(separator: "\0") + "\0"
        return processIDs().filter { contents(of: "/proc/\($0)/cmdline") == Array(wanted.utf8) }
    }

    /// Waits until `count` of them run; false after ten seconds.
    func waitUntilRunning(_ count: Int = 1) -> Bool { eventually { processes.count == count } }

    /// Waits until none runs; false after ten seconds.
    func waitUntilGone() -> Bool { eventually { processes.isEmpty } }
}

/// Whether `condition` comes true within ten seconds.
func eventually(_ condition: () -> Bool) -> Bool {
    let end = ContinuousClock.now + .seconds(10)
    while !condition() {
        if ContinuousClock.now > end { return false }
        usleep(2000)
    }
    return true
}

func processIDs() -> [pid_t] { names(in: "/proc").compactMap { pid_t($0) } }

func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
        names.append(
            withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            })
    }
    return names
}

/// Empty if it cannot be read.
func contents(of path: String) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &bytes, bytes.count)
    return Array(bytes.prefix(max(count, 0)))
}

/// The parent of a process.
func parent(of process: pid_t) -> pid_t? {
    let text = String(decoding: contents(of: "/proc/\(process)/stat"), as: UTF8.self)
    return text.split(separator: ")").last?.split(separator: " ").dropFirst().first.flatMap { pid_t($0) }
}

/// The program beside the test bundle that the tests kill, signal and measure.
func helper() -> String {
    var bytes = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &bytes, bytes.count)
    let path = AbsolutePath(bytes: bytes.prefix(max(count, 0)).map { UInt8(bitPattern: $0) })
    return "\((path.parent ?? .fileSystemRoot).appending("ProcessesHelper"))"
}
