package import Diagnostics
package import Files

/// The world around one command: all that an operation must not find out by itself.
package struct Surroundings: Sendable {
    package var workingDirectory: AbsolutePath
    package var environment: [String: String]
    package var clock: Clock
    package var hostName: String
    package var userName: String
    /// As it was typed, the program first.
    package var commandLine: [String]
    package var fileSystem: FileSystem
    /// Where runs are looked at; nil: in the project around the working directory.
    package var trackingServer: TrackingServerAddress?

    package init(
        workingDirectory: AbsolutePath, environment: [String: String], clock: Clock = .system, hostName: String,
        userName: String, commandLine: [String], fileSystem: FileSystem = .real
    ) {
        self.workingDirectory = workingDirectory
        self.environment = environment
        self.clock = clock
        self.hostName = hostName
        self.userName = userName
        self.commandLine = commandLine
        self.fileSystem = fileSystem
    }
}

/// A `repro server`, and the token that it is sent.
package struct TrackingServerAddress: Sendable {
    package var url: String
    package var token: String?

    package init(url: String, token: String?) {
        self.url = url
        self.token = token
    }
}
