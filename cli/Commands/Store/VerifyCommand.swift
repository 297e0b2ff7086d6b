import Diagnostics
import Files
import Hashing
import JSON
import Objects
import Operations

/// `repro verify`
enum VerifyCommand: Command {
    private static let store = OptionSpec.flag("store", help: "Read every object and check it against its digests")
    private static let path = OptionSpec.values(
        "path", .text("PATH", completes: .files), help: "Only what is recorded of PATH")
    private static let ofRun = OptionSpec.value(
        "run", .text("RUN", completes: .runs), help: "Only what the run made and logged")
    private static let repair = OptionSpec.flag(
        "repair", help: "Heal what is damaged or missing, from the workspace and a remote")
    private static let remote = OptionSpec.value(
        "remote", short: "r", .text("NAME"), help: "With --repair: this remote instead of the default one")

    static let spec = CommandSpec(
        "verify", "Check that what is stored is what was stored", in: .store,
        options: [store, path, ofRun, repair, remote],
        discussion: [
            "Each damaged object is named, with what needs it. With --path or --run, objects that should be there and are "
                + "not are named, too.",
            "--repair takes whole content from recorded paths of the workspace that still have it, then from the remote, and "
                + "says for each object where it came from. What it cannot heal, running the stage that made it does "
                + "(`repro run --force STAGE`), or adding the file again.",
        ],
        examples: [
            CommandExample("repro verify --store", "Everything"),
            CommandExample("repro verify --path data/raw --repair", ""),
            CommandExample("repro verify --run run6", ""),
        ],
        exits: [
            CommandExit(.corrupt, "An object is damaged, and was not healed"),
            CommandExit(.notFound, "An object is missing, or there is no such path or run"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = VerifyStoreOptions()
        let paths = call.arguments.paths(of: path)
        let scopes = [
            call.arguments.has(store) ? "--store" : nil, paths.isEmpty ? nil : "--path",
            call.arguments.has(ofRun) ? "--run" : nil,
        ].compactMap { $0 }
        if scopes.count > 1 { throw UsageError.contradiction(scopes[0], scopes[1]) }
        if scopes.isEmpty {
            throw UsageError.unusable(
                "verify needs to know what to check", hint: "`repro verify --store`, or --path PATH, or --run RUN")
        }
        if !paths.isEmpty { options.scope = .paths(paths) }
        if let name = call.arguments.value(of: ofRun) { options.scope = .run(name) }
        options.repairs = call.arguments.has(repair)
        options.remote = call.arguments.value(of: remote)
        let report = try watched(call) { monitor in
            try verifyStore(options, in: call.surroundings, monitor: monitor)
        }
        if call.printsJSON {
            call.output.json(json(report))
        } else {
            describe(report, options, call)
        }
        if report.isWhole { return .done }
        let isDamaged = report.damaged.contains { $0.healedFrom == nil } || report.missing.isEmpty
        return .found(isDamaged ? .corrupt : .notFound)
    }

    /// Names shown for one damaged object.
    private static let referrerLimit = 5

    private static func describe(_ report: VerifyStoreReport, _ options: VerifyStoreOptions, _ call: Invocation) {
        let output = call.output
        for damaged in report.damaged {
            let word = damaged.healedFrom == nil ? output.paint("damaged", .bad) : output.paint("healed", .good) + " "
            output.line("\(word)  object \(damaged.object.id): \(damaged.object.damage)")
            show(damaged.referrers, damaged.healedFrom, call)
        }
        for missing in report.missing {
            let word = missing.healedFrom == nil ? output.paint("missing", .bad) : output.paint("healed", .good) + " "
            output.line("\(word)  object \(missing.id) was not in the store")
            show(missing.referrers, missing.healedFrom, call)
        }
        for record in report.records {
            let word = record.mending == nil ? output.paint("damaged", .bad) : output.paint("mended", .good) + " "
            let end = record.mending.map { "; \($0)" } ?? ""
            output.line("\(word)  \(printable(record.file)): \(record.problem)\(end)")
        }
        for path in report.summary.damagedIndexes {
            let end = report.summary.mendedIndexes.contains(path) ? "made again from its pack" : "so is its pack"
            output.line(output.paint("damaged", .bad) + "  index \(path): \(end)")
        }
        for path in report.summary.strangers {
            output.line(output.paint("strange", .warning) + "  \(path) is no object")
        }
        if let failure = report.remoteFailure { call.warn(failure) }
        let summary = report.summary
        let count = Formats.count(summary.objectCount, "object")
        let size = Formats.bytes(summary.contentBytes)
        let healed = report.damaged.count { $0.healedFrom != nil } + report.missing.count { $0.healedFrom != nil }
        if report.isWhole {
            let mended = healed == 0 ? "all are whole" : "\(healed) healed, and all are whole now"
            if !call.isQuiet { output.line("\(count), \(size): \(mended)") }
            return
        }
        var facts: [String] = []
        let records = report.records.count { $0.mending == nil }
        if records > 0 { facts.append("\(Formats.count(records, "record")) damaged") }
        if summary.damaged.count > 0 { facts.append("\(summary.damaged.count) damaged") }
        if report.missing.count > 0 { facts.append("\(report.missing.count) missing") }
        if healed > 0 { facts.append("\(healed) of them healed") }
        if facts.isEmpty { facts.append("0 damaged") }
        output.line()
        output.line("\(count): " + facts.joined(separator: ", "))
        if report.damaged.isEmpty, report.missing.isEmpty { return }
        let hint =
            options.repairs
            ? "`repro run --force STAGE` makes the outs of a stage again, which heals their objects"
            : "--repair heals them from the workspace or a remote; so does running the stage that made them with --force"
        output.line(output.paint("hint:", .notice) + " " + hint)
    }

    private static func show(_ referrers: [String], _ healedFrom: String?, _ call: Invocation) {
        if let healedFrom { call.output.line("         from \(printable(healedFrom))") }
        let shown = call.isVerbose ? referrers[...] : referrers.prefix(referrerLimit)
        for referrer in shown { call.output.line("         needed by \(printable(referrer))") }
        if referrers.isEmpty { call.output.line("         nothing known needs it: `repro gc` removes it") }
        let hidden = referrers.count - shown.count
        if hidden > 0 { call.output.line("         and by \(hidden) more; --verbose names all") }
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
                        "neededBy": JSONValue(damaged.referrers), "healedFrom": JSONValue(damaged.healedFrom),
                    ])
                }),
            "damagedIndexes": JSONValue(report.summary.damagedIndexes.map(\.description)),
            "mendedIndexes": JSONValue(report.summary.mendedIndexes.map(\.description)),
            "missing": .array(
                report.missing.map { missing in
                    .object([
                        "id": .string(missing.id.description), "neededBy": JSONValue(missing.referrers),
                        "healedFrom": JSONValue(missing.healedFrom),
                    ])
                }),
            "records": .array(
                report.records.map { record in
                    .object([
                        "file": .string(record.file), "problem": .string(record.problem),
                        "mending": JSONValue(record.mending),
                    ])
                }),
            "isWhole": .bool(report.isWhole),
            "strangers": JSONValue(report.summary.strangers.map(\.description)),
        ])
    }
}
