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

    @Test func `an example that needs no words is shown nevertheless`() throws {
        #expect(try project.run("help", "add").stdout.contains("\n  find data -name '*.npy' -print0 | repro add -\n"))
    }

    @Test func `a topic lists every exit code`() throws {
        let page = try project.run("help", "exit-codes").stdout
        for code in ["0", "1", "2", "3", "4", "5", "6", "7", "70", "130"] { #expect(page.contains("\n  \(code) ")) }
    }

    @Test func `the pipeline of the help page runs`() throws {
        let page = try project.run("help", "pipeline").stdout
        let sample = page.split(separator: "\n").drop { $0 != "  stages:" }.prefix { $0.hasPrefix("  ") && $0 != "" }
        let end = sample.firstIndex { $0.hasPrefix("  cmd ") } ?? sample.endIndex
        try project.write("repro.yaml", sample[..<end].map { String($0.dropFirst(2)) }.joined(separator: "\n"))
        try project.write("params.yaml", "prepare: {limit: 3}\ntrain: {lr: 0.1}\n")
        try project.write("prepare.py", "open('data/clean.txt', 'w').write('x')")
        try project.write("train.py", "open('model.bin', 'w'); open('metrics.json', 'w').write('{\"loss\": 1}')")
        try project.write("data/raw", "raw")
        try project.succeed("run")
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
