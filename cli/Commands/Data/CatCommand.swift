import Diagnostics
import Files
import Objects
import Operations

/// `repro cat`
enum CatCommand: Command {
    private static let address = ArgumentSpec(
        "PATH[@REVISION]", completes: .files, help: "A recorded file, or an object's id")

    static let spec = CommandSpec(
        "cat", "Print a stored file", in: .data, arguments: [address],
        discussion: [
            "REVISION is a run, a Git commit, or `recorded`, which is meant if none is named: what pointer files and "
                + "repro.lock say now. A file inside a tracked folder is named by its whole path. A path that has an @ itself "
                + "is followed by another one.",
            "What is printed is checked while it is read; exit code 5 says that it was damaged.",
        ],
        examples: [
            CommandExample("repro cat data/raw/labels.csv@HEAD~1", ""),
            CommandExample("repro cat models/report.json@run6", ""),
        ],
        exits: [
            CommandExit(.notFound, "It is not recorded, or not in the store"),
            CommandExit(.corrupt, "The stored file is damaged"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let output = call.output
        try readData(DataAddress(call.arguments.path(of: address) ?? []), in: call.surroundings) { piece in
            piece.withUnsafeBytes { output.write(bytes: $0) }
        }
        return .done
    }
}
