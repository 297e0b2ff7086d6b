package import Files

/// What to run: a program, its arguments, its whole environment and the folder to run it in. Standard input is empty.
package struct Command: Sendable, Equatable {
    /// The program first: a path (with a slash; a relative one is taken from `workingDirectory`), or a name that is
    /// looked up in the `PATH` of `environment`.
    package var arguments: [String]
    /// All of it: nothing is inherited.
    package var environment: [String: String]
    package var workingDirectory: AbsolutePath

    package init(_ arguments: [String], environment: [String: String], workingDirectory: AbsolutePath) {
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }

    /// `script` as `/bin/sh` understands it.
    package static func shell(
        _ script: String, environment: [String: String], workingDirectory: AbsolutePath
    ) -> Command {
        Command(["/bin/sh", "-c", script], environment: environment, workingDirectory: workingDirectory)
    }

    /// The program's name, for messages.
    package var name: String { arguments.first ?? "" }
}
