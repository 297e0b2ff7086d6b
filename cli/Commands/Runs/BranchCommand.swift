import Diagnostics
import JSON
import Operations

/// `repro branch`
enum BranchCommand: Command {
    private static let run = ArgumentSpec("RUN", completes: .runs, help: "The name or id of a run, or `last`")
    private static let branch = ArgumentSpec("BRANCH", help: "The name of the new Git branch")

    static let spec = CommandSpec(
        "branch", "Make a Git branch from a run", in: .runs, arguments: [run, branch],
        discussion: [
            "One commit after the one that the run used: with the uncommitted changes that the run used, its params, and "
                + "those of its outs that Git tracks. The workspace stays as it is; on the branch, `repro run` restores "
                + "the rest."
        ],
        examples: [CommandExample("repro branch grid-2 wide-embeddings", "")],
        exits: [CommandExit(.notFound, "There is no such run, or its code is not known")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let name = call.arguments.value(of: branch) ?? ""
        let commit = try branchFromRun(
            call.arguments.value(of: run) ?? "", branch: name, in: call.surroundings)
        if call.printsJSON {
            call.output.json(.object(["branch": .string(name), "commit": .string(commit)]))
        } else if !call.isQuiet {
            call.output.line("branch \(printable(name)) is at \(commit.prefix(12))")
        }
        return .done
    }
}
