import Diagnostics
import Files
import TestSupport
import Testing
import Workspaces

@Suite struct IgnoreRulesTests {
    /// A line, a path (a folder if it ends with a slash), whether it is ignored.
    static let table: [(pattern: String, path: String, isIgnored: Bool)] = [
        ("*.tmp", "a/b.tmp", true), ("*.tmp", "a/b.tmp.txt", false), ("b", "a/b", true), ("b", "ab", false),
        ("/b", "a/b", false), ("/b", "b", true), ("a/b", "x/a/b", false), ("a/b", "a/b", true),
        ("**/b", "b", true), ("**/b", "x/y/b", true), ("a/**", "a", false), ("a/**", "a/x/y", true),
        ("a/**/b", "a/b", true), ("a/**/b", "a/x/y/b", true), ("a/*/b", "a/x/y/b", false), ("a**b", "axxb", true),
        ("build/", "build", false), ("build/", "build/", true), ("build/", "x/build/", true),
        ("a?c", "abc", true), ("a?c/x", "a/c/x", false), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false),
        ("[^a-c]x", "dx", true), ("[]x]", "]", true), ("[[:digit:]]", "7", true), ("[[:digit:]]", "x", false),
        ("[[:nothing:]]", "x", false), ("[a", "a", false), ("a\\", "a", false), ("\\#x", "#x", true),
        ("#x", "#x", false),
        ("\\!x", "!x", true), ("x ", "x", true), ("x\\ ", "x ", true), ("x\\ ", "x", false), ("\\*", "*", true),
        ("\\*", "x", false), ("x\r", "x", true), ("x\t", "x", false), ("", "x", false), ("/", "x", false),
        ("\u{FEFF}x", "x", true), ("[a-\\]]", "]", false), ("a[/]b", "a/b", false),
    ]

    @Test(arguments: table)
    func `a line fits what gitignore says it fits`(_ row: (pattern: String, path: String, isIgnored: Bool)) throws {
        var rules = IgnoreRules()
        rules.add(Array((row.pattern + "\n").utf8), at: try path(".reproignore"))
        let isFolder = row.path.hasSuffix("/")
        #expect(rules.ignores(try path(row.path), isFolder: isFolder) == row.isIgnored)
    }

    @Test func `the last line that fits counts, and the innermost file before others`() throws {
        var rules = IgnoreRules()
        rules.add(Array("*.csv\n!keep.csv\n".utf8), at: try path(".reproignore"))
        rules.add(Array("keep.csv\n!other.csv\n".utf8), at: try path("in/.reproignore"))
        #expect(rules.ignores(try path("a.csv"), isFolder: false))
        #expect(!rules.ignores(try path("keep.csv"), isFolder: false))
        #expect(rules.ignores(try path("in/keep.csv"), isFolder: false))
        #expect(!rules.ignores(try path("in/other.csv"), isFolder: false))
        #expect(rules.ignores(try path("out/other.csv"), isFolder: false))
        let rule = try #require(rules.decision(about: path("in/keep.csv"), isFolder: false))
        #expect(rule.location.description == "in/.reproignore:1:1")
    }

    @Test func `a pattern of many stars takes no exponential time`() throws {
        let wildcard = try #require(Wildcard(Array(repeating: "*a", count: 40).joined().utf8))
        #expect(!wildcard.matches(Array(repeating: UInt8(ascii: "a"), count: 4000) + [UInt8(ascii: "b")]))
    }

    // MARK: Git as the oracle

    /// The pieces that random patterns are made of.
    private static let pieces = [
        "a", "b", "ab", "foo", "*", "**", "?", "/", "/", "/", "[a-c]", "[!b]", "\\", "\\*", "***", ".", "[", "]",
        "[[:alpha:]]", "x y", " ", "\\ ", "-", "#", "!", "[]-a]", "[b-]", "[a-c-e]", "é", "\t",
    ]
    private static let paths = [
        "a", "b", "ab", "foo", "a b", "*", "[", "]", "-", "x y", "x y ", "#", "!", "é", "foo.", ".foo", "d/a", "d/b",
        "d/foo", "d/ab/foo", "d/ab/b", "d/ab/a/a", "d/[a-c]", "foo2/a", "foo2/foo/b", "foo2/foo/a/b/foo", "e/e/e/a",
        "e/e/b", "e/foo", "e/f*o", "e/\\", "abc/abc", "abc/ab", "abc/d/b",
    ]

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `random patterns exclude what Git says`(seed: UInt64) throws {
        let project = try TemporaryProject()
        for path in Self.paths { try project.write(path, "") }
        let files = try project.files()
        let folders = Set(files.flatMap { text in text.indices.filter { text[$0] == "/" }.map { String(text[..<$0]) } })
        try project.write("list", (files + folders.sorted()).joined(separator: "\0") + "\0")
        #expect(try project.shell("git init -q").status == 0)
        var random = SeededRandom(seed: seed)
        for _ in 0..<60 {
            let (outer, inner) = (Self.ignoreFile(&random), Self.ignoreFile(&random))
            try project.write(".gitignore", outer)
            try project.write("e/.gitignore", inner)
            // As a file of the work tree would be asked about: whatever the index says.
            let answer = try project.shell("git check-ignore --no-index -z --stdin < list")
            let expected = Set(answer.stdout.split(separator: "\0").map(String.init))
            var rules = IgnoreRules()
            rules.add(Array(outer.utf8), at: try path(".gitignore"))
            var innerRules = rules
            innerRules.add(Array(inner.utf8), at: try path("e/.gitignore"))
            func isIgnored(_ text: String, isFolder: Bool) throws -> Bool {
                let path = try path(text)
                if let parent = path.parent, !parent.isRoot, try isIgnored(parent.description, isFolder: true) {
                    return true
                }
                return (text.hasPrefix("e/") ? innerRules : rules).ignores(path, isFolder: isFolder)
            }
            for text in files + folders {
                let found = try isIgnored(text, isFolder: folders.contains(text))
                let comment = "\(text) by \(outer.debugDescription) and \(inner.debugDescription)"
                #expect(found == expected.contains(text), "\(comment)")
            }
        }
    }

    private static func ignoreFile(_ random: inout SeededRandom) -> String {
        (0..<(1 + random.next(below: 4))).map { _ in
            let sign = random.next(below: 4) == 0 ? "!" : ""
            let body = (0..<(1 + random.next(below: 6))).map { _ in pieces[random.next(below: pieces.count)] }.joined()
            return sign + body + ["", "", "/", " ", "\r"][random.next(below: 5)] + "\n"
        }.joined()
    }
}
