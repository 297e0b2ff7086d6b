/// The source with comments, the content of strings, and backticked names replaced by spaces; every line keeps its
/// number and its indentation. Interpolations stay: they are code.
///
/// It knows as much of Swift as that takes. A regex literal that holds a quote would confuse it until the end of the line.
func blankingCommentsAndStrings(_ source: [UInt8]) -> [UInt8] {
    var scanner = Blanker(source: source)
    return scanner.run()
}

private struct Blanker {
    let source: [UInt8]
    var result: [UInt8] = []
    var index = 0
    var contexts: [Context] = [.code(parentheses: 0)]

    enum Context {
        /// Inside an interpolation, the number of parentheses that are open.
        case code(parentheses: Int)
        /// `#"…"#` has one hash.
        case string(hashes: Int, isMultiline: Bool)
    }

    init(source: [UInt8]) { self.source = source }

    mutating func run() -> [UInt8] {
        result.reserveCapacity(source.count)
        while index < source.count {
            switch contexts[contexts.count - 1] {
            case .code(let parentheses): code(parentheses)
            case .string(let hashes, let isMultiline): string(hashes, isMultiline)
            }
        }
        return result
    }

    private mutating func code(_ parentheses: Int) {
        if starts(with: "//") {
            blank(until: { $0.source[$0.index] == UInt8(ascii: "\n") })
        } else if starts(with: "/*") {
            blankBlockComment()
        } else if source[index] == UInt8(ascii: "`") {
            blank(count: 1)
            blank(until: { [UInt8(ascii: "`"), UInt8(ascii: "\n")].contains($0.source[$0.index]) })
            if index < source.count { blank(count: 1) }
        } else if let hashes = hashesBeforeQuote() {
            keep(count: hashes)
            let isMultiline = starts(with: "\"\"\"")
            keep(count: isMultiline ? 3 : 1)
            contexts.append(.string(hashes: hashes, isMultiline: isMultiline))
        } else {
            parenthesis(parentheses)
            keep(count: 1)
        }
    }

    private mutating func parenthesis(_ open: Int) {
        guard contexts.count > 1 else { return }
        if source[index] == UInt8(ascii: "(") {
            contexts[contexts.count - 1] = .code(parentheses: open + 1)
        } else if source[index] == UInt8(ascii: ")") {
            if open == 0 {
                contexts.removeLast()
            } else {
                contexts[contexts.count - 1] = .code(parentheses: open - 1)
            }
        }
    }

    private mutating func string(_ hashes: Int, _ isMultiline: Bool) {
        let marks = String(repeating: "#", count: hashes)
        let end = (isMultiline ? "\"\"\"" : "\"") + marks
        if starts(with: end) {
            keep(count: end.utf8.count)
            contexts.removeLast()
        } else if starts(with: "\\" + marks + "(") {
            blank(count: 1)
            keep(count: hashes + 1)
            contexts.append(.code(parentheses: 0))
        } else if starts(with: "\\" + marks) {
            blank(count: hashes + 2)
        } else if !isMultiline, source[index] == UInt8(ascii: "\n") {
            contexts.removeLast()
        } else {
            blank(count: 1)
        }
    }

    private mutating func blankBlockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                blank(count: 2)
            } else if starts(with: "*/") {
                depth -= 1
                blank(count: 2)
            } else {
                blank(count: 1)
            }
        } while depth > 0 && index < source.count
    }

    private func hashesBeforeQuote() -> Int? {
        var position = index
        while position < source.count, source[position] == UInt8(ascii: "#") { position += 1 }
        return position < source.count && source[position] == UInt8(ascii: "\"") ? position - index : nil
    }

    private func starts(with text: StaticString) -> Bool { starts(with: "\(text)") }

    private func starts(with text: String) -> Bool { source[index...].starts(with: text.utf8) }

    private mutating func keep(count: Int) {
        for _ in 0..<count where index < source.count {
            result.append(source[index])
            index += 1
        }
    }

    private mutating func blank(count: Int) {
        for _ in 0..<count where index < source.count {
            result.append(source[index] == UInt8(ascii: "\n") ? source[index] : UInt8(ascii: " "))
            index += 1
        }
    }

    private mutating func blank(until isEnd: (Blanker) -> Bool) {
        while index < source.count, !isEnd(self) { blank(count: 1) }
    }
}
