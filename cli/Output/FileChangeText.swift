import Files
import JSON
import Objects
import Workspaces

/// Files that differ, for the commands that list them.
enum FileChangeText {
    static func show(_ changes: [FileChange], of call: Invocation) {
        var table = Table([.init(""), .init("", shrinksTo: 20), .init("", .right), .init("", .right)])
        for change in changes {
            let (word, style) = change.kind.words
            table.add([
                .init(word, style), .init(name(of: change)), .init(size(change.before), .faint),
                .init(change.before == change.after ? "" : size(change.after)),
            ])
        }
        call.output.table(table)
    }

    /// `2 added, 1 changed`.
    static func counts(of changes: [FileChange]) -> String {
        var counts: [String: Int] = [:]
        for change in changes { counts[change.kind.words.word, default: 0] += 1 }
        return ["added", "removed", "changed", "renamed"].compactMap { word in counts[word].map { "\($0) \(word)" } }
            .joined(separator: ", ")
    }

    private static func name(of change: FileChange) -> String {
        if case .renamed(let source) = change.kind { return "\(source) → \(change.path)" }
        return change.path.description
    }

    private static func size(_ digest: Digest?) -> String { digest.map { Formats.bytes($0.sizeBytes) } ?? "" }

    static func json(_ changes: [FileChange]) -> JSONValue {
        .array(
            changes.map { change in
                var source: String?
                if case .renamed(let path) = change.kind { source = path.description }
                return .object([
                    "path": .string(change.path.description), "change": .string(change.kind.words.word),
                    "renamedFrom": JSONValue(source), "before": JSONValue(change.before),
                    "after": JSONValue(change.after),
                ])
            })
    }
}

extension FileChange.Kind {
    fileprivate var words: (word: String, style: Style) {
        switch self {
        case .added: ("added", .good)
        case .removed: ("removed", .bad)
        case .modified: ("changed", .warning)
        case .renamed: ("renamed", .notice)
        }
    }
}
