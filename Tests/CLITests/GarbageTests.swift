import JSON
import TestSupport
import Testing

@Suite struct GarbageTests {
    let project: TemporaryProject

    /// Tracked `data`, of which a former version is in the store too.
    init() throws {
        project = try TemporaryProject(["data/a.txt": "old\n", "data/b.txt": "same\n"])
        try project.succeed("init")
        try project.succeed("add", "data")
        try project.write("data/a.txt", "new\n")
        try project.succeed("add", "data")
    }

    /// The stored objects' contents that are text.
    private func contents() throws -> Set<String> {
        Set(try project.files(below: ".repro/store/objects").map { try project.read($0) }.filter { $0.hasSuffix("\n") })
    }

    @Test func `what nothing refers to is removed, and the rest is kept for a reason`() throws {
        let dry = try project.run("gc", "--dry-run")
        #expect(
            dry.stdout == """
                kept for        objects  on disk
                data (tracked)        3    149 B

                would remove 2 objects, 144 B

                """)
        #expect(try contents() == ["old\n", "new\n", "same\n"])
        #expect(try project.run("gc").stdout.hasSuffix("removed 2 objects, 144 B\n"))
        #expect(try contents() == ["new\n", "same\n"])
        #expect(try project.run("verify", "--store").status == 0)
        project.remove("data")
        try project.succeed("checkout")
        #expect(try project.read("data/a.txt") == "new\n")
        let json = try JSONValue(parsing: project.run("gc", "--json").stdout)
        #expect(json["removed"] == .array([]))
        #expect(json["kept"][0]["objects"] == .integer(3))
    }

    @Test func `runs keep nothing if asked so, and deleted ones may be left out`() throws {
        let sample = try TemporaryProject.sample()
        try sample.succeed("run", "--name", "two")
        try sample.succeed("run", "--name", "three", "-S", "head.lines=3")
        try sample.succeed("runs", "delete", "two")
        let all = try sample.run("gc", "-n").stdout
        #expect(all.contains("run two") && all.contains("run three"))
        let undeleted = try sample.run("gc", "-n", "--runs", "undeleted").stdout
        #expect(!undeleted.contains("run two") && undeleted.contains("run three"))
        let none = try sample.run("gc", "-n", "--runs", "none").stdout
        #expect(!none.contains("run three") && none.contains("(out of head)"))
        try sample.succeed("gc", "--runs", "none")
        #expect(try sample.run("verify", "--store").status == 0)
        #expect(try sample.run("status", "--check").status == 0)
        #expect(try sample.run("restore", "two").status != 0)
    }

    @Test func `what is young stays if an age is named`() throws {
        #expect(try project.run("gc", "-n", "--older-than", "1h").stdout.hasSuffix("would remove 0 objects, 0 B\n"))
        #expect(try project.run("gc", "-n", "--older-than", "0m").stdout.contains("would remove 2 objects"))
        let refused = try project.run("gc", "--older-than", "soon")
        #expect(refused.status == 2)
        #expect(
            refused.stderr == "error: option --older-than: soon is no age; write 90m, 12h, 30d or 8w\n")
    }

    @Test func `branches and tags are kept if asked for`() throws {
        let former = try TemporaryProject(["data.csv": "first\n"])
        #expect(try former.shell("git init -q -b main && repro init && repro add data.csv").status == 0)
        try former.commitToGit()
        #expect(try former.shell("git tag -a v1 -m one && echo second > data.csv && repro add data.csv").status == 0)
        #expect(try former.shell("git commit -qam two").status == 0)
        #expect(try former.run("gc", "--dry-run").stdout.hasSuffix("would remove 1 object, 6 B\n"))
        #expect(try former.run("gc", "--all-branches", "-n").stdout.hasSuffix("would remove 1 object, 6 B\n"))
        #expect(try former.run("gc", "--all-tags").stdout.contains("v1: data.csv (tracked)"))
        #expect(try former.run("cat", "data.csv@v1").stdout == "first\n")
    }

    @Test func `runs keep what they read, made and logged`() throws {
        let sample = try TemporaryProject.sample()
        try sample.succeed("run", "--name", "two")
        try sample.succeed("run", "--name", "three", "-S", "head.lines=3")
        try sample.succeed("gc")
        try sample.succeed("restore", "two")
        #expect(try sample.read("part.txt") == "one\ntwo\n")
        #expect(try sample.run("logs", "two", "head").stdout == "kept 2 lines\n")
    }

    @Test func `a pointer that cannot be read stops it before anything is removed`() throws {
        try project.write("other.repro", "version: 1\n")
        #expect(try project.run("gc").status == 2)
        #expect(try contents() == ["old\n", "new\n", "same\n"])
    }

    @Test func `other projects that use the store keep what they need`() throws {
        let config = "version: 1\nstore:\n  path: \(project.path(".repro/store"))\n"
        let other = try TemporaryProject(["x.txt": "of the other\n", ".repro/config.yaml": config])
        try other.succeed("add", "x.txt")
        #expect(try contents().contains("of the other\n"))
        try project.succeed("gc")
        #expect(try contents() == ["new\n", "same\n", "of the other\n"])
        other.remove(".repro")
        let lost = try project.run("gc")
        #expect(lost.status == 4)
        #expect(
            lost.stderr == """
                error: the project \(other.root) uses this store, and is not there now
                hint: mount or restore it; if it is no more, pass --forget-project \(other.root)

                """)
        try project.succeed("gc", "--forget-project", "\(other.root)")
        #expect(try contents() == ["new\n", "same\n"])
    }

    @Test func `what a running stage has stored or used stays`() throws {
        let pipeline = """
            stages:
              first:
                cmd: cp data/a.txt out.txt
                deps: [data]
                outs: [out.txt]
              last:
                cmd: "touch started; while [ ! -e go ]; do sleep 0.05; done; echo done > last.txt"
                deps: [out.txt]
                outs: [last.txt]

            """
        try project.write("repro.yaml", pipeline)
        let running = try project.start(["run"])
        #expect(
            try project.shell("for i in $(seq 600); do [ -e started ] && exit 0; sleep 0.05; done; exit 1").status == 0)
        // Adds what was garbage a moment ago, while the run goes on.
        try project.write("old.txt", "old\n")
        try project.succeed("add", "old.txt")
        try project.succeed("remove", "--files", "old.txt")
        #expect(try project.run("gc").status == 0)
        try project.write("go", "")
        #expect(running.wait().status == 0)
        #expect(try project.run("verify", "--store").status == 0)
        project.remove("out.txt")
        project.remove("last.txt")
        try project.succeed("checkout")
        #expect(try project.read("out.txt") == "new\n")
    }

    @Test func `what a killed collection had set aside is put back`() throws {
        let object = try #require(try project.files(below: ".repro/store/objects").first)
        let digits = object.split(separator: "/").suffix(2).joined()
        #expect(try project.shell("mkdir .repro/store/trash && mv \(object) .repro/store/trash/\(digits)").status == 0)
        try project.succeed("status")
        #expect(project.exists(object))
        #expect(!project.exists(".repro/store/trash"))
    }

    @Test func `killed at any moment, it loses nothing that is recorded`() throws {
        var random = SeededRandom(seed: 3)
        for round in 0..<30 {
            try project.write("data/a.txt", "round \(round)\n")
            try project.succeed("add", "data")
            let collection = try project.start(["gc"])
            #expect(try project.shell("sleep 0.0\(10 + random.next(below: 50))").status == 0)
            collection.send(9)
            _ = collection.wait()
            project.remove("data")
            try project.succeed("checkout")
            #expect(try project.read("data/a.txt") == "round \(round)\n")
        }
        #expect(try project.run("verify", "--store").status == 0)
    }
}
