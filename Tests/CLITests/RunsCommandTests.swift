import JSON
import TestSupport
import Testing

@Suite struct RunsCommandTests {
    let project: TemporaryProject

    /// Two runs: `two` with two lines and `three` with three.
    init() throws {
        project = try .sample()
        try project.succeed("run", "--name", "two")
        try project.succeed("run", "--name", "three", "-S", "head.lines=3")
    }

    @Test func `the table has metrics, what differs, and what was done`() throws {
        let lines = normalised(try project.run("runs").stdout).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0] == "name   status    started   duration  line_count  head.lines  stages")
        #expect(lines[1] == "three  finished  AGO TIME           3           3  3 ran")
        #expect(lines[2] == "two    finished  AGO TIME           2           2  3 ran")
    }

    @Test func `runs are chosen, sorted and shown as asked`() throws {
        #expect(
            try project.run("runs", "--sort", "metrics.line_count", "--columns", "name,metrics").stdout
                == "name   line_count\ntwo             2\nthree           3\n")
        #expect(
            try project.run("runs", "--filter", "params.head.lines > 2", "--columns", "name").stdout == "name\nthree\n")
        let limited = try project.run("runs", "-n1", "--columns", "name")
        #expect(limited.stdout == "name\nthree\n")
        #expect(limited.stderr == "there are more; see them with --limit 10\n")
        #expect(try project.run("runs", "--filter", "name = 'x'").stderr == "no run fits\n")
    }

    @Test func `a mistake in a filter is pointed at`() throws {
        let result = try project.run("runs", "--filter", "statsu = 'x'")
        #expect(result.status == 2)
        #expect(
            result.stderr == """
                error: filter:1:1: statsu is not an attribute of a run
                  statsu = 'x'
                  ^^^^^^
                hint: did you mean `status`?

                """)
    }

    @Test func `runs as JSON have params and metrics as they are`() throws {
        let json = try JSONValue(parsing: project.run("runs", "--json").stdout)
        #expect(json["runs"][0]["params"]["head.lines"] == .integer(3))
        #expect(json["runs"][0]["metrics"]["line_count"] == .number(3))
        #expect(json["runs"][1]["stages"][0]["state"] == .string("ran"))
        #expect(json["hasMore"] == .bool(false))
    }

    @Test func `show has facts, params, metrics and stages`() throws {
        let text = normalised(try project.run("show", "three").stdout)
        #expect(text.hasPrefix("run         three\nid          "))
        #expect(text.contains("command     repro run --name three -S head.lines=3\n"))
        #expect(text.contains("\nParams\n  head.lines  3\n  shout.mark  !\n\nMetrics\n  line_count  3\n\nStages\n"))
        #expect(text.contains("  ran       head TIME  param head.lines changed: 2 → 3; command 1 changed:"))
        #expect(try project.run("show", "last").stdout.hasPrefix("run         three\n"))
        #expect(try project.run("show", "three", "-v").stdout.contains("out  part.txt  14 B  fcb91540ae11bd04"))
    }

    @Test func `a run that is not there is an error with the nearest name`() throws {
        let result = try project.run("show", "thre")
        #expect(result.status == 3)
        #expect(result.stderr == "error: run thre does not exist\nhint: did you mean `three`?\n")
    }

    @Test func `compare shows only what differs, down to the file`() throws {
        let lines = try project.run("compare", "two", "three").stdout.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        #expect(
            lines == [
                "two three",
                "Params", "head.lines 2 3",
                "Metrics", "line_count 2 3 (+1)",
                "Stages",
                "head ran ran", "out part.txt c796d15e fcb91540",
                "cmd … 2 data.txt >part.txt && echo kept 2 … … 3 data.txt >part.txt && echo kept 3 …",
                "count ran ran", "in part.txt c796d15e fcb91540", "out count.json 02ee40fd 3c4a4ba5",
                "shout ran ran", "in part.txt c796d15e fcb91540", "out loud.txt a3c2d3f9 ef8d1b4d",
            ])
        #expect(
            try project.run("compare", "two", "two").stdout
                == "no difference: params, metrics, code and the files of every stage are the same\n")
        let json = try JSONValue(parsing: project.run("compare", "two", "three", "--json").stdout)
        #expect(json["params"][0]["values"] == .array([.integer(2), .integer(3)]))
        #expect(json["stages"][0]["stage"] == .string("head"))
    }

    @Test func `logs are printed as they were written, also those of a skipped stage`() throws {
        #expect(
            try project.run("logs", "two", "head") == ProgramResult(status: 0, stdout: "kept 2 lines\n", stderr: ""))
        try project.succeed("run", "--name", "again")
        #expect(
            try project.run("logs", "again", "head")
                == ProgramResult(
                    status: 0, stdout: "kept 3 lines\n",
                    stderr: "stage head was skipped in this run; this is what it wrote in run three\n"))
        let json = try JSONValue(parsing: project.run("logs", "two", "head", "--json").stdout)
        #expect(json["text"] == .string("kept 2 lines\n"))
        #expect(try project.run("logs", "two", "hed").stderr.hasSuffix("hint: did you mean `head`?\n"))
    }

    @Test func `restore brings params and outs back`() throws {
        #expect(
            normalised(try project.run("restore", "two").stdout) == """
                restored two (ID)
                  param  head.lines  3 → 2
                  out    part.txt    8 B
                  out    count.json  18 B
                  out    loud.txt    10 B
                3 stages up to date; `repro status` shows the rest

                """)
        #expect(try project.read("part.txt") == "one\ntwo\n")
        #expect(try project.run("status", "--check").status == 0)
    }

    @Test func `restore loses no unsaved work without force`() throws {
        try project.write("part.txt", "precious\n")
        let refused = try project.run("restore", "two")
        #expect(refused.status == 4)
        #expect(refused.stderr.hasSuffix("or pass --force to lose it\n"))
        #expect(try project.read("part.txt") == "precious\n")
        #expect(try project.run("restore", "two", "--force").status == 0)
        #expect(try project.read("part.txt") == "one\ntwo\n")
    }

    @Test func `params and metrics are shown of now and of a run, and compared`() throws {
        #expect(try project.run("params", "show").stdout == "head.lines  3\nshout.mark  !\n")
        #expect(try project.run("params", "show", "two").stdout == "head.lines  2\nshout.mark  !\n")
        #expect(try project.run("metrics", "show").stdout == "line_count  3\n")
        #expect(
            try project.run("metrics", "diff", "two").stdout
                == "name        two  workspace  change\nline_count    2          3      +1\n")
        #expect(try project.run("params", "diff").stderr == "no difference between last and workspace\n")
        let json = try JSONValue(parsing: project.run("params", "diff", "two", "three", "--json").stdout)
        #expect(json["differences"][0]["after"] == .integer(3))
        #expect(
            try JSONValue(parsing: project.run("metrics", "show", "--json").stdout)["values"]["line_count"]
                == .number(3))
    }

    @Test func `verify counts whole objects and names damaged ones with what needs them`() throws {
        #expect(try project.run("verify", "--store").stdout.hasSuffix(": all are whole\n"))
        let part = try project.files(below: ".repro/store/objects").first {
            try project.readBytes($0) == Array("one\ntwo\n".utf8)
        }
        let path = try #require(part)
        project.remove(path)
        try project.write(path, "one\ntvo\n")
        let result = try project.run("verify", "--store")
        #expect(result.status == 5)
        #expect(result.stdout.hasPrefix("damaged  object c796d15e493d134d5d953b5446c61440: its bytes have changed\n"))
        #expect(result.stdout.contains("         needed by run two, stage head, part.txt\n"))
        let json = try JSONValue(parsing: project.run("verify", "--store", "--json").stdout)
        #expect(json["damaged"][0]["id"] == .string("c796d15e493d134d5d953b5446c61440"))
        #expect(try project.run("verify").status == 2)
    }
}
