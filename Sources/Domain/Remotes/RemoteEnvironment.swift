package import Curl
package import Diagnostics
package import Files
package import Threads

/// What remotes take from the machine: passed in, so that a test decides about all of it.
package struct RemoteEnvironment: Sendable {
    package var variables: [String: String]
    /// The user's home; credentials files are found from it.
    package var home: AbsolutePath
    package var fileSystem: FileSystem
    package var clock: Clock
    package var client: HTTPClient
    package var cancellation: Cancellation?

    package init(
        variables: [String: String], home: AbsolutePath, fileSystem: FileSystem = .real, clock: Clock = .system,
        client: HTTPClient, cancellation: Cancellation? = nil
    ) {
        self.variables = variables
        self.home = home
        self.fileSystem = fileSystem
        self.clock = clock
        self.client = client
        self.cancellation = cancellation
    }

    /// The variable's value; nil if it is unset or empty.
    func variable(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The text of a file; nil if there is none.
    func text(of path: AbsolutePath) throws -> String? {
        try fileSystem.readIfPresent(path).map { String(decoding: $0, as: UTF8.self) }
    }
}
