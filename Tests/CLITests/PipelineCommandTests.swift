import Files
import JSON
import TestSupport
import Testing

@Suite struct PipelineCommandTests {
    let project: TemporaryProject

    init() throws {
        project = try .sample()
        try project.succeed("init")
    }

    @Test func `init says what it made and what comes next`() throws {
        let other = try TemporaryProject()
        #expect(
            try other.run("init").stdout == """
                made a project of \(other.root)
                it is in no Git repository: runs will not know which version of the code they used
                next: write repro.yaml (see `repro help pipeline`), then `repro run`

                """)
        try other.commitToGit()
        #expect(
            try other.run("init").stdout == """
                \(other.root) is a project already
                next: write repro.yaml (see `repro help pipeline`), then `repro run`

                """)
    }

    @Test func `init as JSON has the root`() throws {
        let json = try JSONValue(parsing: project.run("init", "--json").stdout)
        #expect(json["root"] == .string(project.root.description))
        #expect(json["wasCreated"] == .bool(false))
        #expect(json["pipelineFile"] == .string("repro.yaml"))
    }

    @Test func `outside a project every command says how to make one`() throws {
        for command in ["run", "status", "runs", "dag"] {
            let result = try project.run("-C", "/", command)
            #expect(result.status == 3)
            #expect(
                result.stderr
                    == "error: no project in / or above it\nhint: run `repro init` in your project's folder\n")
        }
    }

    @Test func `status is empty words when nothing is to be done, and check then succeeds`() throws {
        try project.succeed("run")
        let result = try project.run("status", "--check")
        #expect(result.status == 0)
        #expect(result.stdout == "skip  head\nskip  count\nskip  shout\n\neverything is up to date\n")
        #expect(try project.run("status", "--quiet").stdout == "")
    }

    @Test func `status names what changed, and check then fails`() throws {
        try project.succeed("run")
        try project.write("data.txt", "five\n")
        project.remove("loud.txt")
        let result = try project.run("status", "--check")
        #expect(result.status == 1)
        #expect(result.stdout.hasPrefix("run    head   dep data.txt changed: "))
        #expect(try project.run("status").status == 0)
        let json = try JSONValue(parsing: project.run("status", "--json").stdout)
        #expect(json["stages"][0]["action"] == .string("run"))
        #expect(json["stages"][1]["waitsFor"] == .array([.string("head")]))
    }

    @Test func `where data is missing, status says of which stage, dag draws all of them, and run refuses`() throws {
        project.remove("data.txt")
        let result = try project.run("status", "--check")
        #expect(result.status == 1)
        #expect(
            result.stdout == """
                run    head   stage head: dep data.txt does not exist
                maybe  count  stage head runs first
                maybe  shout  stage head runs first

                1 stage to run, 2 stages that may follow

                """)
        #expect(try project.succeed("dag", "--dot").stdout.contains("\"head\" -> \"count\""))
        for words in [["run"], ["run", "--dry-run"]] {
            #expect(try project.run(words).stderr.hasPrefix("error: repro.yaml:"), "\(words)")
        }
    }

    @Test func `why explains now and then`() throws {
        #expect(
            try project.run("why", "head").stdout
                == "head would run:\n  it has not run before\nno run has recorded it yet\n")
        try project.succeed("run", "--name", "first")
        try project.write("params.yaml", "head:\n  lines: 2\nshout:\n  mark: \"?\"\n")
        #expect(
            normalised(try project.run("why", "shout").stdout) == """
                shout would run:
                  param shout.mark changed: "!" → "?"
                  command 1 changed: sed 's/$/!/' part.txt >loud.txt → sed 's/$/?/' part.txt >loud.txt

                it last ran in TIME, AGO, in run first (ID):
                  it has not run before

                """)
    }

    @Test func `an unknown stage is an error with the nearest name`() throws {
        for command in ["why", "run", "status", "dag"] {
            let result = try project.run(command, "coutn")
            #expect(result.status == 3)
            #expect(result.stderr.hasSuffix("hint: did you mean `count`?\n"))
        }
    }

    @Test func `the picture of the pipeline is drawn in boxes, with what is to be done`() throws {
        #expect(
            try project.run("dag").stdout == """
                           ┌────────────┐
                           │ head · run │
                           └──────┬─────┘
                        ┌─────────┴─────────┐
                ┌───────▼───────┐   ┌───────▼───────┐
                │ count · maybe │   │ shout · maybe │
                └───────────────┘   └───────────────┘

                """)
        try project.succeed("run")
        #expect(
            try project.run("dag").stdout == """
                      ┌──────┐
                      │ head │
                      └───┬──┘
                    ┌─────┴─────┐
                ┌───▼───┐   ┌───▼───┐
                │ count │   │ shout │
                └───────┘   └───────┘

                """)
    }

    @Test func `a picture that is too wide for the terminal becomes a list`() throws {
        let output = try project.shell("script -qec 'stty cols 15; repro dag' /dev/null").stdout
        #expect(output == "head · run\r\ncount · maybe ← head\r\nshout · maybe ← head\r\n")
    }

    @Test func `the graph is written for Graphviz, for Mermaid and as JSON`() throws {
        #expect(
            try project.run("dag", "count", "--dot").stdout == """
                digraph pipeline {
                  node [shape=box];
                  "head";
                  "count";
                  "head" -> "count";
                }

                """)
        #expect(
            try project.run("dag", "count", "--mermaid").stdout
                == "flowchart TD\n  s0[\"head\"]\n  s1[\"count\"]\n  s0 --> s1\n")
        let json = try JSONValue(parsing: project.run("dag", "--json").stdout)
        #expect(json["stages"][2]["description"] == .string("Make it loud"))
        #expect(
            try project.run("dag", "--dot", "--mermaid").stderr
                == "error: options --dot and --mermaid contradict each other\nhint: leave one of them out\n")
    }

    @Test func `completion knows the stages and the params of the project`() throws {
        #expect(
            try project.run("__complete", "--", "run", "").stdout
                == "head\ncount\nshout\tMake it loud\n")
        #expect(
            try project.run("__complete", "--", "run", "-S", "h").stdout == "head.lines=\tnow 2\n")
        #expect(try project.run("__complete", "--", "show", "").stdout == "last\tthe latest run\n")
        try project.succeed("run", "--name", "first")
        #expect(try project.run("__complete", "--", "show", "f").stdout == "first\n")
    }

    @Test func `a stage may call repro itself`() throws {
        let project = try TemporaryProject([
            "in.txt": "1\n",
            "repro.yaml": """
            stages:
              first:
                cmd: cp in.txt first.txt
                deps: [in.txt]
                outs: [first.txt]
              asks:
                cmd: repro dag > dag.txt && repro stage list >> dag.txt && repro runs > /dev/null && repro status first && repro run first -q
                deps: [first.txt]
                outs: [dag.txt]

            """,
        ])
        let result = try project.shell("repro run -q")
        #expect(result.status == 0, "\(result.stderr)")
        #expect(try project.read("dag.txt").contains("asks"))
        #expect(try project.succeed("run").stdout.contains(": 2 skipped\n"))
    }
}
