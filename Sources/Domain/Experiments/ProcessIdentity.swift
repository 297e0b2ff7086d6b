import Files
import FoundationEssentials

/// A process, told apart from all others that ever had its number.
package struct ProcessIdentity: Sendable, Equatable {
    package var host: HostIdentity
    package var pid: Int32
    /// Ticks from the boot of the machine to the start of the process, as the kernel counts them.
    package var startTicks: UInt64

    package init(host: HostIdentity, pid: Int32, startTicks: UInt64) {
        self.host = host
        self.pid = pid
        self.startTicks = startTicks
    }

    /// This very process.
    package static func current(host: HostIdentity = .current) -> ProcessIdentity {
        let pid = ProcessInfo.processInfo.processIdentifier
        return ProcessIdentity(host: host, pid: pid, startTicks: startTicksOfProcess(pid) ?? 0)
    }
}

/// Where process numbers mean something: a machine since its last boot, or a container in it.
package struct HostIdentity: Sendable, Equatable {
    package var name: String
    /// A number that the kernel chooses at each boot.
    package var bootID: String
    /// Two containers of one machine share its boot, but not this.
    package var processNamespace: String

    package init(name: String, bootID: String, processNamespace: String) {
        self.name = name
        self.bootID = bootID
        self.processNamespace = processNamespace
    }

    package static let current = HostIdentity(
        name: readText("/proc/sys/kernel/hostname") ?? "unknown",
        bootID: readText("/proc/sys/kernel/random/boot_id") ?? "",
        processNamespace: readLink("/proc/self/ns/pid") ?? "")

    /// Whether a process number seen there is one here.
    func sharesProcesses(with other: HostIdentity) -> Bool {
        !bootID.isEmpty && bootID == other.bootID && processNamespace == other.processNamespace
    }
}

/// When the process with this number started; nil if there is none, or it is only waiting to be collected.
package func startTicksOfProcess(_ pid: Int32) -> UInt64? {
    guard let text = readText("/proc/\(pid)/stat"), let nameEnd = text.lastIndex(of: ")") else { return nil }
    // The name may hold spaces and brackets; what follows it starts with the third field, the state.
    let fields = text[text.index(after: nameEnd)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    return UInt64(fields[19])
}

private func readText(_ path: String) -> String? {
    guard let bytes = try? FileSystem.real.read(AbsolutePath(path)) else { return nil }
    var text = String(decoding: bytes, as: UTF8.self)
    while text.last == "\n" { text.removeLast() }
    return text
}

private func readLink(_ path: String) -> String? {
    guard let target = try? FileSystem.real.readLink(AbsolutePath(path)) else { return nil }
    return String(decoding: target, as: UTF8.self)
}
