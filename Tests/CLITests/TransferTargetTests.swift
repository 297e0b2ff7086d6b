import Files
import JSON
import TestSupport
import Testing

/// What `push`, `fetch` and `pull` are told to transfer.
@Suite struct TransferTargetTests {
    private static let pipeline = """
        stages:
          one:
            cmd: echo one > one.txt
            outs: [one.txt]
          two:
            cmd: mkdir -p two && echo a > two/a.txt && echo b > two/b.txt
            outs: [two]
        """

    /// Two stages that ran, and tracked data of two folders.
    private func project() throws -> TemporaryProject {
        let project = try TemporaryProject([
            "repro.yaml": Self.pipeline, "data/train/x.csv": "x\n", "data/test/y.csv": "y\n", "data/z.csv": "z\n",
        ])
        try project.succeed("init")
        try project.succeed("add", "data")
        try project.succeed("run", "--name", "first")
        try project.succeed("remote", "add", "origin", "../remote")
        return project
    }

    /// The same, without data, as after a clone.
    private func clone(_ project: TemporaryProject) throws -> TemporaryProject {
        let clone = try TemporaryProject(["repro.yaml": Self.pipeline])
        try clone.succeed("init")
        for name in ["repro.lock", "data.repro"] { try clone.write(name, project.read(name)) }
        try clone.succeed("remote", "add", "origin", project.path("../remote").description)
        return clone
    }

    @Test func `pointer data is pushed and pulled beside outs`() throws {
        let project = try project()
        try project.succeed("push")
        let clone = try clone(project)
        let pulled = try clone.succeed("pull").stdout
        #expect(pulled.contains("  data\n") && pulled.contains("  one.txt\n") && pulled.contains("  two\n"))
        #expect(try clone.read("data/train/x.csv") == "x\n")
        #expect(try clone.run("status", "--check").status == 0)
    }

    @Test func `only what is named is sent`() throws {
        let project = try project()
        try project.succeed("push", "one")
        let clone = try clone(project)
        #expect(try clone.succeed("pull", "one.txt").stdout.hasSuffix("  one.txt\n"))
        #expect(try clone.run("pull", "two").status == 5)
        #expect(!clone.exists("two"))
        try project.succeed("push", "data.repro")
        try clone.succeed("pull", "data")
        #expect(try clone.read("data/z.csv") == "z\n")
    }

    @Test func `a part of a tracked folder is pulled alone`() throws {
        let project = try project()
        try project.succeed("push")
        let clone = try clone(project)
        #expect(try clone.succeed("pull", "data/train").stdout.hasSuffix("  data/train\n"))
        #expect(try clone.files(below: "data") == ["data/train/x.csv"])
        try clone.succeed("pull", "two/b.txt")
        #expect(try clone.files(below: "two") == ["two/b.txt"])
        let wrong = try clone.run("pull", "data/nothing")
        #expect(wrong.status == 3)
    }

    @Test func `commits, branches and tags are sent and fetched on request`() throws {
        let project = try TemporaryProject(["data.csv": "first\n"])
        #expect(try project.shell("git init -q -b main && repro init && repro add data.csv").status == 0)
        try project.commitToGit()
        #expect(try project.shell("git tag v1 && echo second > data.csv && repro add data.csv").status == 0)
        #expect(try project.shell("git commit -qam two && repro remote add origin ../remote").status == 0)
        try project.succeed("push")
        let clone = try TemporaryProject([:])
        #expect(try clone.shell("git clone -q \(project.path(".")) work").status == 0)
        let label = project.path("../remote").description
        #expect(try clone.shell("cd work && repro remote add there \(label) && repro fetch --rev v1").status == 5)
        try project.succeed("push", "--all-tags")
        #expect(try clone.shell("cd work && repro fetch --rev v1 && repro cat data.csv@v1").stdout.hasSuffix("first\n"))
        #expect(try clone.shell("cd work && repro pull -a -T && cat data.csv").stdout.hasSuffix("second\n"))
        let bad = try project.run("push", "--rev", "nowhere")
        #expect(bad.status == 3)
        #expect(
            bad.stderr == "error: `nowhere` is no commit of a Git repository\nhint: name a branch, a tag or a commit\n")
    }

    @Test func `what other commits record and nobody has is named`() throws {
        let project = try TemporaryProject(["data.csv": "first\n"])
        #expect(try project.shell("git init -q -b main && repro init && repro add data.csv").status == 0)
        try project.commitToGit()
        #expect(try project.shell("git tag v1 && echo second > data.csv && repro add data.csv").status == 0)
        #expect(try project.shell("repro gc && repro remote add origin ../remote").status == 0)
        let pushed = try project.succeed("push", "--all-tags").stdout
        #expect(pushed.hasSuffix("  neither here nor there: v1: data.csv\n"))
    }

    @Test func `one run is sent, and fetched by its name, with what it made`() throws {
        let project = try project()
        try project.succeed("run", "--name", "second", "--force")
        let pushed = try project.succeed("push", "first")
        #expect(pushed.stdout.hasSuffix("  1 run with all that was logged\n"))
        let clone = try TemporaryProject(["repro.yaml": Self.pipeline])
        try clone.succeed("init")
        try clone.succeed("remote", "add", "origin", project.path("../remote").description)
        #expect(try clone.succeed("fetch", "first").stdout.hasSuffix("  1 run of others, see `repro runs`\n"))
        try clone.succeed("restore", "first")
        #expect(try clone.read("two/b.txt") == "b\n")
        let unknown = try clone.run("fetch", "second")
        #expect(unknown.status == 3)
        #expect(unknown.stderr.hasPrefix("error: nothing that is recorded, and no run, is called `second`\n"))
    }

    @Test func `with the run cache the outs of former runs are sent, too`() throws {
        let project = try project()
        try project.write("repro.yaml", Self.pipeline.replacing("echo one", with: "echo other"))
        try project.succeed("run")
        try project.succeed("push", "--run-cache")
        let clone = try clone(project)
        try clone.succeed("fetch", "--run-cache")
        #expect(try clone.succeed("run", "--json").stdout.contains("\"cached\""))
        #expect(try clone.read("one.txt") == "one\n")
    }

    @Test func `outs that nobody keeps are neither sent nor missed`() throws {
        let project = try TemporaryProject([
            "repro.yaml": "stages:\n  m:\n    cmd: echo 1 > m.json\n    metrics:\n    - m.json: {cache: false}\n"
        ])
        try project.succeed("init")
        try project.succeed("run")
        try project.succeed("remote", "add", "origin", "../remote")
        try project.succeed("push")
        project.remove(".repro/store")
        try project.succeed("fetch")
        try project.succeed("pull")
    }
}
