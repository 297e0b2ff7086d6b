import Diagnostics
import JSON
import Operations
import Pipelines

/// `repro status`
enum StatusCommand: Command {
    private static let stages = ArgumentSpec(
        "STAGE", .any, completes: .stages, help: "Only these stages and what they need; all if none is named")
    private static let check = OptionSpec.flag("check", help: "Exit with 1 if anything is out of date")
    private static let granular = OptionSpec.flag(
        "granular", help: "Also name each data file that differs from its record, or whose record differs from HEAD")
    private static let remote = OptionSpec.flag(
        "remote", help: "Show instead what a push to the default remote would send, and a fetch bring")

    static let spec = CommandSpec(
        "status", "Show how data stands, and what `repro run` would do and why", in: .pipeline, arguments: [stages],
        options: [check, granular, remote],
        discussion: [
            "Reads and changes nothing but its own index. `run`: the stage must run. `restore`: its outs are in the "
                + "store. `maybe`: a stage above runs first, and this one runs only if that makes something else. "
                + "`skip`: up to date.",
            "Tracked data (`repro add`) is compared with its pointer files, without reading files that have not changed.",
        ],
        examples: [
            CommandExample("repro status --check", "For a script or CI"),
            CommandExample("repro status --granular --json", "Every file that differs"),
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
        let names = call.arguments.values(of: stages)
        let monitor = ProgressMonitor(call)
        defer { monitor.finish() }
        let data = names.isEmpty ? try showDataStatus(in: call.surroundings, monitor: monitor) : nil
        let changes =
            call.arguments.has(granular) ? try showDataChanges(in: call.surroundings, monitor: monitor) : nil
        let plan: PipelinePlan?
        do {
            plan = try showStatus(names, in: call.surroundings)
        } catch PipelineLanguageError.noPipelineFile where data?.isEmpty == false {
            plan = nil
        }
        monitor.finish()
        if call.printsJSON {
            var fields: JSONObject = ["stages": .array([])]
            if let plan, case .object(let planned) = JSONValue(plan) { fields = planned }
            fields["data"] = data.map(DataStatusText.json) ?? .null
            if let changes { fields["files"] = DataChangesText.json(changes) }
            call.output.json(.object(fields))
        } else {
            if let data, !data.isEmpty {
                DataStatusText.show(data, of: call)
                if plan != nil { call.output.line() }
            }
            if let plan { PlanText.show(plan, of: call) }
            if let changes { DataChangesText.show(changes, of: call) }
        }
        let isUpToDate = plan?.isUpToDate ?? true && data?.isUpToDate ?? true
        return call.arguments.has(check) && !isUpToDate ? .found(.failed) : .done
    }
}
