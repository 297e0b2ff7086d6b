import Diagnostics
import Files
import Glibc
import JSON
import Objects
import Operations

/// `repro add`
enum AddCommand: Command {
    private static let paths = ArgumentSpec(
        "PATH", .atLeast(1), completes: .files,
        help: "A file, a folder, or a pattern; `-` reads paths from standard input")
    private static let noStore = OptionSpec.flag(
        "no-store", help: "Only record what the data is; keep no copy in the store")

    static let spec = CommandSpec(
        "add", "Track files and folders as data: content in the store, a pointer in Git", in: .data,
        arguments: [paths], options: [noStore],
        discussion: [
            "Writes `PATH.repro` beside each PATH: a small file that belongs in Git and says what PATH holds. In a Git "
                + "repository PATH is added to `.gitignore`. Adding again records what has changed; a path inside a tracked "
                + "folder stands for that folder. A stage may depend on PATH as on any file.",
            "Patterns are expanded here, too, so that they work in quotes: `*` and `?` within a name, `**/` through folders. "
                + "What `.reproignore` and `.dvcignore` exclude is no part of a folder; their rules are those of .gitignore.",
            "On standard input there is one path a line, or each ends with a NUL byte, as `find -print0` writes them.",
        ],
        examples: [
            CommandExample("repro add data/raw", "A folder"),
            CommandExample("repro add data/*.csv", "Each file by itself"),
            CommandExample("repro add 'data/**/*.parquet'", "At any depth"),
            CommandExample("find data -name '*.npy' -print0 | repro add -", ""),
        ],
        exits: [
            CommandExit(.notFound, "A path does not exist; nothing was added"),
            CommandExit(.conflict, "A path is an out of a stage, or is in Git; nothing was added"),
        ])

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = AddDataOptions(
            paths: try call.arguments.values(of: paths).flatMap { word in
                word == "-" ? try pathsFromStandardInput() : [ArgumentWord.bytes(of: word)]
            })
        options.stores = !call.arguments.has(noStore)
        let monitor = ProgressMonitor(call)
        let report: AddDataReport
        do {
            defer { monitor.finish() }
            report = try addData(options, in: call.surroundings, monitor: monitor)
        }
        if call.printsJSON {
            call.output.json(json(report))
        } else if !call.isQuiet {
            describe(report, call)
        }
        return .done
    }

    private static func describe(_ report: AddDataReport, _ call: Invocation) {
        var table = Table([.init(""), .init("", shrinksTo: 20), .init("", .right), .init("")])
        for item in report.added {
            let (word, style): (String, Style) =
                item.before == nil
                ? ("added", .good) : item.before == item.after ? ("same", .faint) : ("changed", .good)
            table.add([
                .init(word, style), .init(item.path.description), .init(Formats.bytes(item.after.contentBytes)),
                .init(DataText.kind(of: item.after), .faint),
            ])
        }
        call.output.table(table)
        let pointers = report.added.filter { $0.before != $0.after }.map(\.pointer.description)
        let files = pointers + report.gitIgnores.map(\.description)
        if files.isEmpty || files.count > 8 { return }
        call.note("for Git: git add " + files.map(shellQuoted).joined(separator: " "))
    }

    private static func json(_ report: AddDataReport) -> JSONValue {
        .object([
            "added": .array(
                report.added.map { item in
                    .object([
                        "path": .string(item.path.description), "pointer": .string(item.pointer.description),
                        "before": JSONValue(item.before), "after": JSONValue(item.after),
                    ])
                }),
            "gitIgnores": JSONValue(report.gitIgnores.map(\.description)),
        ])
    }

    /// Ending with NUL bytes if there is one, else one a line.
    private static func pathsFromStandardInput() throws -> [[UInt8]] {
        var input: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count == 0 { break }
            if count > 0 {
                input += buffer[..<count]
            } else if errno != EINTR {
                throw UsageError.unusable("standard input cannot be read", hint: nil)
            }
        }
        let separator = input.contains(0) ? 0 : UInt8(ascii: "\n")
        return input.split(separator: separator).map { Array($0) }
    }
}
