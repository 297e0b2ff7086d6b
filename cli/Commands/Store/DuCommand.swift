import JSON
import Operations

/// `repro du`
enum DuCommand: Command {
    private static let runs = OptionSpec.flag("runs", help: "By run instead of by path")

    static let spec = CommandSpec(
        "du", "Show what takes the space of the store", in: .store, options: [runs],
        discussion: [
            "By path: tracked data and outs as they are recorded now. `alone` is what no other line has a part in. Bytes "
                + "are those on the disk. What is in no line, `repro gc` may remove or explain."
        ],
        examples: [CommandExample("repro du", ""), CommandExample("repro du --runs", "")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let byRun = call.arguments.has(runs)
        let report = try measureStore(byRun ? .runs : .paths, in: call.surroundings)
        if call.printsJSON {
            call.output.json(json(report))
            return .done
        }
        var table = Table([
            .init(byRun ? "run" : "path", shrinksTo: 20), .init("objects", .right), .init("on disk", .right),
            .init("alone", .right),
        ])
        for row in report.rows {
            table.add([
                .init(row.name), .init("\(row.objectCount)"), .init(Formats.bytes(row.storedBytes)),
                .init(Formats.bytes(row.uniqueBytes)),
            ])
        }
        if !report.rows.isEmpty {
            call.output.table(table)
            call.output.line()
        }
        let count = Formats.count(report.objectCount, "object")
        if !call.isQuiet { call.output.line("the store: \(count), \(Formats.bytes(report.storedBytes))") }
        return .done
    }

    private static func json(_ report: MeasureStoreReport) -> JSONValue {
        .object([
            "objects": JSONValue(report.objectCount), "storedBytes": .integer(Int64(clamping: report.storedBytes)),
            "rows": .array(
                report.rows.map { row in
                    .object([
                        "name": .string(row.name), "objects": JSONValue(row.objectCount),
                        "storedBytes": .integer(Int64(clamping: row.storedBytes)),
                        "uniqueBytes": .integer(Int64(clamping: row.uniqueBytes)),
                    ])
                }),
        ])
    }
}
