import Diagnostics
import Operations

/// `repro import`
enum ImportCommand: Command {
    private static let repository = ArgumentSpec(
        "REPOSITORY", completes: .folders, help: "What `git clone` takes, or the folder of a project on this machine")
    private static let path = ArgumentSpec("PATH", help: "A file or folder there")
    private static let out = OptionSpec.value(
        "out", short: "o", .text("PATH", completes: .files), help: "Where it goes; by default here, by its own name")
    private static let revision = OptionSpec.value(
        "rev", .text("REVISION"), help: "A branch, a tag or a commit; by default what the repository shows first")
    private static let force = OptionSpec.flag("force", short: "f", help: "Replace what is there")

    static let spec = CommandSpec(
        "import", "Track data of another repository, pinned to its commit", in: .data, arguments: [repository, path],
        options: [out, revision, force],
        discussion: [
            "PATH is a file or folder that Git has there, or one that is tracked there with Repro or DVC: data, a part of "
                + "it, or an out of a stage. Content that is not in Git comes from the project's store or DVC cache, if it is "
                + "on this machine, else from the remote in its configuration.",
            "The pointer file keeps the repository, the revision and the commit. `repro update` looks there again.",
        ],
        examples: [
            CommandExample("repro import https://github.com/iterative/dataset-registry get-started/data.xml", ""),
            CommandExample("repro import ../features out/table.parquet --rev v1.2 -o data/table.parquet", ""),
        ],
        exits: [
            CommandExit(.notFound, "There is no such repository, revision, path or content"),
            CommandExit(.conflict, "Something is there already; nothing was changed"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = ImportFromRepositoryOptions(
            repository: call.arguments.path(of: repository) ?? [], path: call.arguments.path(of: path) ?? [])
        options.target = call.arguments.path(of: out)
        options.revision = call.arguments.value(of: revision)
        options.isForced = call.arguments.has(force)
        let item = try watched(call) { monitor in
            try importFromRepository(options, in: call.surroundings, monitor: monitor)
        }
        if call.printsJSON {
            call.output.json(ImportText.json(item))
        } else if !call.isQuiet {
            ImportText.show([item], of: call)
        }
        return .done
    }
}
