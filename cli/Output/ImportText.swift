import Diagnostics
import Files
import JSON
import Objects
import Operations
import Workspaces

/// Imports, for the commands that make them and bring them up to date.
enum ImportText {
    static func show(_ imports: [ImportedData], isDryRun: Bool = false, of call: Invocation) {
        var table = Table([.init(""), .init("", shrinksTo: 20), .init("", .right), .init(""), .init("", shrinksTo: 20)])
        for item in imports {
            let (word, style): (String, Style) =
                switch item.before {
                case nil: ("imported", .good)
                case item.after: ("same", .faint)
                default: isDryRun ? ("would change", .notice) : ("changed", .good)
                }
            table.add([
                .init(word, style), .init(item.path.description), .init(Formats.bytes(item.after.contentBytes)),
                .init(DataText.kind(of: item.after), .faint), .init(origin(of: item.source), .faint),
            ])
        }
        call.output.table(table)
        let changed = imports.filter { $0.before != $0.after }
        let files = changed.map(\.pointer.description) + changed.flatMap { $0.gitIgnores.map(\.description) }
        if isDryRun || files.isEmpty || files.count > 8 { return }
        call.note("for Git: git add " + files.map(shellQuoted).joined(separator: " "))
    }

    private static func origin(of source: DataSource) -> String {
        switch source {
        case .address(let text, _, _): return "from \(text)"
        case .repository(let source):
            let at = [source.revision, source.commit.map { String($0.prefix(12)) }].compactMap { $0 }
            return "from \(source.repository)" + (at.isEmpty ? "" : " at " + at.joined(separator: ", "))
        }
    }

    static func json(_ item: ImportedData) -> JSONValue {
        var source: JSONObject = [:]
        switch item.source {
        case .address(let text, let etag, let modified):
            source["url"] = .string(text)
            source["etag"] = JSONValue(etag)
            source["modified"] = JSONValue(modified)
        case .repository(let from):
            source["repository"] = .string(from.repository)
            source["path"] = .string(from.path.description)
            source["revision"] = JSONValue(from.revision)
            source["commit"] = JSONValue(from.commit)
        }
        return .object([
            "path": .string(item.path.description), "pointer": .string(item.pointer.description),
            "before": JSONValue(item.before), "after": JSONValue(item.after), "source": .object(source),
        ])
    }
}
