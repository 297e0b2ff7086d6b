import Diagnostics
import Experiments
import MicroHTTPD

/// The state, the end and the name of a run.
extension MLflowAPI {
    @Sendable func updateRun(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let id = try runID(parameters)
        var change = RunChange()
        change.status = try parameters.choice("status", MLflowRunStatus.names).map(MLflowRunStatus.status)
        change.endedAt = try parameters.integer("end_time").map { Timestamp(milliseconds: $0) }
        if let name = try parameters.string("run_name"), !name.isEmpty { change.name = name }
        try writing(to: id) {
            try store.changeRun(id, change)
            if let name = change.name { try store.setTags([Tag(key: MLflowTag.runName, value: name)], run: id) }
        }
        services.events.changed("run", id.text)
        let run = try run(id)
        let location = try artifactLocation(of: run)
        return .json { writer in
            writer.object {
                $0.key("run_info")
                $0.runInfo(run, location)
            }
        }
    }
}
