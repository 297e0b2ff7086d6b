import TestSupport
import Testing

@Suite struct HelpTests {
    let project: TemporaryProject

    init() throws { project = try TemporaryProject() }

    @Test func `version prints one line`() throws {
        let result = try project.run("version")
        #expect(result == ProgramResult(status: 0, stdout: "repro 0.1.0\n", stderr: ""))
    }

    @Test func `version as JSON has the number alone`() throws {
        #expect(try project.run("--json", "version").stdout == "{\"version\":\"0.1.0\"}\n")
    }

    @Test(arguments: [["help"], ["--help"], ["-h"]])
    func `help lists the commands but not the hidden one`(_ words: [String]) throws {
        let result = try project.run(words)
        #expect(result.status == 0)
        #expect(result.stdout.contains("  version "))
        #expect(!result.stdout.contains("__complete"))
        #expect(result.stderr == "")
    }

    @Test func `the help of a command shows its usage and the options that are everywhere`() throws {
        let page = try project.run("completion", "--help").stdout
        #expect(page == (try project.run("help", "completion").stdout))
        #expect(page.contains("Usage: repro completion [OPTIONS] SHELL"))
        #expect(page.contains("--json"))
    }

    @Test func `a topic lists every exit code`() throws {
        let page = try project.run("help", "exit-codes").stdout
        for code in ["0", "1", "2", "3", "4", "5", "6", "7", "70", "130"] { #expect(page.contains("\n  \(code) ")) }
    }

    @Test func `help about nothing known suggests the nearest`() throws {
        let result = try project.run("help", "environmnet")
        #expect(result.status == 2)
        #expect(
            result.stderr == """
                error: there is no help about environmnet
                hint: did you mean `repro help environment`?

                """)
    }
}
