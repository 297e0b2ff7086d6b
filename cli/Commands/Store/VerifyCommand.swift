import Diagnostics
import Files
import Hashing
import JSON
import Objects
import Operations

/// `repro verify`
enum VerifyCommand: Command {
    private static let store = OptionSpec.flag("store", help: "Read every object and check it against its digests")

    static let spec = CommandSpec(
        "verify", "Check that what is stored is what was stored", in: .store, options: [store],
        discussion: [
            "Each damaged object is named, with what needs it. Running the stage that made it, or adding the file again, "
                + "heals it."
        ],
        examples: [CommandExample("repro verify --store", "")],
        exits: [CommandExit(.corrupt, "An object is damaged")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        if !call.arguments.has(store) {
            throw UsageError.unusable("verify needs to know what to check", hint: "`repro verify --store`")
        }
        let monitor = ProgressMonitor(call)
        let report: VerifyStoreReport
        do {
            defer { monitor.finish() }
            report = try verifyStore(in: call.surroundings, monitor: monitor)
        }
        if call.printsJSON {
            call.output.json(json(report))
        } else {
            describe(report, call)
        }
        return report.summary.isWhole ? .done : .found(.corrupt)
    }

    /// Names shown for one damaged object.
    private static let referrerLimit = 5

    private static func describe(_ report: VerifyStoreReport, _ call: Invocation) {
        let output = call.output
        for damaged in report.damaged {
            output.line(
                output.paint("damaged", .bad) + "  object \(damaged.object.id): \(damaged.object.damage)")
            let shown = call.isVerbose ? damaged.referrers[...] : damaged.referrers.prefix(referrerLimit)
            for referrer in shown { output.line("         needed by \(printable(referrer))") }
            let hidden = damaged.referrers.count - shown.count
            if hidden > 0 { output.line("         and by \(hidden) more; --verbose names all") }
        }
        for path in report.summary.damagedIndexes {
            let end = report.summary.mendedIndexes.contains(path) ? "made again from its pack" : "so is its pack"
            output.line(output.paint("damaged", .bad) + "  index \(path): \(end)")
        }
        for path in report.summary.strangers {
            output.line(output.paint("strange", .warning) + "  \(path) is no object")
        }
        let summary = report.summary
        let count = Formats.count(summary.objectCount, "object")
        let size = Formats.bytes(summary.contentBytes)
        if summary.isWhole {
            if !call.isQuiet { output.line("\(count), \(size): all are whole") }
        } else {
            output.line()
            output.line("\(count): \(summary.damaged.count) damaged")
            if summary.damaged.isEmpty { return }
            output.line(
                output.paint("hint:", .notice)
                    + " `repro run --force STAGE` makes the outs of a stage again, which heals their objects")
        }
    }

    private static func json(_ report: VerifyStoreReport) -> JSONValue {
        .object([
            "objects": .integer(Int64(report.summary.objectCount)),
            "contentBytes": .integer(Int64(clamping: report.summary.contentBytes)),
            "storedBytes": .integer(Int64(clamping: report.summary.storedBytes)),
            "damaged": .array(
                report.damaged.map { damaged in
                    .object([
                        "id": .string(damaged.object.id.description),
                        "damage": .string(damaged.object.damage.description),
                        "neededBy": JSONValue(damaged.referrers),
                    ])
                }),
            "damagedIndexes": JSONValue(report.summary.damagedIndexes.map(\.description)),
            "mendedIndexes": JSONValue(report.summary.mendedIndexes.map(\.description)),
            "strangers": JSONValue(report.summary.strangers.map(\.description)),
        ])
    }
}
