package import Files

/// What `.dvc/config`, and `.dvc/config.local` over it, say.
package struct DVCConfig: Sendable {
    /// By section and key, in lower case but for the names of remotes.
    private var values: [String: [String: String]] = [:]

    package init() {}

    /// Of the project at `root`.
    package init(ofProject root: AbsolutePath, fileSystem: FileSystem) throws {
        for name in ["config", "config.local"] {
            if let content = try fileSystem.readIfPresent(root.appending(".dvc").appending(name)) { read(content) }
        }
    }

    /// Takes over what a file of DVC's says.
    package mutating func read(_ content: [UInt8]) {
        var section = ""
        for line in String(decoding: content, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let line = Self.trimmed(line)
            if line.hasPrefix("["), line.hasSuffix("]") {
                section = String(Self.trimmed(line.dropFirst().dropLast())).filter { $0 != "'" && $0 != "\"" }
                continue
            }
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, !line.hasPrefix("#"), !line.hasPrefix(";") else { continue }
            values[section, default: [:]][Self.trimmed(parts[0]).lowercased()] = String(Self.trimmed(parts[1]))
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    package func value(_ key: String, in section: String) -> String? { values[section]?[key] }

    /// The names of all remotes, sorted.
    package var remotes: [String] {
        values.keys.filter { $0.hasPrefix("remote ") }.map { String($0.dropFirst("remote ".count)) }.sorted()
    }

    package func url(ofRemote name: String) -> String? { value("url", in: "remote \(name)") }

    /// The URL of the remote that DVC takes where none is named.
    package var defaultRemoteURL: String? { value("remote", in: "core").flatMap { url(ofRemote: $0) } }
}
