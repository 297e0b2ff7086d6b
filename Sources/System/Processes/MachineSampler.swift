import CLinux
package import Files
import Glibc

/// Measures what the machine and this process use: cpu, memory, disk, network, and GPUs where `nvidia-smi` is.
///
/// The names are those that MLflow gives to the same numbers, so that charts of both lie on each other. What a machine
/// does not tell is left out.
package struct MachineSampler: Sendable {
    private let environment: [String: String]
    /// Whose space is measured.
    private let folder: AbsolutePath
    private let fileSystem: FileSystem
    private var previous: Counters?
    /// Nil until it was looked for.
    private var hasGPU: Bool?

    package init(folder: AbsolutePath, environment: [String: String], fileSystem: FileSystem = .real) {
        self.folder = folder
        self.environment = environment
        self.fileSystem = fileSystem
    }

    /// Rates (cpu, network, disk traffic) are those since the last call; the first one has none.
    package mutating func sample() -> [(name: String, value: Double)] {
        var values: [(name: String, value: Double)] = []
        let now = Counters(read)
        if let previous {
            let total = Double(now.cpuTotal &- previous.cpuTotal)
            if total > 0 {
                values.append(("cpu_utilization_percentage", 100 * Double(now.cpuBusy &- previous.cpuBusy) / total))
                values.append(
                    ("process_cpu_utilization_percentage", 100 * Double(now.ownTicks &- previous.ownTicks) / total))
            }
            values.append(("network_receive_megabytes", megabytes(now.received &- previous.received)))
            values.append(("network_transmit_megabytes", megabytes(now.sent &- previous.sent)))
        }
        previous = now
        values += memory()
        values += disk()
        values += graphics()
        return values
    }

    // MARK: Memory and disk

    private func memory() -> [(name: String, value: Double)] {
        var values: [(name: String, value: Double)] = []
        let facts = read("/proc/meminfo").map(kilobytes) ?? [:]
        if let total = facts["MemTotal"], let available = facts["MemAvailable"], total > 0 {
            values.append(("system_memory_usage_megabytes", Double(total - min(available, total)) / 1024))
            values.append(
                ("system_memory_usage_percentage", 100 * Double(total - min(available, total)) / Double(total)))
        }
        if let resident = read("/proc/self/status").map(kilobytes)?["VmRSS"] {
            values.append(("process_memory_usage_megabytes", Double(resident) / 1024))
        }
        return values
    }

    private func disk() -> [(name: String, value: Double)] {
        guard let space = try? fileSystem.space(of: folder), space.totalBytes > 0 else { return [] }
        let used = space.totalBytes - min(space.freeBytes, space.totalBytes)
        return [
            ("disk_usage_megabytes", megabytes(used)), ("disk_available_megabytes", megabytes(space.availableBytes)),
            ("disk_usage_percentage", 100 * Double(used) / Double(space.totalBytes)),
        ]
    }

    // MARK: GPUs

    private static let graphicsNames = [
        "utilization_percentage", "memory_usage_megabytes", "memory_usage_percentage", "power_usage_watts",
    ]

    private mutating func graphics() -> [(name: String, value: Double)] {
        if hasGPU == false { return [] }
        let command = Command(
            [
                "nvidia-smi", "--query-gpu=index,utilization.gpu,memory.used,memory.total,power.draw",
                "--format=csv,noheader,nounits",
            ], environment: environment, workingDirectory: folder)
        // A driver that hangs must not hold up all else for ever.
        guard let output = try? capture(command, limitBytes: 1 << 20, timeout: .seconds(5)), output.exit.isSuccess
        else {
            hasGPU = false
            return []
        }
        hasGPU = true
        return output.text.split(separator: "\n").flatMap { Self.graphics(line: $0) }
    }

    /// `0, 87, 20211, 40960, 250.12`; a field that a card does not have is `[N/A]`.
    static func graphics(line: Substring) -> [(name: String, value: Double)] {
        let fields = line.split(separator: ",").map { $0.drop { $0 == " " } }
        guard fields.count == 5, let index = Int(fields[0]) else { return [] }
        let used = Double(fields[2])
        let share = used.flatMap { used in Double(fields[3]).map { 100 * used / $0 } }
        return zip(graphicsNames, [Double(fields[1]), used, share, Double(fields[4])]).compactMap { name, value in
            value.map { ("gpu_\(index)_\(name)", $0) }
        }
    }

    private func read(_ path: String) -> String? {
        (try? fileSystem.read(AbsolutePath(path))).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Numbers that only grow, at one moment.
private struct Counters: Sendable {
    /// In ticks, over all cores.
    var cpuTotal: UInt64 = 0
    var cpuBusy: UInt64 = 0
    var ownTicks: UInt64 = 0
    /// In bytes.
    var received: UInt64 = 0
    var sent: UInt64 = 0

    init(_ read: (String) -> String?) {
        // cpu user nice system idle iowait irq softirq steal
        if let line = read("/proc/stat")?.split(separator: "\n").first {
            let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { UInt64($0) }
            cpuTotal = ticks.reduce(0, &+)
            if ticks.count > 4 { cpuBusy = cpuTotal &- ticks[3] &- ticks[4] }
        }
        // The program's name, in brackets, may hold anything.
        if let text = read("/proc/self/stat"), let end = text.lastIndex(of: ")") {
            let fields = text[text.index(after: end)...].split(separator: " ")
            if fields.count > 12 { ownTicks = (UInt64(fields[11]) ?? 0) &+ (UInt64(fields[12]) ?? 0) }
        }
        for line in read("/proc/net/dev")?.split(separator: "\n").dropFirst(2) ?? [] {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].drop(while: { $0 == " " }) != "lo" else { continue }
            let fields = parts[1].split(separator: " ")
            if fields.count > 8 {
                received &+= UInt64(fields[0]) ?? 0
                sent &+= UInt64(fields[8]) ?? 0
            }
        }
    }
}

private func megabytes(_ bytes: UInt64) -> Double { Double(bytes) / 1_048_576 }

/// `MemTotal:  16384 kB`, by name.
private func kilobytes(_ text: String) -> [String: UInt64] {
    var facts: [String: UInt64] = [:]
    for line in text.split(separator: "\n") {
        let parts = line.split(separator: ":", maxSplits: 1)
        if parts.count == 2, let number = parts[1].split(whereSeparator: { $0 == " " || $0 == "\t" }).first {
            facts[String(parts[0])] = UInt64(number)
        }
    }
    return facts
}
