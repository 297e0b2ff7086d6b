import Diagnostics
import JSON
import Operations
import Remotes

/// `repro remote gc`
enum RemoteGCCommand: Command {
    private static let grace = OptionSpec.value(
        "grace", .text("TIME"), help: "Keep what was pushed since then: `14d` (the default), `12h`, `0`")
    private static let workspaceOnly = OptionSpec.flag(
        "workspace-only", help: "Keep of Git only what is checked out, and not what branches and tags say")
    private static let forgetRuns = OptionSpec.flag(
        "forget-runs", help: "Forget the remote's runs that this project has not, or has in the bin; fetch first")
    private static let breakLeases = OptionSpec.flag(
        "break-leases", help: "Take pushes and collections of other machines that seem to go on for dead")
    private static let dryRun = OptionSpec.flag("dry-run", short: "n", help: "Only say what would be removed, and why")

    static let spec = CommandSpec(
        "remote gc", "Remove from a remote what nothing refers to", in: .remotes,
        arguments: [RemoteArguments.optionalName],
        options: [dryRun, grace, workspaceOnly, forgetRuns, breakLeases, RemoteArguments.jobs],
        discussion: [
            "Kept is what pointer files and repro.lock say in the workspace and where branches (those of Git's remotes, "
                + "too: `git fetch` first) and tags end, what any run of this project or of the remote read, made or "
                + "logged, and all that was pushed within the grace period.",
            "Packs with nothing else in them are condemned, those that are mostly dead are written anew with the rest. "
                + "Condemned packs are removed by a collection after the grace period, when no push is left that may "
                + "rely on them. Safe while others push and fetch; only one collection works at a time.",
        ],
        examples: [
            CommandExample("repro remote gc --dry-run", "what is kept, and why, and what would go"),
            CommandExample("repro remote gc origin --grace 30d", ""),
        ],
        exits: [
            CommandExit(.conflict, "Another collection is at work there"),
            CommandExit(.corrupt, "Something that says what is alive is damaged; nothing was removed"),
            CommandExit(.unavailable, "The remote cannot be reached"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = CollectRemoteGarbageOptions()
        options.remote = call.arguments.value(of: RemoteArguments.optionalName)
        options.keepsWorkspaceOnly = call.arguments.has(workspaceOnly)
        options.forgetsRuns = call.arguments.has(forgetRuns)
        options.collection.breaksLeases = call.arguments.has(breakLeases)
        options.collection.isDryRun = call.arguments.has(dryRun)
        if let time = call.arguments.value(of: grace) { options.collection.grace = try duration(time) }
        if let jobs = call.arguments.value(of: RemoteArguments.jobs).flatMap({ Int($0) }) {
            options.collection.transfer.jobs = max(1, jobs)
        }
        let report = try withTransfer(call) { cancellation, monitor in
            try collectRemoteGarbage(options, in: call.surroundings, cancellation: cancellation, monitor: monitor)
        }
        if call.printsJSON {
            call.output.json(json(report, options))
        } else if !call.isQuiet {
            describe(report, options, call)
        }
        return .done
    }

    private static func duration(_ text: String) throws -> Duration {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        let unit = text.last.flatMap { units[$0] }
        guard let count = Int64(unit == nil ? text : String(text.dropLast())), (0...100_000).contains(count),
            unit != nil || count == 0
        else { throw UsageError.unusable("`\(text)` is no time", hint: "`--grace 14d` is two weeks; also h, m, s, w") }
        return .seconds(count * (unit ?? 1))
    }

    /// Reasons shown; --verbose shows all, and each pack.
    private static let reasonLimit = 15

    private static func describe(
        _ report: CollectRemoteGarbageReport, _ options: CollectRemoteGarbageOptions, _ call: Invocation
    ) {
        let (plan, output) = (report.collection.plan, call.output)
        if call.isVerbose { packs(plan, output) }
        reasons(plan, call)
        let would = options.collection.isDryRun ? "would condemn" : "condemned"
        let gone = plan.count(.condemned) + plan.count(.rewritten)
        var line = "\(would) \(Formats.count(gone, "pack")), \(Formats.bytes(plan.freedBytes))"
        if plan.count(.rewritten) > 0 {
            line += ", \(plan.count(.rewritten)) of them after what is alive in them was copied"
        }
        output.line(line)
        if plan.droppedObjectCount > 0 { output.line("  \(Formats.count(plan.droppedObjectCount, "object")) dropped") }
        if plan.droppedRecordCount > 0 { output.line("  \(Formats.count(plan.droppedRecordCount, "record")) dropped") }
        if plan.incompleteObjectCount > 0 {
            output.line(
                "  \(Formats.count(plan.incompleteObjectCount, "object")) not whole: `repro push` where they are")
        }
        if options.collection.isDryRun { return }
        let removed = Formats.count(report.collection.removedPackCount, "condemned pack")
        output.line("removed \(removed), \(Formats.bytes(report.collection.removedBytes))")
        for waiting in report.collection.waiting { output.line("  waiting: \(waiting)") }
    }

    private static func packs(_ plan: RemoteGarbagePlan, _ output: TextStream) {
        var table = Table([
            .init("pack", shrinksTo: 20), .init("bytes", .right), .init("alive", .right), .init("fate"),
            .init("reason", shrinksTo: 20),
        ])
        for pack in plan.packs {
            table.add([
                .init(pack.name), .init(Formats.bytes(pack.sizeBytes)), .init(Formats.bytes(pack.liveBytes)),
                .init(pack.fate.rawValue), .init(pack.reason),
            ])
        }
        if plan.packs.isEmpty { return }
        output.table(table)
        output.line()
    }

    private static func reasons(_ plan: RemoteGarbagePlan, _ call: Invocation) {
        var kept: [String: (packs: Int, bytes: UInt64)] = [:]
        for pack in plan.packs where pack.fate == .kept || pack.fate == .rewritten {
            kept[pack.reason, default: (0, 0)].packs += 1
            kept[pack.reason]?.bytes += pack.liveBytes
        }
        if kept.isEmpty { return }
        let sorted = kept.sorted { ($1.value.bytes, $0.key) < ($0.value.bytes, $1.key) }
        var table = Table([.init("kept for", shrinksTo: 20), .init("packs", .right), .init("alive", .right)])
        for (reason, content) in call.isVerbose ? sorted[...] : sorted.prefix(reasonLimit) {
            table.add([.init(reason), .init("\(content.packs)"), .init(Formats.bytes(content.bytes))])
        }
        call.output.table(table)
        let hidden = sorted.count - table.rows.count
        if hidden > 0 { call.output.line("and \(Formats.count(hidden, "reason")) more; --verbose shows all") }
        call.output.line()
    }

    private static func json(
        _ report: CollectRemoteGarbageReport, _ options: CollectRemoteGarbageOptions
    ) -> JSONValue {
        let plan = report.collection.plan
        return .object([
            "remote": .string(report.remote), "isDryRun": .bool(options.collection.isDryRun),
            "packs": .array(
                plan.packs.map { pack in
                    .object([
                        "name": .string(pack.name), "bytes": .integer(Int64(clamping: pack.sizeBytes)),
                        "liveBytes": .integer(Int64(clamping: pack.liveBytes)), "fate": .string(pack.fate.rawValue),
                        "reason": .string(pack.reason),
                    ])
                }),
            "droppedObjects": JSONValue(plan.droppedObjectCount), "droppedRecords": JSONValue(plan.droppedRecordCount),
            "incompleteObjects": JSONValue(plan.incompleteObjectCount),
            "replacedSegments": JSONValue(plan.replacedSegmentCount),
            "freedBytes": .integer(Int64(clamping: plan.freedBytes)),
            "removedPacks": JSONValue(report.collection.removedPackCount),
            "removedBytes": .integer(Int64(clamping: report.collection.removedBytes)),
            "waiting": JSONValue(report.collection.waiting),
        ])
    }
}
