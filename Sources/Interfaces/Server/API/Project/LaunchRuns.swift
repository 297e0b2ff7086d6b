import Diagnostics
import Experiments
import JSON
import MicroHTTPD
import Operations

/// Starting runs from the page: each in a tree of its own, made of the workspace as it is now, so that whoever edits
/// the workspace is not disturbed.
extension NativeAPI {
    /// The params of the workspace and, with `from`, of a run: what the form begins with.
    @Sendable func describeLaunch(_ request: Request) throws -> Reply {
        let surroundings = try project()
        let current = try showParams(.workspace, in: surroundings).values
        var of: [String: JSONValue] = [:]
        var source: Run?
        if let reference = request.queryValue("from"), !reference.isEmpty {
            let run = try store.requireRun(reference)
            source = run
            of = try store.record(run.id)?.params ?? [:]
        }
        let names = Set(current.map(\.name))
        let absent = of.keys.filter { !names.contains($0) }.sorted()
        return .json { writer in
            writer.object { writer in
                if let source {
                    writer.key("from")
                    writer.object {
                        $0.field("id", source.id.text)
                        $0.field("name", source.name)
                        $0.field("experiment", source.experimentName)
                    }
                }
                writer.key("params")
                writer.array(current) { writer, param in
                    writer.object {
                        $0.field("name", param.name)
                        $0.key("current")
                        $0.value(param.value)
                        $0.key("value")
                        $0.value(of[param.name] ?? param.value)
                    }
                }
                // Of the run, but no stage of the pipeline reads them any more.
                writer.field("absent", absent)
                writer.key("mayLaunch")
                writer.bool(request.caller.role >= .admin)
            }
        }
    }

    /// What each stage would do.
    @Sendable func planLaunch(_ request: Request) throws -> Reply {
        let plan = try planPipeline(try launchOptions(try request.json()), in: try project())
        return .json { $0.plan(plan) }
    }

    /// Begins the run, and answers at once with its id.
    @Sendable func launch(_ request: Request) throws -> Reply {
        let options = try launchOptions(try request.json())
        var surroundings = try project()
        surroundings.commandLine = ["repro", "run"] + options.overrides.flatMap { ["-S", $0] } + options.targets
        if let name = request.caller.name { surroundings.userName = name }
        let report = try queueRuns(options, in: surroundings)
        let runs = report.entries.map(\.run)
        services.launcher.start(runs.map(\.id), in: surroundings) { [events = services.events] run in
            events.changed("run", run.text)
        }
        return .json { writer in
            writer.object { writer in
                writer.key("runs")
                writer.array(runs) { writer, run in
                    writer.object {
                        $0.field("id", run.id.text)
                        $0.field("name", run.name)
                    }
                }
            }
        }
    }

    /// Asks a run that the page, or `repro queue`, started to stop; one that waits is taken out of the queue.
    @Sendable func stopRun(_ request: Request) throws -> Reply {
        let run = try run(request)
        let surroundings = try project()
        if try stopQueuedRuns(.named([run.id.text]), in: surroundings).isEmpty {
            _ = try removeQueuedRuns(.named([run.id.text]), in: surroundings)
        }
        services.events.changed("run", run.id.text)
        return .emptyObject
    }

    private func launchOptions(_ body: JSONBody) throws -> RunPipelineOptions {
        var options = RunPipelineOptions()
        options.overrides = (try body.object("params")?.pairs ?? []).map { "\($0.key)=\($0.value.text())" }
        options.targets = try body.texts("stages")
        if let name = try body.text("name"), !name.isEmpty { options.name = name }
        if let experiment = try body.text("experiment"), !experiment.isEmpty { options.experiment = experiment }
        options.isForced = try body.flag("force")
        return options
    }
}
