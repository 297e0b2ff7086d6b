import Files
import JSON

/// How a mapping becomes options of a command; `parsing.bool` and `parsing.list` of DVC's config.
struct CommandOptionStyle: Sendable, Equatable {
    /// `false` becomes `--no-name` and not nothing.
    var writesNegations = false
    /// A list becomes `--name a --name b` and not `--name a b`.
    var repeatsLists = false

    init() {}

    /// As `.dvc/config` and `.dvc/config.local` of the project say, the latter first.
    init(ofProject files: ProjectFiles) throws {
        for name in [".dvc/config", ".dvc/config.local"] {
            guard let content = try files.read(RelativePath(unchecked: Array(name.utf8))) else { continue }
            var section = ""
            for line in String(decoding: content, as: UTF8.self).split(whereSeparator: \.isNewline) {
                let line = line.filter { !$0.isWhitespace }
                if line.hasPrefix("[") { section = line }
                guard section == "[parsing]" else { continue }
                switch line {
                case "bool=store_true": writesNegations = false
                case "bool=boolean_optional": writesNegations = true
                case "list=nargs": repeatsLists = false
                case "list=append": repeatsLists = true
                default: break
                }
            }
        }
    }

    /// `--lr 0.1 --verbose --layers 1 2`; nil if a list holds a list or a mapping.
    func text(for object: JSONObject) -> String? {
        var words: [String] = []
        for (name, value) in flattened(object) {
            switch value {
            case .bool(true): words.append("--\(name)")
            case .bool(false): if writesNegations { words.append("--no-\(name)") }
            case .string(let text): words += ["--\(name)", shellQuoted(text)]
            case .array(let items):
                for (number, item) in items.enumerated() {
                    guard let text = templateText(item) else { return nil }
                    if number == 0 || repeatsLists { words.append("--\(name)") }
                    if case .string = item {
                        words.append(shellQuoted(text))
                    } else {
                        words.append(pythonText(item) ?? text)
                    }
                }
            default: words += ["--\(name)", templateText(value) ?? ""]
            }
        }
        return words.joined(separator: " ")
    }

    /// Inside a list a boolean is spelled `True`, because DVC formats it without its own rule.
    private func pythonText(_ value: JSONValue) -> String? {
        if case .bool(let value) = value { value ? "True" : "False" } else { nil }
    }
}

/// As Python's `shlex.quote`.
private func shellQuoted(_ text: String) -> String {
    let safe = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-".utf8)
    if !text.isEmpty, text.utf8.allSatisfy(safe.contains) { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\"'\"'") + "'"
}
