import Diagnostics
import Testing

/// The documents are true: what they list is what there is, and their links lead somewhere.
@Suite struct DocumentationTests {
    private let repository = Repository.shared

    private var documents: [TextFile] {
        repository.files(below: "docs", suffix: ".md") + repository.files(below: "fixtures", suffix: ".md")
            + ["README.md", "benchmarks/README.md"].compactMap(repository.file)
    }

    @Test(arguments: ErrorKind.allCases)
    func `each exit code is documented`(kind: ErrorKind) throws {
        let page = try #require(repository.file("docs/exit-codes.md"))
        let row = "| \(kind.exitCode) | `\(kind.rawValue)` |"
        #expect(page.lines.contains { $0.hasPrefix(row) }, "docs/exit-codes.md needs a row that begins with \(row)")
    }

    @Test func `each C library has a reason in docs/dependencies.md`() throws {
        let page = try #require(repository.file("docs/dependencies.md"))
        for library in PackageManifest.current.modules where library.kind.isC {
            #expect(
                page.lines.contains { $0.hasPrefix("| `\(library.name)` |") },
                "Package.swift:\(library.line): \(library.name) needs a row in docs/dependencies.md: why it, not its rival"
            )
        }
    }

    @Test func `each link in a document leads to a file and a heading that exist`() {
        expectNone(documents.flatMap(deadLinks))
    }

    @Test func `decisions are numbered, and no number is taken twice`() {
        var taken: [String: String] = [:]
        for file in repository.files(below: "docs/decisions", suffix: ".md") {
            let name = file.path.split(separator: "/").last ?? ""
            let number = String(name.prefix(4))
            let hasNumber = number.count == 4 && number.allSatisfy(\.isNumber) && name.dropFirst(4).first == "-"
            #expect(hasNumber, "\(file.path) must be called NNNN-subject.md")
            #expect(taken[number] == nil, "\(file.path) has the number of \(taken[number] ?? "")")
            taken[number] = file.path
        }
    }

    @Test func `each file of Sources says in a doc comment what it holds`() {
        let violations = Repository.productSources.filter { source in
            source.lines.count > 5 && !source.lines.contains { $0.drop { $0 == " " }.hasPrefix("///") }
        }
        expectNone(
            violations.map {
                Violation(path: $0.path, line: 1, problem: "has no doc comment: what is it for, and what is it not?")
            })
    }

    private func deadLinks(in document: TextFile) -> [Violation] {
        let folder = document.path.split(separator: "/").dropLast()
        return document.links.compactMap { link in
            if link.target.contains("://") || link.target.hasPrefix("mailto:") { return nil }
            let parts = link.target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            let path = parts[0].isEmpty ? document.path : resolve(parts[0], from: folder.map(String.init))
            if !repository.contains(path) {
                return Violation(path: document.path, line: link.line, problem: "\(path) does not exist")
            }
            if parts.count > 1, let target = repository.file(path), !target.anchors.contains(String(parts[1])) {
                return Violation(path: document.path, line: link.line, problem: "\(path) has no heading #\(parts[1])")
            }
            return nil
        }
    }

    private func resolve(_ link: Substring, from folder: [String]) -> String {
        var parts = folder
        for part in link.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
        }
        return parts.joined(separator: "/")
    }
}

extension TextFile {
    /// `[text](target)` outside code blocks.
    fileprivate var links: [(target: String, line: Int)] {
        var links: [(target: String, line: Int)] = []
        for (index, line) in linesOutsideCode {
            for piece in line.split(separator: "](").dropFirst() {
                if let end = piece.firstIndex(of: ")") { links.append((String(piece[..<end]), index + 1)) }
            }
        }
        return links
    }

    /// The names that GitHub gives to the headings.
    fileprivate var anchors: Set<String> {
        Set(
            linesOutsideCode.filter { $0.line.hasPrefix("#") }.map { heading in
                let text = heading.line.drop { $0 == "#" || $0 == " " }.lowercased()
                return String(
                    text.compactMap {
                        $0 == " " ? "-" : $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" ? $0 : nil
                    })
            })
    }

    private var linesOutsideCode: [(index: Int, line: Substring)] {
        var isCode = false
        return lines.enumerated().compactMap { index, line in
            if line.hasPrefix("```") { isCode.toggle() }
            return isCode ? nil : (index, line)
        }
    }
}
