import JSON
import Operations

/// `repro du`
enum DuCommand: Command {
    private static let runs = OptionSpec.flag("runs", help: "By run")
    private static let stages = OptionSpec.flag("stages", help: "By stage: outs as they are recorded now, and logs")

    static let spec = CommandSpec(
        "du", "Show what takes the space of the store", in: .store, options: [runs, stages],
        discussion: [
            "By path, if nothing else is asked for: tracked data and outs as they are recorded now. `alone` is what no other "
                + "line has a part in, and what its end would free; `shared` other lines have, too. Bytes are those on the disk. "
                + "What is in no line, `repro gc` may remove or explain."
        ],
        examples: [CommandExample("repro du", ""), CommandExample("repro du --runs", "")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let (byRun, byStage) = (call.arguments.has(runs), call.arguments.has(stages))
        if byRun, byStage { throw UsageError.contradiction("--runs", "--stages") }
        let report = try measureStore(byRun ? .runs : byStage ? .stages : .paths, in: call.surroundings)
        if call.printsJSON {
            call.output.json(json(report))
            return .done
        }
        var table = Table([
            .init(byRun ? "run" : byStage ? "stage" : "path", shrinksTo: 20), .init("objects", .right),
            .init("on disk", .right), .init("shared", .right), .init("alone", .right),
        ])
        for row in report.rows {
            table.add([
                .init(row.name), .init("\(row.objectCount)"), .init(Formats.bytes(row.storedBytes)),
                .init(Formats.bytes(row.sharedBytes)), .init(Formats.bytes(row.uniqueBytes)),
            ])
        }
        if !report.rows.isEmpty {
            call.output.table(table)
            call.output.line()
        }
        let count = Formats.count(report.objectCount, "object")
        let other = report.otherBytes == 0 ? "" : ", \(Formats.bytes(report.otherBytes)) of it in no line"
        if !call.isQuiet { call.output.line("the store: \(count), \(Formats.bytes(report.storedBytes))\(other)") }
        return .done
    }

    private static func json(_ report: MeasureStoreReport) -> JSONValue {
        .object([
            "objects": JSONValue(report.objectCount), "storedBytes": .integer(Int64(clamping: report.storedBytes)),
            "otherBytes": .integer(Int64(clamping: report.otherBytes)),
            "rows": .array(
                report.rows.map { row in
                    .object([
                        "name": .string(row.name), "objects": JSONValue(row.objectCount),
                        "storedBytes": .integer(Int64(clamping: row.storedBytes)),
                        "uniqueBytes": .integer(Int64(clamping: row.uniqueBytes)),
                        "sharedBytes": .integer(Int64(clamping: row.sharedBytes)),
                    ])
                }),
        ])
    }
}
