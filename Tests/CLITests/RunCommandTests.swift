import Glibc
import JSON
import TestSupport
import Testing

@Suite struct RunCommandTests {
    let project: TemporaryProject

    init() throws {
        project = try .sample()
        try project.succeed("init")
    }

    @Test func `a run prints one line a stage and a summary`() throws {
        let result = try project.run("run", "--name", "first", "-j1")
        #expect(result.status == 0)
        #expect(result.stderr == "")
        #expect(
            normalised(result.stdout) == """
                ran       head TIME  it has not run before
                ran       count TIME  it has not run before
                ran       shout TIME  it has not run before

                run first (ID) finished in TIME: 3 ran
                  line_count  2

                """)
    }

    @Test func `a second run skips everything`() throws {
        try project.succeed("run")
        let result = try project.run("run", "--name", "second")
        #expect(
            normalised(result.stdout) == """
                skipped   head
                skipped   count
                skipped   shout

                run second (ID) finished in TIME: 3 skipped
                  line_count  2

                """)
    }

    @Test func `a param changed on the command line is named as the reason, and going back is restored`() throws {
        try project.succeed("run")
        let changed = try project.run("run", "-S", "head.lines=3", "-j1")
        #expect(normalised(changed.stdout).hasPrefix("ran       head TIME  param head.lines changed: 2 → 3; 1 more\n"))
        #expect(try project.read("params.yaml").contains("lines: 3  # how many"))
        let back = try project.run("run", "-S", "head.lines=2")
        #expect(back.stdout.contains(": 3 cached\n"))
        #expect(try project.read("part.txt") == "one\ntwo\n")
    }

    @Test func `a failing stage fails the run, and its last lines and the way to its log are shown`() throws {
        try project.write("repro.yaml", "stages:\n  bad:\n    cmd: echo one; echo oh no >&2; exit 3\n")
        let result = try project.run("run", "--name", "broken")
        #expect(result.status == 1)
        #expect(
            normalised(result.stdout) == """
                failed    bad TIME  it runs each time: it is marked so, or has no deps and no outs

                run broken (ID) failed after TIME: 1 failed

                """)
        #expect(
            result.stderr == """
                error: stage bad: `echo one; echo oh no >&2; exit 3` failed with exit code 3
                  | one
                  | oh no
                hint: the whole log: `repro logs last bad`

                """)
    }

    @Test func `quiet prints nothing but errors`() throws {
        #expect(try project.run("run", "--quiet") == ProgramResult(status: 0, stdout: "", stderr: ""))
        try project.write("repro.yaml", "stages:\n  bad:\n    cmd: exit 3\n")
        let result = try project.run("run", "-q")
        #expect(result.stdout == "")
        #expect(result.stderr.hasPrefix("error: stage bad: "))
    }

    @Test func `verbose prints what the stages write, each line after its stage`() throws {
        let result = try project.run("run", "--verbose", "head")
        #expect(
            normalised(result.stdout).hasPrefix(
                """
                running   head             it has not run before
                head │ kept 2 lines
                ran       head TIME  it has not run before

                """))
    }

    @Test func `a dry run says what would be done and changes nothing`() throws {
        let result = try project.run("run", "--dry-run", "-S", "head.lines=3")
        #expect(
            result.stdout == """
                run    head   it has not run before
                maybe  count  stage head runs first
                maybe  shout  stage head runs first

                1 stage to run, 2 stages that may follow

                """)
        #expect(try project.read("params.yaml").contains("lines: 2"))
        #expect(!project.exists("part.txt"))
        #expect(try project.run("runs").stderr == "no runs yet; `repro run` makes one\n")
    }

    @Test func `JSON has the run, each stage with its outs, and the metrics, on one line`() throws {
        let result = try project.run("run", "--json", "--name", "first", "--experiment", "trial")
        #expect(result.stderr == "")
        #expect(result.stdout.split(separator: "\n").count == 1)
        let json = try JSONValue(parsing: result.stdout)
        #expect(json["run"]["name"] == .string("first"))
        #expect(json["run"]["experiment"] == .string("trial"))
        #expect(json["run"]["status"] == .string("finished"))
        #expect(json["stages"][0]["state"] == .string("ran"))
        #expect(json["stages"][0]["outs"][0]["path"] == .string("part.txt"))
        #expect(json["metrics"][0]["value"] == .number(2))
    }

    @Test func `JSON of a failing run is whole and the error follows on standard error`() throws {
        try project.write("repro.yaml", "stages:\n  bad:\n    cmd: exit 3\n")
        let result = try project.run("run", "--json")
        #expect(result.status == 1)
        #expect(try JSONValue(parsing: result.stdout)["run"]["status"] == .string("failed"))
        #expect(try JSONValue(parsing: result.stderr)["error"]["exitCode"] == .integer(1))
    }

    @Test func `on a terminal the stages at work are drawn again and then cleared away`() throws {
        try project.write("repro.yaml", "stages:\n  slow:\n    cmd: echo at work; sleep 0.4\n")
        let output = try project.shell("script -qec 'repro run --no-color' /dev/null").stdout
        #expect(output.contains("running   slow"))
        #expect(output.contains("at work\u{1B}[K"))
        #expect(output.contains("\u{1B}[1A\r"))
        #expect(output.contains("ran       slow"))
    }

    @Test func `an interrupt stops the stages, is recorded and exits with 130`() throws {
        try project.write("repro.yaml", "stages:\n  slow:\n    cmd: echo begun >begun; sleep 30\n")
        let running = try project.start(["run", "--name", "stopped"])
        while !project.exists("begun") { usleep(10_000) }
        running.send(SIGINT)
        let result = running.wait()
        #expect(result.status == 130)
        #expect(normalised(result.stdout).contains("run stopped (ID) interrupted after TIME: 1 stopped\n"))
        #expect(try project.run("runs", "--columns", "name,status").stdout.contains("stopped  interrupted"))
    }

    @Test func `what failed before an interrupt is told all the same`() throws {
        try project.write(
            "repro.yaml",
            """
            stages:
              broken: {cmd: "exit 3"}
              slow: {cmd: "echo begun >begun; sleep 30"}

            """)
        let running = try project.start(["run", "-k"])
        while !running.standardOutput.contains("broken") || !project.exists("begun") { usleep(10_000) }
        running.send(SIGINT)
        let result = running.wait()
        #expect(result.status == 130)
        #expect(result.stderr.contains("error: stage broken: `exit 3` failed with exit code 3\n"))
        #expect(!result.stderr.contains("stage slow"))
    }

    @Test func `a second interrupt kills what does not want to end`() throws {
        let pipeline =
            "stages:\n  deaf:\n    cmd: trap '' TERM INT; echo begun >begun; while true; do sleep 0.1; done\n"
        try project.write("repro.yaml", pipeline)
        let running = try project.start(["run"])
        while !project.exists("begun") { usleep(10_000) }
        running.send(SIGINT)
        while !running.standardOutput.contains("once more kills them") { usleep(10_000) }
        running.send(SIGINT)
        #expect(running.wait().status == 130)
    }

    @Test func `a run goes on when the reader of its output goes away`() throws {
        let result = try project.shell("repro run | true; repro status")
        #expect(result.stdout.hasSuffix("everything is up to date\n"))
        #expect(result.stderr == "")
    }
}

extension JSONValue {
    /// A value of an object; null if there is none.
    subscript(key: String) -> JSONValue {
        if case .object(let object) = self { return object[key] ?? .null }
        return .null
    }

    /// An element of an array; null if there is none.
    subscript(index: Int) -> JSONValue {
        if case .array(let values) = self, values.indices.contains(index) { return values[index] }
        return .null
    }
}
