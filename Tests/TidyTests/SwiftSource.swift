/// A Swift file, and its code without comments and the content of strings: rules about code look only there.
struct SwiftSource: Sendable {
    let path: String
    /// As written.
    let lines: [Substring]
    /// The same lines, with spaces in place of comments, string content and backticked names.
    let code: [String]
    let words: [Word]

    /// An identifier or keyword of the code.
    struct Word: Sendable {
        let text: String
        /// From 1.
        let line: Int
        /// After a dot: `file.rename(…)` calls something of ours, `rename(…)` and `Glibc.rename(…)` the system.
        let isMember: Bool
        /// Before a parenthesis, and not where the function is declared.
        let isCall: Bool
    }

    /// An import line: `package import Files` has module "Files".
    struct Import: Sendable {
        let module: String
        let line: Int
    }

    init(_ file: TextFile) { self.init(path: file.path, text: file.text) }

    init(path: String, text: String) {
        self.path = path
        self.lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let code = blankingCommentsAndStrings(Array(text.utf8))
        self.code = code.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        self.words = Self.words(of: code)
    }

    var imports: [Import] {
        code.indices.compactMap { index in
            let words = code[index].split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" })
            guard let keyword = words.firstIndex(of: "import"),
                words[..<keyword].allSatisfy(Self.wordsBeforeImport.contains)
            else { return nil }
            let rest = words[(keyword + 1)...].drop(while: Self.importKinds.contains)
            return rest.first.map { Import(module: String($0), line: index + 1) }
        }
    }

    private static let wordsBeforeImport: Set<Substring> = [
        "public", "package", "internal", "fileprivate", "private", "testable", "preconcurrency",
    ]
    private static let importKinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let"]

    private static func words(of code: [UInt8]) -> [Word] {
        var words: [Word] = []
        var line = 1
        var index = 0
        var endOfLastWord = 0
        while index < code.count {
            guard isIdentifier(code[index]) else {
                if code[index] == UInt8(ascii: "\n") { line += 1 }
                index += 1
                continue
            }
            let start = index
            while index < code.count, isIdentifier(code[index]) { index += 1 }
            // `func name(`: between the two words are spaces only.
            let gap = code[endOfLastWord..<start]
            let isDeclared = words.last?.text == "func" && gap.allSatisfy { $0 == UInt8(ascii: " ") }
            endOfLastWord = index
            words.append(
                Word(
                    text: String(decoding: code[start..<index], as: UTF8.self),
                    line: line,
                    isMember: start > 0 && code[start - 1] == UInt8(ascii: ".") && words.last?.text != "Glibc",
                    isCall: index < code.count && code[index] == UInt8(ascii: "(") && !isDeclared))
        }
        return words
    }
}

private func isIdentifier(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
    default:
        false
    }
}
