import Files
import Threads

extension Scheduler.Capacity {
    /// What this machine has to share out, `jobs` stages at a time.
    static func ofThisMachine(jobs: Int, environment: [String: String], fileSystem: FileSystem) -> Self {
        Self(
            jobs: jobs, cpus: Double(max(jobs, coreCount)), memoryBytes: memoryBytes(fileSystem),
            gpuIndices: gpuIndices(environment, fileSystem))
    }

    /// `MemTotal` of /proc/meminfo; without limit where that cannot be read.
    private static func memoryBytes(_ fileSystem: FileSystem) -> UInt64 {
        guard let bytes = try? fileSystem.readIfPresent(AbsolutePath("/proc/meminfo")) else { return .max }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix("MemTotal:") {
            let fields = line.split(separator: " ")
            if fields.count >= 2, let kibibytes = UInt64(fields[1]) { return kibibytes * 1024 }
        }
        return .max
    }

    /// Those that `CUDA_VISIBLE_DEVICES` leaves us, else all that the driver shows as /dev/nvidia0, 1, …
    private static func gpuIndices(_ environment: [String: String], _ fileSystem: FileSystem) -> [Int] {
        if let visible = environment["CUDA_VISIBLE_DEVICES"] {
            return visible.split(separator: ",").compactMap { Int($0) }.filter { $0 >= 0 }
        }
        var indices: [Int] = []
        while (try? fileSystem.status(of: AbsolutePath("/dev/nvidia\(indices.count)"))) ?? nil != nil {
            indices.append(indices.count)
        }
        return indices
    }
}
