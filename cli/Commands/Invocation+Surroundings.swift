import Glibc
import Operations

extension Invocation {
    /// What operations need to know of the world.
    var surroundings: Surroundings {
        Surroundings(
            workingDirectory: workingDirectory, environment: environment, clock: clock, hostName: hostName,
            userName: userName, commandLine: commandLine)
    }

    /// The same, with the server of `--server`, or of REPRO_TRACKING_URL, to look at runs on.
    var surroundingsWithServer: Surroundings {
        var surroundings = surroundings
        let url = arguments.value(of: ServerArgument.server) ?? environment["REPRO_TRACKING_URL"]
        if let url, !url.isEmpty {
            surroundings.trackingServer = TrackingServerAddress(url: url, token: environment["REPRO_TOKEN"])
        }
        return surroundings
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

/// The option of every command that only looks at runs.
enum ServerArgument {
    static let server = OptionSpec.value(
        "server", .text("URL"),
        help: "Look at the runs of this server; without it REPRO_TRACKING_URL, else this project")
}
