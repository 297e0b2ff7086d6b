import Diagnostics
import Operations

/// `repro status`
enum StatusCommand: Command {
    private static let stages = ArgumentSpec(
        "STAGE", .any, completes: .stages, help: "Only these stages and what they need; all if none is named")
    private static let check = OptionSpec.flag("check", help: "Exit with 1 if anything is out of date")
    private static let remote = OptionSpec.flag(
        "remote", help: "Show instead what a push to the default remote would send, and a fetch bring")

    static let spec = CommandSpec(
        "status", "Show what `repro run` would do, and why", in: .pipeline, arguments: [stages],
        options: [check, remote],
        discussion: [
            "Reads and changes nothing but its own index. `run`: the stage must run. `restore`: its outs are in the "
                + "store. `maybe`: a stage above runs first, and this one runs only if that makes something else. "
                + "`skip`: up to date."
        ],
        exits: [CommandExit(.failed, "With --check: something is out of date")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        if call.arguments.has(remote) {
            let difference = try withTransfer(call) { cancellation, monitor in
                try compareWithRemote(nil, in: call.surroundings, cancellation: cancellation, monitor: monitor)
            }
            RemoteDifferenceText.show(difference, of: call)
            return .done
        }
        let plan = try showStatus(call.arguments.values(of: stages), in: call.surroundings)
        PlanText.show(plan, of: call)
        return call.arguments.has(check) && !plan.isUpToDate ? .found(.failed) : .done
    }
}
