import Testing

/// The page is plain files that a browser reads as they are: these rules hold them to what the rest relies on.
@Suite struct WebTests {
    private let repository = Repository.shared

    /// What is ours: web/vendor is not.
    private var files: [TextFile] {
        repository.files(below: "web").filter { !$0.path.hasPrefix("web/vendor/") }
    }

    @Test func `the binary holds every file of the page`() throws {
        let list = try #require(repository.file("Sources/Interfaces/CWebAssets/assets.c"))
        let embedded = list.lines.compactMap { line -> String? in
            guard line.hasPrefix("    {\"") else { return nil }
            let path = line.dropFirst(6).prefix { $0 != "\"" }
            return path.hasPrefix("vendor/") ? nil : "web/\(path)"
        }
        #expect(embedded.sorted() == files.map(\.path).sorted(), "run scripts/web-assets")
    }

    @Test func `no data becomes markup, and no text becomes code`() {
        let dangers = [
            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "createContextualFragment",
            "eval(", "new Function", "srcdoc",
        ]
        let violations = files.filter { $0.path.hasSuffix(".js") }.flatMap { file in
            dangers.flatMap { danger in
                file.lineNumbers(containing: danger).map {
                    Violation(path: file.path, line: $0, problem: "`\(danger)`; use h() of web/lib/dom.js")
                }
            }
        }
        expectNone(violations)
    }

    @Test func `no request leaves the machine`() {
        let violations = files.flatMap { file in
            ["http://", "https://"].flatMap { scheme in
                file.lineNumbers(containing: scheme).filter { !file.lines[$0 - 1].contains("www.w3.org") }.map {
                    Violation(path: file.path, line: $0, problem: "names another server")
                }
            }
        }
        expectNone(violations)
    }
}
