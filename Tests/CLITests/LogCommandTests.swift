import Glibc
import JSON
import TestSupport
import Testing
import Threads

/// `repro log …`, from scripts.
@Suite struct LogCommandTests {
    let project: TemporaryProject

    init() throws {
        project = try TemporaryProject(["out/model.bin": "weights", "data.csv": "a\n1\n"])
        try project.succeed("init")
    }

    @Test func `a script begins a run, logs to it, and ends it`() throws {
        let script = """
            set -e
            export REPRO_RUN_ID=$(repro log start --experiment digits --name first --pid $$)
            repro log param rate=0.1 kind=mlp sizes=[8,10]
            repro log metric loss=0.5 acc=0.25 step=4
            repro log metric loss=nan --step 5
            repro log metric loss=0.25
            repro log tag team=vision
            repro log note 'All of it'
            repro log artifact out --as kept
            repro log dataset data.csv --context training
            repro log model out/model.bin --name tiny
            echo '{"acc": 0.75, "val": {"loss": 1}, "step": 9, "tags": {"a": "b"}}' | repro log stdin
            repro log finish
            """
        let result = try project.shell(script)
        #expect(result.stderr == "")
        #expect(result.status == 0)
        let run = try show("first")
        #expect(run["experiment"] == .string("digits"))
        #expect(run["status"] == .string("finished"))
        #expect(run["params"]["sizes"] == .array([.integer(8), .integer(10)]))
        #expect(run["metrics"]["loss"] == .number(0.25))
        #expect(run["metrics"]["acc"] == .number(0.75))
        #expect(run["metrics"]["val.loss"] == .number(1))
        #expect(run["tags"]["team"] == .string("vision"))
        #expect(run["tags"]["a"] == .string("b"))
        #expect(run["tags"]["mlflow.note.content"] == .string("All of it"))
    }

    @Test func `inside a stage what is logged belongs to the stage, and the run goes on`() throws {
        try project.write(
            "repro.yaml",
            """
            stages:
              train:
                cmd: |-
                  repro log metric loss=0.5 step=1 && repro log param from_script=3
                  echo '{"loss": 0.25, "step": 2}' | repro log stdin
            """)
        try project.succeed("run", "--name", "piped")
        let run = try show("piped")
        #expect(run["status"] == .string("finished"))
        #expect(run["metrics"]["loss"] == .number(0.25))
        #expect(run["params"]["from_script"] == .integer(3))
        #expect(try project.succeed("runs", "--json").stdout.contains("\"name\":\"piped\""))
    }

    @Test func `many writers at once lose nothing`() throws {
        let script = """
            export REPRO_RUN_ID=$(repro log start --name busy)
            for writer in 1 2 3 4 5 6 7 8 9 10; do
              ( for step in 1 2 3 4; do repro log metric m$writer=$step step=$step || exit 1; done ) &
              pids="$pids $!"
            done
            for pid in $pids; do wait $pid || exit 1; done
            repro log finish
            """
        let result = try project.shell(script)
        #expect(result.stderr == "")
        #expect(result.status == 0)
        let metrics = try show("busy")["metrics"]
        for writer in 1...10 { #expect(metrics["m\(writer)"] == .number(4)) }
    }

    @Test func `lines of standard input make a run of their own, and a bad line is named`() throws {
        let input = #"{"loss": 1}\n\n{"loss": 0.5, "extra": "text"}\n[1]\n{"loss": 0.25, "step": 7, "note": "n"}"#
        let result = try project.shell(
            "printf '\(input)' | repro log stdin --experiment piped --name lines --tee >copy.txt")
        #expect(result.status == 2)
        #expect(
            result.stderr == """
                warning: line 3: `extra` is no number
                warning: line 4: an object is expected, such as {"loss": 0.3, "step": 4}

                """)
        #expect(try project.read("copy.txt").split(separator: "\n", omittingEmptySubsequences: false).count == 6)
        let run = try show("lines")
        #expect(run["status"] == .string("finished"))
        #expect(run["experiment"] == .string("piped"))
        #expect(run["metrics"]["loss"] == .number(0.25))
    }

    @Test func `mistakes are explained`() throws {
        func error(_ arguments: String...) throws -> (Int32, String) {
            let result = try project.run(arguments)
            return (result.status, result.stderr)
        }
        #expect(
            try error("log", "metric", "loss=1") == (
                2,
                """
                error: there is no run to log to
                hint: name one with --run, or begin one: `export REPRO_RUN_ID=$(repro log start)`

                """
            ))
        #expect(try error("log", "metric", "loss=x", "--run", "a").1 == "error: loss=x: x is not a number\n")
        #expect(try error("log", "metric", "loss", "--run", "a").1 == "error: loss is not of the form key=value\n")
        #expect(try error("log", "metric", "step=1", "--run", "a").1 == "error: no metric is given, only the step\n")
        #expect(try error("log", "metric", "loss=1", "--run", "absent").0 == 3)
        let id = try project.succeed("log", "start", "--name", "r").stdout.split(separator: "\n").first ?? ""
        #expect(id.count == 32)
        #expect(try error("log", "artifact", "absent.txt", "--run", "r").0 == 3)
        try project.succeed("log", "param", "a=1", "--run", String(id.prefix(8)))
        let (status, text) = try error("log", "param", "a=2", "b=3", "--run", "r")
        #expect(status == 4)
        #expect(text == "warning: param a was not logged: param a of run \(id.prefix(8)) is 1 and cannot become 2\n")
        #expect(try show("r")["params"]["b"] == .integer(3))
    }

    @Test func `a script whose leader dies leaves a run that was killed`() throws {
        _ = try project.shell("repro log start --name lost --pid $$ && kill -9 $$")
        #expect(try show("lost")["status"] == .string("killed"))
    }

    @Test func `what could not be sent is sent by sync`() throws {
        let away = ["REPRO_TRACKING_URL": "http://127.0.0.1:9"]
        let id =
            try project.succeed("log", "start", "--name", "early", environment: away).stdout
            .split(separator: "\n").first.map(String.init) ?? ""
        let late = try project.run(["log", "metric", "loss=1", "--run", id], environment: away)
        #expect(late.status == 0)
        #expect(late.stderr.hasSuffix("and sent by `repro log sync`\n"))
        #expect(try project.run("log", "sync").status == 6)
        // The same address, now of a server: the spool says where to.
        for name in try project.files(below: ".repro/spool") where name.hasSuffix("spool.json") {
            let server = try project.read(name)
            #expect(server.contains("http://127.0.0.1:9"))
        }
    }

    private func show(_ run: String) throws -> JSONValue {
        try JSONValue(parsing: try project.succeed("show", run, "--json").stdout)
    }
}
