import JSON
import TestSupport
import Testing

@Suite struct DataDiffTests {
    let project: TemporaryProject

    /// Tracked folder `data`, committed, then with a file renamed, one changed and one new.
    init() throws {
        project = try TemporaryProject(["data/a.txt": "one\n", "data/sub/b.txt": "two\n"])
        try project.succeed("init")
        #expect(try project.shell("git init -q -b main").status == 0)
        try project.succeed("add", "data")
        try project.commitToGit()
        try project.write("data/sub/b.txt", "three\n")
        try project.write("data/new.txt", "four\n")
        project.remove("data/a.txt")
        try project.write("data/z.txt", "one\n")
    }

    private static let changes = """
        added    data/new.txt                  5 B
        changed  data/sub/b.txt           4 B  6 B
        renamed  data/a.txt → data/z.txt  4 B

        1 added, 1 changed, 1 renamed

        """

    @Test func `files that were added, changed and renamed are named`() throws {
        #expect(try project.run("diff").stdout == Self.changes)
        #expect(try project.run("diff", "HEAD").stdout == Self.changes)
        #expect(try project.run("diff", "--check").status == 1)
        #expect(try project.run("diff", "--path", "data/sub").stdout.hasPrefix("changed  data/sub/b.txt  4 B  6 B\n"))
        let json = try JSONValue(parsing: project.run("diff", "workspace", "recorded", "--json").stdout)
        #expect(json["changes"][0]["change"] == .string("renamed"))
        #expect(json["changes"][0]["renamedFrom"] == .string("data/z.txt"))
        #expect(json["changes"][1]["change"] == .string("removed"))
        #expect(json["changes"][2]["before"]["sizeBytes"] == .integer(6))
    }

    @Test func `two commits are compared by what they record`() throws {
        try project.succeed("add", "data")
        #expect(
            try project.run("diff")
                == ProgramResult(
                    status: 0, stdout: "", stderr: "no difference between recorded and workspace\n"))
        #expect(try project.shell("git commit -qam second").status == 0)
        project.remove("data")
        #expect(try project.run("diff", "HEAD~1", "HEAD").stdout == Self.changes)
        #expect(try project.run("diff", "none").status == 3)
    }

    @Test func `status tells how data differs from its pointers`() throws {
        let text =
            "changed  data  1 added, 1 changed, 1 renamed\n\n1 changed: `repro add` records that, `repro diff` shows it\n"
        #expect(try project.run("status").stdout == text)
        #expect(try project.run("status", "--check").status == 1)
        try project.succeed("add", "data")
        #expect(try project.run("status").stdout == "same  data  3 files\n\ntracked data is as recorded\n")
        project.remove("data")
        #expect(try project.run("status").stdout.hasPrefix("missing  data  3 files\n"))
        #expect(
            try JSONValue(parsing: project.run("status", "--json").stdout)["data"]["items"][0]["state"]
                == .string("missing"))
    }

    @Test func `a run is compared by what its stages read and wrote`() throws {
        let sample = try TemporaryProject.sample()
        try sample.succeed("run", "--name", "two")
        try sample.succeed("run", "--name", "three", "-S", "head.lines=3")
        let json = try JSONValue(parsing: sample.run("diff", "two", "three", "--json").stdout)
        #expect(json["changes"][0]["path"] == .string("count.json"))
        #expect(json["changes"][2]["path"] == .string("part.txt"))
        #expect(try sample.run("diff", "three").stderr == "no difference between three and workspace\n")
    }
}
