import Diagnostics
import JSON
import Operations
import Remotes

/// `repro remote test`
enum RemoteTestCommand: Command {
    static let spec = CommandSpec(
        "remote test", "Try a remote: list, write, read and delete a small file, and say what is wrong", in: .remotes,
        arguments: [RemoteArguments.optionalName],
        exits: [
            CommandExit(.unavailable, "It cannot be reached"),
            CommandExit(.denied, "The credentials or the permissions do not suffice"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let report = try testRemote(
            call.arguments.value(of: RemoteArguments.optionalName), in: call.surroundings)
        if call.printsJSON {
            call.output.json(json(report))
        } else {
            call.output.line("\(printable(report.name)): \(printable(report.label))")
            for check in report.checks {
                let word = check.isPassed ? call.output.paint("ok", .good) : call.output.paint("failed", .bad)
                call.output.line("  \(check.name): \(word)\(check.note.map { ", \($0)" } ?? "")")
            }
        }
        // The error says what is wrong, and its kind gives the exit code.
        for case let failure? in report.checks.map(\.failure) {
            if call.printsJSON { return .found(failure.kind) }
            throw failure
        }
        return .done
    }

    private static func json(_ report: TestRemoteReport) -> JSONValue {
        .object([
            "name": .string(report.name), "label": .string(report.label),
            "checks": .array(
                report.checks.map { check in
                    .object([
                        "name": .string(check.name), "passed": .bool(check.isPassed),
                        "note": check.note.map { .string($0) } ?? .null,
                        "error": check.failure.map { .string($0.message) } ?? .null,
                        "hint": check.failure?.hint.map { .string($0) } ?? .null,
                    ])
                }),
        ])
    }
}
