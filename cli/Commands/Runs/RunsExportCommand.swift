import Diagnostics
import Experiments
import JSON
import Operations

/// `repro runs export`
enum RunsExportCommand: Command {
    private static let format = OptionSpec.value(
        "format", .choice("FORMAT", of: ["csv", "json"]),
        help: "csv (a row for each run) or json (one object each); csv")
    private static let columns = OptionSpec.values(
        "column", .text("COLUMN"), help: "Only this column, such as `metrics.loss`; may be given several times")

    static let spec = CommandSpec(
        "runs export", "Write runs with their params, metrics and tags for other programs", in: .runs,
        options: [format, columns] + RunSelection.options + [ServerArgument.server],
        discussion: [
            "There is a column for each attribute, and for each param, metric and tag that any of the runs has, such as "
                + "`params.train.dim`; what a run lacks is empty in CSV and left out in JSON. Metrics are their last "
                + "values. There is no Parquet, since no small C library writes it: "
                + "`pandas.read_csv(…).to_parquet(…)` makes it."
        ],
        examples: [
            CommandExample("repro runs export > runs.csv", ""),
            CommandExample("repro runs export --format json --filter \"metrics.loss < 1\"", ""),
            CommandExample("repro runs export --column name --column metrics.loss", ""),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = RunSelection.read(call.arguments)
        options.limit = .max
        let asked = try call.arguments.values(of: columns).map { try RunColumn(parsing: $0) }
        let records = try listRuns(options, in: call.surroundingsWithServer).records
        let chosen = asked.isEmpty ? records.allColumns : asked
        let names = chosen.map(\.description)
        let now = call.clock.now()
        if call.printsJSON || call.arguments.value(of: format) == "json" {
            let objects = records.map { record in
                var object = JSONObject()
                for (name, column) in zip(names, chosen) {
                    let value = record.value(column, now: now)
                    if value != .null { object[name] = value }
                }
                return JSONValue.object(object)
            }
            call.output.json(.array(objects))
            return .done
        }
        call.output.line(csvLine(names.map { .string($0) }))
        for record in records { call.output.line(csvLine(chosen.map { record.value($0, now: now) })) }
        return .done
    }
}
