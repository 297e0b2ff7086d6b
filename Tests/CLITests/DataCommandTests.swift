import JSON
import TestSupport
import Testing

@Suite struct DataCommandTests {
    let project: TemporaryProject

    init() throws {
        project = try TemporaryProject([
            "data/raw/a.txt": "one\n", "data/raw/sub/b.txt": "two\n", "single.csv": "1,2\n",
        ])
        try project.succeed("init")
    }

    @Test func `a folder is added, removed and checked out again`() throws {
        #expect(try project.run("add", "data/raw").stdout == "added  data/raw  8 B  2 files\n")
        #expect(
            try project.read("data/raw.repro") == """
                # Made by `repro add`: what the path beside it, of this name without `.repro`, holds. Keep it in Git.
                version: 1
                files: 2
                tree_size: 154
                size: 8
                xxh3: "\(try pointer("data/raw.repro", "xxh3"))"
                sha256: "\(try pointer("data/raw.repro", "sha256"))"

                """)
        project.remove("data/raw")
        #expect(try project.run("checkout").stdout == "done  data/raw  2 files made\n")
        #expect(try project.read("data/raw/sub/b.txt") == "two\n")
        #expect(try project.run("checkout").stdout == "1 path as recorded already\n")
    }

    /// The value of a key of a pointer file, without quotes.
    private func pointer(_ path: String, _ key: String) throws -> Substring {
        let line = try project.read(path).split(separator: "\n").first { $0.hasPrefix("\(key): ") } ?? ""
        return line.dropFirst(key.count + 2).replacing("\"", with: "")
    }

    @Test func `adding again says what has changed`() throws {
        try project.succeed("add", "single.csv")
        #expect(try project.run("add", "single.csv").stdout == "same  single.csv  4 B\n")
        try project.write("single.csv", "1,2,3\n")
        let json = try JSONValue(parsing: project.run("add", "single.csv", "--json").stdout)
        #expect(json["added"][0]["pointer"] == .string("single.csv.repro"))
        #expect(json["added"][0]["before"]["contentBytes"] == .integer(4))
        #expect(json["added"][0]["after"]["contentBytes"] == .integer(6))
    }

    @Test func `a path inside a tracked folder stands for the folder`() throws {
        try project.succeed("add", "data/raw")
        try project.write("data/raw/new.txt", "three\n")
        #expect(try project.run("add", "data/raw/new.txt").stdout == "changed  data/raw  14 B  3 files\n")
        #expect(!project.exists("data/raw/new.txt.repro"))
    }

    @Test func `a part of a tracked folder is checked out alone`() throws {
        try project.succeed("add", "data/raw")
        project.remove("data/raw")
        #expect(try project.run("checkout", "data/raw/sub").stdout == "done  data/raw/sub  1 file made\n")
        #expect(try project.files(below: "data/raw") == ["data/raw/sub/b.txt"])
        #expect(
            try project.run("checkout", "data/raw/none").stderr == """
                error: what is recorded of data/raw has no data/raw/none
                hint: list what it holds with `repro diff`

                """)
    }

    @Test func `checkout loses no unsaved file without force`() throws {
        try project.succeed("add", "data/raw", "single.csv")
        try project.write("data/raw/a.txt", "changed\n")
        project.remove("single.csv")
        let dry = try project.run("checkout", "--dry-run")
        #expect(
            dry.stdout.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") } == [
                "would refuse data/raw 1 file made, 1 as they were, 1 unsaved would be lost, as data/raw/a.txt",
                "would do single.csv 1 file made",
            ])
        let refused = try project.run("checkout")
        #expect(refused.status == 4)
        #expect(refused.stdout == "done  single.csv  1 file made\n")
        #expect(
            refused.stderr == """
                error: data/raw/a.txt would be overwritten, and what is there now is not saved anywhere
                hint: move it away, or pass --force to lose it

                """)
        #expect(try project.read("data/raw/a.txt") == "changed\n")
        try project.succeed("checkout", "--force")
        #expect(try project.read("data/raw/a.txt") == "one\n")
    }

    @Test func `in Git the data is ignored, and data in Git is refused`() throws {
        try project.commitToGit()
        let refused = try project.run("add", "single.csv")
        #expect(refused.status == 4)
        #expect(
            refused.stderr == """
                error: single.csv is in Git, which would keep a second copy of it
                hint: `git rm -r --cached single.csv` takes it out of Git and leaves the files

                """)
        try project.write("new/it's [1].csv", "x")
        let added = try project.run("add", "new/it's [1].csv")
        #expect(added.status == 0)
        #expect(added.stderr == "for Git: git add 'new/it'\\''s [1].csv.repro' new/.gitignore\n")
        #expect(try project.read("new/.gitignore") == "/it's \\[1].csv\n")
        #expect(
            try project.shell("git status --porcelain -uall").stdout
                == "?? new/.gitignore\n?? \"new/it's [1].csv.repro\"\n")
        try project.succeed("add", "new/it's [1].csv")
        #expect(try project.read("new/.gitignore") == "/it's \\[1].csv\n")
    }

    @Test func `paths come from standard input, also with line breaks in them`() throws {
        try project.write("data/odd\nname", "x")
        let lines = try project.shell("printf 'single.csv\\ndata/raw\\n' | repro add -")
        #expect(lines.stdout == "added  data/raw    8 B  2 files\nadded  single.csv  4 B\n")
        let zeros = try project.shell("find data -name 'odd*' -print0 | repro add -")
        #expect(zeros.status == 0)
        #expect(project.exists("data/odd\nname.repro"))
    }

    @Test func `without a store only the fingerprint is recorded`() throws {
        try project.succeed("add", "--no-store", "data/raw")
        #expect(try project.read("data/raw.repro").hasSuffix("stored: false\n"))
        #expect(!project.exists(".repro/store/objects"))
        project.remove("data/raw")
        #expect(try project.run("checkout").status == 0)
        #expect(!project.exists("data/raw"))
    }

    @Test func `what cannot be added is refused with the reason`() throws {
        try project.succeed("add", "data/raw")
        let refusals = [
            ("nothing", 3, "error: nothing does not exist\n"),
            (".", 2, "error: the project's own folder cannot be tracked as a whole\n"),
            (".repro/config.yaml", 2, "error: .repro/config.yaml belongs to Repro, Git or DVC and cannot be tracked\n"),
            ("../x", 2, "error: path ../x is outside the project\n"),
            ("data", 4, "error: data holds data/raw, which is tracked by itself\n"),
        ]
        for (path, status, message) in refusals {
            let result = try project.run("add", path)
            #expect(result.status == Int32(status))
            #expect(result.stderr.hasPrefix(message))
        }
        let sample = try TemporaryProject.sample()
        try sample.succeed("run")
        let refused = try sample.run("add", "part.txt")
        #expect(refused.status == 4)
        #expect(refused.stderr == "error: part.txt is an out of stage head, which keeps it already\n")
    }

    @Test func `a damaged pointer is named, and the others are checked out`() throws {
        try project.succeed("add", "data/raw", "single.csv")
        try project.write("data/raw.repro", "version: 1\nsize: many\n")
        project.remove("single.csv")
        let result = try project.run("checkout")
        #expect(result.status == 2)
        #expect(result.stdout == "done  single.csv  1 file made\n")
        #expect(
            result.stderr.hasPrefix(
                "error: data/raw.repro:2:7: the pointer file is damaged: `size` must be a whole number\n"))
    }

    @Test func `a stage depends on tracked data as on any file, and its outs are checked out too`() throws {
        let pipeline = """
            stages:
              sum:
                cmd: cat data/raw/*.txt > all.txt
                deps: [data/raw]
                outs: [all.txt]

            """
        try project.write("repro.yaml", pipeline)
        try project.succeed("add", "data/raw")
        try project.succeed("run")
        project.remove("data/raw")
        project.remove("all.txt")
        #expect(try project.run("checkout").stdout == "done  all.txt   1 file made\ndone  data/raw  2 files made\n")
        #expect(try project.run("status", "--check").status == 0)
    }
}
