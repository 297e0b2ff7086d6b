import JSON
import TestSupport
import Testing

/// Ignore files, patterns, untrack and `status --granular`, through the commands.
@Suite struct IgnoreCommandTests {
    let project: TemporaryProject

    init() throws {
        project = try TemporaryProject([
            "data/a.csv": "one\n", "data/in/b.csv": "two\n", "data/in/b.tmp": "x", "data/.hidden/c.csv": "three\n",
        ])
        try project.succeed("init")
    }

    @Test func `an ignored file is not added, and a changed ignore file shows in status`() throws {
        try project.write(".reproignore", "*.tmp\n")
        #expect(try project.run("add", "data").stdout == "added  data  14 B  3 files\n")
        #expect(try project.run("status", "--check").status == 0)
        try project.write("data/other.tmp", "y")
        #expect(try project.run("status", "--check").status == 0)
        try project.write(".reproignore", "*.tmp\n!other.tmp\n")
        let status = try project.run("status", "--check")
        #expect(status.status == 1)
        #expect(status.stdout.hasPrefix("changed  data  1 added\n"))
        #expect(try project.run("diff").stdout == "added  data/other.tmp    1 B\n\n1 added\n")
    }

    @Test func `a path that is ignored is not added by its name`() throws {
        try project.write(".dvcignore", "# none of these\n/data/in/\n")
        let refused = try project.run("add", "data/in/b.csv")
        #expect(refused.status == 2)
        #expect(
            refused.stderr == """
                error: data/in/b.csv is ignored by .dvcignore, line 2
                hint: change .dvcignore, or add other paths

                """)
        #expect(!project.exists("data/in/b.csv.repro"))
    }

    @Test func `check-ignore says by which line`() throws {
        try project.write(".reproignore", "*.tmp\n!in/b.tmp\n")
        try project.write("data/.reproignore", "in/b.*\n")
        let answer = try project.run("check-ignore", "-v", "data/in/b.tmp", "data/a.csv", "x.tmp")
        #expect(answer.stdout == "data/.reproignore:1:in/b.*\tdata/in/b.tmp\n.reproignore:1:*.tmp\tx.tmp\n")
        #expect(answer.status == 0)
        #expect(try project.run("check-ignore", "data/a.csv").status == 1)
        let json = try JSONValue(parsing: project.run("check-ignore", "--json", "x.tmp", "y").stdout)
        #expect(json["paths"][0]["line"] == .integer(1))
        #expect(json["paths"][1]["isIgnored"] == .bool(false))
    }

    @Test func `patterns are expanded, hidden and ignored files left out`() throws {
        try project.write(".reproignore", "b.*\n!b.csv\n")
        let added = try project.run("add", "data/**/*.csv")
        #expect(added.stdout == "added  data/a.csv     4 B\nadded  data/in/b.csv  4 B\n")
        try project.write("data/new.csv", "x")
        // Pointer files are no data.
        #expect(
            try project.run("add", "./data/*.*").stdout == "same   data/a.csv    4 B\nadded  data/new.csv  1 B\n")
    }

    @Test func `a pattern that nothing fits is an error, and a name with a star is a name`() throws {
        let none = try project.run("add", "data/*.npy")
        #expect(none.status == 3)
        #expect(
            none.stderr == """
                error: no file and no folder fits data/*.npy
                hint: `*` fits within one name, `**/` any folders; names that begin with a dot must be spelled

                """)
        try project.write("data/[a]*.csv", "x")
        #expect(try project.run("add", "data/[a]*.csv").stdout == "added  data/[a]*.csv  1 B\n")
    }

    @Test func `untrack gives ordinary files back, also those that are not there`() throws {
        try project.write(".repro/config.yaml", "version: 1\nstore:\n  links: [symlink]\n")
        #expect(try project.shell("git init -q").status == 0)
        try project.succeed("add", "data")
        project.remove("data")
        try project.succeed("checkout")
        #expect(try project.shell("test -L data/a.csv").status == 0)
        project.remove("data/in")
        let untracked = try project.run("untrack", "data")
        #expect(untracked.stdout == "data is an ordinary path again\n")
        #expect(try project.shell("test -f data/a.csv && test ! -L data/a.csv").status == 0)
        #expect(!project.exists("data.repro") && !project.exists(".gitignore"))
        try project.succeed("add", "data/a.csv")
        project.remove("data/a.csv")
        #expect(
            try project.run("untrack", "data/a.csv").stdout
                == "data/a.csv is an ordinary path again; its files were made from the store\n")
        #expect(try project.read("data/a.csv") == "one\n")
        #expect(try project.run("untrack", "data/a.csv").status == 3)
    }

    @Test func `status names each file that differs from its record, and from HEAD`() throws {
        #expect(try project.shell("git init -q").status == 0)
        try project.succeed("add", "data/in")
        try project.commitToGit()
        try project.write("data/in/b.csv", "changed\n")
        try project.succeed("add", "data/in")
        try project.write("data/in/new", "x")
        let status = try project.run("status", "--granular")
        #expect(
            status.stdout.hasSuffix(
                """

                files that differ from their record: 1 added
                added  data/in/new    1 B

                files whose record differs from commit HEAD: 1 changed
                changed  data/in/b.csv  4 B  8 B

                """))
        let json = try JSONValue(parsing: project.run("status", "--granular", "--json").stdout)["files"]
        #expect(json["unrecorded"][0]["path"] == .string("data/in/new"))
        #expect(json["uncommitted"][0]["change"] == .string("changed"))
        #expect(json["notStored"] == .array([]))
    }

    @Test func `a name that is not UTF-8 is added, checked out and removed by its bytes`() throws {
        let line = "printf x > data/$'\\\\377\\\\376.bin'"
        #expect(try project.shell("bash -c \"\(line)\"").status == 0)
        let name = "\"$(printf 'data/\\377\\376.bin')\""
        #expect(try project.shell("repro add \(name)").status == 0)
        #expect(try project.shell("test -f \"$(printf 'data/\\377\\376.bin.repro')\"").status == 0)
        #expect(try project.shell("rm \(name) && repro checkout \(name) && repro cat \(name)").stdout.hasSuffix("x"))
        #expect(try project.shell("repro remove --files \(name) && ! test -e \(name)").status == 0)
    }
}
