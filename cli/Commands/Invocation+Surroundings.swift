import Glibc
import Operations

extension Invocation {
    /// What operations need to know of the world.
    var surroundings: Surroundings {
        Surroundings(
            workingDirectory: workingDirectory, environment: environment, clock: clock, hostName: hostName,
            userName: userName, commandLine: commandLine)
    }

    private var hostName: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, gethostname(start, buffer.count - 1) == 0 else { return "unknown" }
            buffer[buffer.count - 1] = 0
            return String(cString: start)
        }
    }

    /// By the system's list of users; a container's user may not be in it.
    private var userName: String {
        if let name = environment["USER"], !name.isEmpty { return name }
        guard let entry = getpwuid(getuid()) else { return "\(getuid())" }
        return String(cString: entry.pointee.pw_name)
    }
}
