import Files

/// Which folders `.gitignore` and `.dvcignore` files exclude: the last rule that fits counts, `!` takes one back.
struct IgnoreRules {
    private struct Rule {
        let folder: RelativePath
        /// The parts of the pattern, `**` among them.
        let parts: [String]
        let isException: Bool
    }

    private var rules: [Rule] = []

    mutating func add(_ content: [UInt8], of folder: RelativePath) {
        for line in content.split(separator: UInt8(ascii: "\n")) {
            var text = Substring(String(decoding: line, as: UTF8.self))
            while let last = text.last, last == "\r" || last == " " { text.removeLast() }
            if text.isEmpty || text.hasPrefix("#") { continue }
            let isException = text.hasPrefix("!")
            if isException || text.hasPrefix("\\") { text.removeFirst() }
            if text.hasSuffix("/") { text.removeLast() }
            // A slash at the start or inside ties the pattern to its folder; else it fits at any depth.
            let isTied = text.contains("/")
            let parts = (isTied ? [] : ["**"]) + text.split(separator: "/").map(String.init)
            rules.append(Rule(folder: folder, parts: parts, isException: isException))
        }
    }

    func ignores(folder path: RelativePath) -> Bool {
        for rule in rules.reversed() {
            guard let below = path.relative(to: rule.folder) else { continue }
            let names = below.components.map { String(decoding: $0, as: UTF8.self) }
            if Self.fits(names[...], rule.parts[...]) { return !rule.isException }
        }
        return false
    }

    private static func fits(_ names: ArraySlice<String>, _ parts: ArraySlice<String>) -> Bool {
        guard let part = parts.first else { return names.isEmpty }
        let rest = parts.dropFirst()
        if part == "**" {
            if rest.isEmpty { return !names.isEmpty }
            return names.indices.contains { fits(names[$0...], rest) }
        }
        guard let name = names.first, matches(name, pattern: part) else { return false }
        return fits(names.dropFirst(), rest)
    }
}
