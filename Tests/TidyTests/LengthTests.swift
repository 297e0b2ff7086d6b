import Testing

/// A file is about one subject, and a function fits a screen.
@Suite struct LengthTests {
    static let fileLimitLines = 500
    static let functionLimitLines = 70

    @Test func `no source file is longer than 500 lines`() {
        let folders = ["Sources", "cli", "Tests", "fixtures", "scripts", "benchmarks", "web"]
        let suffixes = [".swift", ".c", ".h", ".py", ".sh", ".js", ".css"]
        let files = folders.flatMap { Repository.shared.files(below: $0) }
        let violations = files.filter { file in
            // What a script writes is as long as its subject.
            suffixes.contains { file.path.hasSuffix($0) } && !file.path.contains("CWebAssets")
        }.compactMap { file in
            file.lines.count <= Self.fileLimitLines + 1
                ? nil
                : Violation(
                    path: file.path, line: Self.fileLimitLines + 1,
                    problem: "the file has \(file.lines.count - 1) lines; split it by subject")
        }
        expectNone(violations)
    }

    @Test func `no function is longer than 70 lines`() {
        let violations = (Repository.productSources + Repository.testSources).flatMap { source in
            source.functions.filter { $0.lineCount > Self.functionLimitLines }.map {
                Violation(
                    path: source.path, line: $0.line,
                    problem: "`\($0.signature)` has \($0.lineCount) lines; \(Self.functionLimitLines) fit a screen")
            }
        }
        expectNone(violations)
    }

    @Test func `the length of a function is that from its name to its last brace`() {
        let source = SwiftSource(
            path: "a.swift",
            text: #"""
                protocol P {
                    func required(_ a: Int)
                    var isOpen: Bool { get }
                }
                struct S {
                    init(
                        a: Int
                    ) {
                        text = """
                            func inAString() {
                            """
                    }
                    @Test func `a sentence`() { one() }
                    var area: Int {
                        1
                    }
                    private static func last() {
                        if a {
                        }

                    }
                }
                """#)
        #expect(source.functions.map(\.line) == [6, 13, 14, 17])
        #expect(source.functions.map(\.lineCount) == [7, 1, 3, 5])
    }
}

extension SwiftSource {
    struct Function {
        let signature: String
        /// From 1.
        let line: Int
        let lineCount: Int
    }

    /// Functions, initialisers and computed properties that have a body. swift-format puts the closing brace under the
    /// first letter of the declaration; that is all this knows of Swift's grammar.
    var functions: [Function] {
        code.indices.compactMap { index in
            guard Self.declaresFunction(code[index]), let last = lastLine(ofDeclarationAt: index) else { return nil }
            let signature = lines[index].drop { $0 == " " }.prefix { $0 != "(" && $0 != "{" }
            return Function(signature: String(signature), line: index + 1, lineCount: last - index + 1)
        }
    }

    private static let declarators: Set<Substring> = ["func", "init", "deinit", "subscript", "var"]
    private static let modifiers: Set<Substring> = [
        "public", "package", "internal", "fileprivate", "private", "open", "static", "class", "final", "override",
        "mutating", "nonmutating", "borrowing", "consuming", "convenience", "required", "nonisolated", "isolated",
        "lazy",
    ]

    private static func declaresFunction(_ line: String) -> Bool {
        let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        guard line.contains("(") || line.contains("{") else { return false }
        if words.contains("func") { return true }
        guard let declarator = words.first(where: { !modifiers.contains($0) }), declarators.contains(declarator) else {
            return false
        }
        if declarator == "var" { return line.hasSuffix("{") }
        // `init(` declares; `.init(` and `self.init(` call.
        return line.drop { $0 == " " }.first != "."
    }

    /// Nil when the declaration has no body.
    private func lastLine(ofDeclarationAt first: Int) -> Int? {
        let indentation = code[first].prefix { $0 == " " }.count
        if code[first].contains("{"), code[first].hasSuffix("}") { return first }
        for index in (first + 1)..<max(first + 1, code.count) {
            let line = code[index]
            let spaces = line.prefix { $0 == " " }.count
            if spaces == line.count || spaces > indentation { continue }
            if spaces < indentation { return nil }
            let text = line.drop { $0 == " " }
            if text.hasPrefix("}") { return index }
            // The end of a signature over several lines, or a brace on a line of its own.
            if !text.hasPrefix(")") && !text.hasPrefix("{") && !text.hasPrefix("where") { return nil }
        }
        return nil
    }
}
