import Testing

/// What no committed text may hold.
@Suite struct TextTests {
    /// This folder names what it forbids.
    private let files = Repository.shared.files.filter {
        !$0.path.hasPrefix("Tests/TidyTests/") && $0.path != "LICENSE"
    }

    @Test func `nothing is left to do later without an issue`() {
        expectNone(lines(with: ["TODO", "FIXME", "XXX:", "HACK"], problem: "do it now, or write an issue and name it"))
    }

    @Test func `no path of one machine is written down`() {
        expectNone(
            lines(
                with: ["/root/", "/home/", "/Users/"],
                problem: "is a path of one machine; make it relative, or take it from the environment"))
    }

    @Test func `nothing looks like a secret`() {
        // Made for a test or published as an example, and of use nowhere.
        let samples = ["Tests/RemotesTests/TestKey.swift", "fixtures/sigv4/vectors.json"]
        let violations = lines(
            with: ["PRIVATE KEY-----", "ghp_", "github_pat_", "xoxb-", "AIzaSy", "AKIA"],
            problem: "looks like a secret; if it is none, name its file here")
        expectNone(violations.filter { !samples.contains($0.path) })
    }

    @Test func `a text file ends with one newline and has no spaces at the ends of its lines`() {
        // Samples are as their tools wrote them.
        let samples = ["fixtures/formats/", "fixtures/projects/", "fixtures/mlflow/"]
        let written = files.filter { file in !samples.contains { file.path.hasPrefix($0) } }
        let violations = written.flatMap { file -> [Violation] in
            var found: [Violation] = []
            for (index, line) in file.lines.enumerated() where line.last == " " || line.last == "\t" {
                found.append(Violation(path: file.path, line: index + 1, problem: "the line ends with a space"))
            }
            if !file.text.isEmpty, file.lines.last != "" || file.lines.suffix(2).allSatisfy(\.isEmpty) {
                found.append(
                    Violation(path: file.path, line: file.lines.count, problem: "the file must end with one newline"))
            }
            return found
        }
        expectNone(violations)
    }

    private func lines(with fragments: [String], problem: String) -> [Violation] {
        files.flatMap { file in
            fragments.flatMap { fragment in
                file.lineNumbers(containing: fragment).map {
                    Violation(path: file.path, line: $0, problem: "`\(fragment)` \(problem)")
                }
            }
        }
    }
}
