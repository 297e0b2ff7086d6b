import Glibc
import Synchronization

/// A variable in the environment of all processes of one child, by which they are found if their guard was killed.
///
/// It is the second net: the guard finds its processes by descent, which nothing escapes. Without it only those are
/// found that kept their environment or their group.
struct ProcessMark {
    /// `REPRO_STAGE_ID=…`.
    let variable: String

    private static let count = Atomic(0)

    static func unique() -> ProcessMark {
        let number = count.add(1, ordering: .relaxed).newValue
        return ProcessMark(variable: "\(ChildProcess.markName)=\(getpid())-\(bootNanoseconds())-\(number)")
    }

    /// Kills all that bear the mark, until none is left.
    func killProcesses() {
        for _ in 0..<1000 {
            let found = processes()
            if found.isEmpty { return }
            for process in found { kill(process, SIGKILL) }
            usleep(2000)
        }
    }

    /// The living processes (not zombies: those have no environment) that bear the mark.
    func processes() -> [pid_t] {
        let mark = Array(variable.utf8)
        return allProcesses().filter { process in
            readSmallFile("/proc/\(process)/environ").split(separator: 0).contains { $0.elementsEqual(mark) }
        }
    }
}

private func bootNanoseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

private func allProcesses() -> [pid_t] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var processes: [pid_t] = []
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if let process = pid_t(name) { processes.append(process) }
    }
    return processes
}

/// Empty if it cannot be read.
private func readSmallFile(_ path: String) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count <= 0 { return content }
        content += buffer[..<count]
    }
}
