import Experiments
import Operations

/// `repro queue logs`
enum QueueLogsCommand: Command {
    private static let run = ArgumentSpec("RUN", completes: .runs, help: "The name or id of a queued run")

    static let spec = CommandSpec(
        "queue logs", "Print what the stages of a queued run have written so far", in: .runs, arguments: [run],
        discussion: ["For one stage, and for runs that are over: `repro logs RUN STAGE`."])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let reference = call.arguments.value(of: run) ?? ""
        for stage in try showRun(reference, in: call.surroundings).stages {
            guard let log = try? readStageLog(run: reference, stage: stage.stage, in: call.surroundings) else {
                continue
            }
            call.note("stage \(stage.stage)")
            call.output.write(bytes: log.bytes)
        }
        return .done
    }
}
