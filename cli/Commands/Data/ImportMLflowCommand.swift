import Diagnostics
import Files
import JSON
import Operations

/// `repro import mlflow`
enum ImportMLflowCommand: Command {
    private static let source = ArgumentSpec(
        "SOURCE", .one, completes: .files, help: "A server's address, a folder `mlruns`, or a server's SQLite file")
    private static let artifacts = OptionSpec.value(
        "artifacts", .text("FOLDER", completes: .files),
        help: "Where a server keeps artifacts on this disk (mlartifacts beside the SQLite file)")
    private static let without = OptionSpec.flag("no-artifacts", help: "Take no artifacts")

    static let spec = CommandSpec(
        "import mlflow", "Take runs, artifacts and models over from MLflow", in: .runs, arguments: [source],
        options: [artifacts, without],
        discussion: [
            "Runs keep their ids, params, tags, every point of their metrics, datasets and artifacts; logged models, "
                + "registered models, their versions and aliases come, too. Nothing is changed in the source. Done again, "
                + "it adds what is new, and what is in the bin here stays there.",
            "Artifacts in a cloud store are left there, unless the source is a server, which hands them out. Traces and "
                + "evaluation datasets are not taken. A server is asked with MLFLOW_TRACKING_TOKEN, or "
                + "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.",
        ],
        examples: [
            CommandExample("repro import mlflow ./mlruns", ""),
            CommandExample("repro import mlflow https://mlflow.example.org", ""),
            CommandExample("repro import mlflow mlflow.db --artifacts mlartifacts", "From the disk of a server"),
        ],
        exits: [
            CommandExit(.notFound, "There is no such source"), CommandExit(.unavailable, "The server did not answer"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = ImportMLflowOptions(source: call.arguments.value(of: source) ?? "")
        options.artifactsFolder = call.arguments.value(of: artifacts).map {
            AbsolutePath($0, relativeTo: call.workingDirectory)
        }
        options.takesArtifacts = !call.arguments.has(without)
        let monitor = ProgressMonitor(call)
        let report: ImportMLflowReport
        do {
            defer { monitor.finish() }
            report = try importMLflow(options, in: call.surroundings, monitor: monitor)
        }
        if call.printsJSON {
            call.output.json(json(report))
        } else if !call.isQuiet {
            describe(report, call)
        }
        return .done
    }

    private static func rows(_ report: ImportMLflowReport) -> [(String, ImportMLflowReport.Count)] {
        [
            ("experiments", report.experiments), ("runs", report.runs), ("metric points", report.points),
            ("artifacts", report.artifacts), ("logged models", report.loggedModels),
            ("registered models", report.models), ("model versions", report.versions),
        ]
    }

    private static func describe(_ report: ImportMLflowReport, _ call: Invocation) {
        var table = Table([.init(""), .init("found", .right), .init("new here", .right)])
        for (name, count) in rows(report) where count.found > 0 {
            table.add([.init(name), .init("\(count.found)"), .init("\(count.new)")])
        }
        call.output.table(table)
        if report.artifactBytes > 0 { call.output.line("\(Formats.bytes(report.artifactBytes)) of artifacts") }
        for (what, count) in report.leftBehind.sorted(by: { $0.key < $1.key }) {
            call.output.line("\(call.output.paint("not taken:", .warning)) \(count) \(printable(what))")
        }
    }

    private static func json(_ report: ImportMLflowReport) -> JSONValue {
        var object = JSONObject()
        for (name, count) in rows(report) {
            object[name] = .object(["found": JSONValue(count.found), "new": JSONValue(count.new)])
        }
        object["artifactBytes"] = .integer(Int64(clamping: report.artifactBytes))
        var left = JSONObject()
        for (what, count) in report.leftBehind.sorted(by: { $0.key < $1.key }) { left[what] = JSONValue(count) }
        object["notTaken"] = .object(left)
        return .object(object)
    }
}
