/// A file like `~/.aws/credentials`: sections with `key = value` lines.
struct ProfileFile: Sendable, Equatable {
    private(set) var sections: [String: [String: String]] = [:]

    /// A line that is neither a section, a setting nor a comment is passed over, as AWS's tools do; so are the
    /// indented lines of a nested setting. A section `profile x` of `~/.aws/config` is found as `x`.
    init(parsing text: String) {
        var section: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let trimmed = Self.trim(line)
            if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
            if trimmed.hasPrefix("["), let end = trimmed.firstIndex(of: "]") {
                let name = Self.trim(trimmed[..<end].dropFirst())
                section = name.hasPrefix("profile ") ? Self.trim(name.dropFirst("profile ".count)) : name
            } else if let section, !line.hasPrefix(" "), !line.hasPrefix("\t"), let equals = trimmed.firstIndex(of: "=")
            {
                let key = Self.trim(trimmed[..<equals]).lowercased()
                sections[section, default: [:]][key] = Self.trim(trimmed[trimmed.index(after: equals)...])
            }
        }
    }

    private static func trim(_ text: some StringProtocol) -> String {
        let start = text.drop { $0.isWhitespace }
        return String(String(start.reversed().drop { $0.isWhitespace }).reversed())
    }
}
