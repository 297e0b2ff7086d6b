import Diagnostics
import Experiments
import JSON
import Operations

/// `repro runs`
enum RunsCommand: Command {
    private static let sort = OptionSpec.values(
        "sort", .text("COLUMNS"), help: "In this order: `metrics.accuracy desc, start_time`; else the latest first")
    private static let columns = OptionSpec.value(
        "columns", .text("COLUMNS"),
        help: "Show these columns, with commas between them; `params`, `metrics`, `tags` and `stages` stand for all")
    private static let limit = OptionSpec.value("limit", short: "n", .count("N"), help: "At most N runs; else 100")

    static let spec = CommandSpec(
        "runs", "List the runs: params, metrics, what was skipped", in: .runs,
        options: [sort, columns, limit] + RunSelection.options + [ServerArgument.server],
        discussion: [
            "Without --columns the table has all metrics and those params that differ between the runs shown. `repro "
                + "help filters` explains filters and the names of columns."
        ],
        examples: [
            CommandExample("repro runs --sort 'metrics.accuracy desc' -n 5", "The five best"),
            CommandExample("repro runs --filter 'metrics.accuracy > 0.2 and params.type = '\\''cbow'\\'''", ""),
            CommandExample("repro runs --columns name,commit,params.dim,metrics", ""),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = RunSelection.read(call.arguments)
        options.sort = call.arguments.values(of: sort)
        if let count = call.arguments.count(of: limit) { options.limit = count }
        let page = try listRuns(options, in: call.surroundingsWithServer)
        if call.printsJSON {
            call.output.json(
                .object(["runs": .array(page.records.map { JSONValue($0) }), "hasMore": .bool(page.hasMore)]))
        } else {
            try show(page, options, call)
        }
        return .done
    }

    /// Columns named in the note about those that did not fit.
    private static let namesOfLeftOut = 4

    private static func show(_ page: RunPage, _ options: ListRunsOptions, _ call: Invocation) throws {
        let now = call.clock.now()
        let runs =
            try call.arguments.value(of: columns).map { try RunsTable(page.records, columns: $0, now: now) }
            ?? RunsTable(page.records, fitting: call.output.width, now: now)
        if page.records.isEmpty {
            let isNarrowed = options.filter != nil || options.experiment != nil
            call.note(isNarrowed ? "no run fits" : "no runs yet; `repro run` makes one")
            return
        }
        call.output.table(runs.table())
        if !runs.leftOut.isEmpty {
            let names = runs.leftOut.suffix(namesOfLeftOut).reversed().joined(separator: ", ")
            let rest = runs.leftOut.count - namesOfLeftOut
            call.note("not shown: \(names)\(rest > 0 ? " and \(rest) more" : ""); choose with --columns")
        }
        if page.hasMore { call.note("there are more; see them with --limit \(options.limit * 10)") }
    }
}
