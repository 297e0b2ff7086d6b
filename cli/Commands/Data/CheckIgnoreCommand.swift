import Diagnostics
import Files
import JSON
import Operations
import Workspaces

/// `repro check-ignore`
enum CheckIgnoreCommand: Command {
    private static let paths = ArgumentSpec("PATH", .atLeast(1), completes: .files, help: "A path; it need not exist")

    static let spec = CommandSpec(
        "check-ignore", "Say which paths are kept out of data by ignore files", in: .data, arguments: [paths],
        discussion: [
            "Ignore files are `.reproignore` and `.dvcignore`, in any folder of the project; their rules are those of "
                + ".gitignore. Prints the paths that are ignored, with --verbose the file, the line and the pattern, too.",
            "A path that somebody named counts nevertheless: a tracked path, a dep or an out. Only what is in it can be "
                + "ignored.",
        ],
        examples: [CommandExample("repro check-ignore -v data/raw/*", "")],
        exits: [CommandExit(.failed, "None of the paths is ignored")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let answers = try explainIgnored(call.arguments.paths(of: paths), in: call.surroundings)
        let ignored = answers.filter { $0.rule != nil }
        if call.printsJSON {
            call.output.json(.object(["paths": .array(answers.map(json))]))
        } else if !call.isQuiet {
            for answer in ignored {
                let rule = answer.rule.map { "\($0.location.file):\($0.location.line):" } ?? ""
                let pattern = answer.rule.map { printable(String(decoding: $0.text, as: UTF8.self)) } ?? ""
                if call.isVerbose { call.output.write("\(rule)\(pattern)\t") }
                call.output.write(bytes: answer.text)
                call.output.line()
            }
        }
        return ignored.isEmpty ? .found(.failed) : .done
    }

    private static func json(_ answer: IgnoredPath) -> JSONValue {
        .object([
            "path": .string(answer.path.description), "isIgnored": .bool(answer.rule != nil),
            "file": JSONValue(answer.rule?.location.file), "line": JSONValue(answer.rule?.location.line),
            "pattern": JSONValue(answer.rule.map { String(decoding: $0.text, as: UTF8.self) }),
        ])
    }
}
