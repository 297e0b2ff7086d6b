import TestSupport
import Testing

@Suite struct StageCommandTests {
    @Test func `stages are added, listed, shown and removed`() throws {
        let project = try TemporaryProject(["in.txt": "1\n"])
        try project.succeed("init")
        let added = try project.succeed(
            "stage", "add", "-n", "one", "-d", "in.txt", "-o", "out file", "--", "cp", "in.txt", "out file")
        #expect(added.stdout == "added stage one in repro.yaml\n")
        #expect(
            try project.read("repro.yaml") == """
                stages:
                  one:
                    cmd: cp in.txt 'out file'
                    deps:
                      - in.txt
                    outs:
                      - out file

                """)
        #expect(try project.succeed("stage", "list").stdout == "one  makes out file\n")
        #expect(try project.succeed("stage", "list", "--name-only").stdout == "one\n")
        #expect(
            try project.succeed("stage", "list", "--json").stdout.hasPrefix("[{\"name\":\"one\",\"commands\":[\"cp in"))
        #expect(try project.succeed("stage", "show", "one").stdout.contains("cmd   cp in.txt 'out file'\n"))
        #expect(try project.succeed("freeze", "one").stdout == "frozen: one\n")
        #expect(try project.succeed("unfreeze", "one").stdout == "not frozen any more: one\n")
        try project.succeed("run")
        #expect(try project.read("out file") == "1\n")
        #expect(try project.succeed("stage", "remove", "one").stdout == "removed one from repro.yaml\n")
        #expect(try project.succeed("stage", "list", "--json").stdout == "[]\n")
    }

    @Test func `run frozen exits with 1 if anything would run, and with 0 if nothing would`() throws {
        let project = try TemporaryProject.sample()
        let result = try project.run("run", "--frozen")
        #expect(result.status == 1)
        #expect(result.stderr.hasPrefix("error: the pipeline is not up to date: head, count, shout would run\n"))
        try project.succeed("run")
        try project.succeed("run", "--frozen")
    }

    @Test func `commit records what was made by hand`() throws {
        let project = try TemporaryProject.sample()
        try project.write("part.txt", "by hand\n")
        #expect(try project.succeed("commit", "head").stdout == "recorded head\n")
        #expect(try project.succeed("run", "head").stdout.contains("1 skipped"))
    }
}

@Suite struct QueueCommandTests {
    @Test func `a grid is queued, worked on, and compared`() throws {
        let project = try TemporaryProject.sample()
        try project.commitToGit()
        let queued = try project.succeed("run", "--queue", "-S", "head.lines=1,3", "--name", "grid")
        #expect(queued.stdout.split(separator: "\n").count == 2)
        #expect(queued.stdout.contains("head.lines=3"))
        #expect(try project.succeed("queue", "status").stdout.contains("queued"))
        try project.succeed("queue", "start", "--runs", "2")
        let runs = try project.succeed("runs", "--columns", "name,metrics.line_count", "--sort", "name").stdout
        #expect(
            runs.split(separator: "\n").dropFirst().map { $0.split(separator: " ").joined(separator: " ") } == [
                "grid-1 1", "grid-2 3",
            ])
        #expect(try project.succeed("queue", "status", "--json").stdout == "{\"runs\":[]}\n")
        #expect(!project.exists("part.txt"))
    }

    @Test func `a run whose worker was killed is taken up by the next worker`() throws {
        let project = try TemporaryProject([
            "repro.yaml": """
            stages:
              first:
                cmd: echo first >> "$REPRO_ROOT/../../../ran.log"; echo 1 > first.txt
                outs: [first.txt]
              slow:
                cmd: echo slow >> ../../../ran.log; [ -e ../../../go ] || sleep 100; cp first.txt slow.txt
                deps: [first.txt]
                outs: [slow.txt]

            """
        ])
        try project.succeed("init")
        try project.succeed("run", "--queue", "--name", "lost")
        let worker = try project.start(["queue", "start"])
        for _ in 0..<3000 {
            if project.exists("ran.log"), try project.read("ran.log").contains("slow") { break }
            _ = try project.shell("sleep 0.01")
        }
        worker.send(9)
        _ = worker.wait()
        #expect(try project.succeed("queue", "status").stdout.contains("queued"))
        try project.write("go", "")
        try project.succeed("queue", "start")
        #expect(try project.read("ran.log") == "first\nslow\nslow\n")
        #expect(try project.succeed("runs", "--columns", "name,status").stdout.contains("finished"))
        try project.succeed("verify", "--store")
    }
}
