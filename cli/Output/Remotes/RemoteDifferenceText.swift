import JSON
import Operations
import Remotes

/// What `repro status --remote` shows: what a push would send and a fetch would bring.
enum RemoteDifferenceText {
    static func show(_ difference: RemoteDifference, of call: Invocation) {
        if call.printsJSON {
            call.output.json(json(difference))
            return
        }
        let output = call.output
        let (push, fetch) = (difference.push, difference.fetch)
        if push.isEmpty && difference.unpushedRuns == 0 && fetch.objects.isEmpty && fetch.unavailable.isEmpty {
            if !call.isQuiet { output.line("\(printable(difference.remote)): nothing to push or fetch") }
            return
        }
        output.line("\(printable(difference.remote)):")
        if !push.missing.isEmpty {
            let count = Formats.count(push.missing.count, "object")
            output.line("  to push: \(count), \(Formats.bytes(push.missingBytes))")
        }
        if difference.unpushedRuns > 0 { output.line("  to push: \(Formats.count(difference.unpushedRuns, "run"))") }
        if !fetch.objects.isEmpty {
            let count = Formats.count(fetch.objects.count, "object")
            output.line("  to fetch: \(count), \(Formats.bytes(fetch.objectBytes))")
        }
        if !fetch.unavailable.isEmpty {
            output.line("  neither here nor there: \(Formats.count(fetch.unavailable.count, "object"))")
        }
    }

    private static func json(_ difference: RemoteDifference) -> JSONValue {
        .object([
            "remote": .string(difference.remote),
            "unpushedObjects": .integer(Int64(difference.push.missing.count)),
            "unpushedBytes": .integer(Int64(clamping: difference.push.missingBytes)),
            "unpushedRuns": .integer(Int64(difference.unpushedRuns)),
            "unfetchedObjects": .integer(Int64(difference.fetch.objects.count)),
            "unfetchedBytes": .integer(Int64(clamping: difference.fetch.objectBytes)),
            "lostObjects": .integer(Int64(difference.fetch.unavailable.count)),
        ])
    }
}
