import Diagnostics
import Files
import TestSupport
import Testing

/// The commands for remotes, through the built binary, with a folder as the remote.
@Suite struct RemoteCommandTests {
    private static let pipeline = """
        stages:
          make:
            cmd: seq 1 20000 > numbers.txt && mkdir -p parts && echo a > parts/a && echo b > parts/b && echo done
            outs: [numbers.txt, parts]
        """

    private func project() throws -> TemporaryProject {
        let project = try TemporaryProject(["repro.yaml": Self.pipeline])
        try project.succeed("init")
        return project
    }

    @Test func `what one project pushed another one pulls, and runs nothing`() throws {
        let first = try project()
        try first.succeed("run")
        try first.succeed("remote", "add", "origin", "../remote")
        let pushed = try first.succeed("push")
        #expect(try first.succeed("remote", "verify").stdout.hasSuffix(": all are whole\n"))
        #expect(pushed.stdout.hasPrefix(first.path("../remote").description + ": sent "))
        let again = try first.succeed("push")
        #expect(again.stdout == first.path("../remote").description + ": everything is there already\n")

        let second = try project()
        try second.write("repro.lock", first.read("repro.lock"))
        try second.succeed("remote", "add", "origin", first.path("../remote").description)
        try second.succeed("pull")
        #expect(try second.read("numbers.txt") == first.read("numbers.txt"))
        #expect(try second.read("parts/b") == "b\n")
        let status = try second.run("status", "--check")
        #expect(status.status == 0)
    }

    @Test func `what was fetched is taken by the next run from the run cache`() throws {
        let first = try project()
        try first.succeed("run")
        try first.succeed("remote", "add", "origin", "../remote")
        try first.succeed("push")

        let second = try project()
        try second.write("repro.lock", first.read("repro.lock"))
        try second.succeed("remote", "add", "origin", first.path("../remote").description)
        let fetched = try second.succeed("fetch")
        #expect(fetched.stdout.contains("  1 new in the run cache\n"))
        #expect(!second.exists("numbers.txt"))
        let run = try second.succeed("run", "--json")
        #expect(run.stdout.contains("\"cached\""))
        #expect(second.exists("numbers.txt"))
    }

    @Test func `two projects that share a remote see each other's runs`() throws {
        let first = try project()
        try first.succeed("run", "--name", "mine")
        try first.succeed("remote", "add", "origin", "../remote")
        #expect(try first.succeed("push").stdout.hasSuffix("  1 run with all that was logged\n"))

        let second = try project()
        try second.succeed("run", "--name", "theirs")
        try second.succeed("remote", "add", "origin", first.path("../remote").description)
        #expect(try second.succeed("fetch").stdout.hasSuffix("  1 run of others, see `repro runs`\n"))
        #expect(try second.succeed("show", "mine", "--json").stdout.contains("\"finished\""))
        #expect(try second.succeed("logs", "mine", "make").stdout == "done\n")
        try second.succeed("push")

        #expect(try first.succeed("fetch").stdout.hasSuffix("  1 run of others, see `repro runs`\n"))
        let runs = try first.succeed("runs").stdout
        #expect(runs.contains("mine") && runs.contains("theirs"))
        #expect(try !first.succeed("fetch").stdout.contains("of others"))
    }

    @Test func `a dry run changes nothing`() throws {
        let project = try project()
        try project.succeed("run")
        try project.succeed("remote", "add", "origin", "../remote")
        let result = try project.succeed("push", "--dry-run")
        #expect(result.stdout.contains(": would send 7 objects, "))
        #expect(!project.exists("../remote/packs"))
    }

    @Test func `remotes are added, shown, changed, chosen and removed`() throws {
        let project = try project()
        try project.succeed("remote", "add", "one", "s3://bucket/a", "--region", "eu-west-1")
        try project.succeed("remote", "add", "two", "../share", "--local")
        try project.succeed("remote", "modify", "one", "--endpoint", "http://localhost:1", "--unset", "region")
        try project.succeed("remote", "default", "two")
        #expect(try project.succeed("remote", "default").stdout == "two\n")
        let list = try project.succeed("remote", "list", "--json").stdout
        #expect(list.contains("\"http://localhost:1\""))
        #expect(!list.contains("eu-west-1"))
        #expect(try project.read(".repro/config.yaml").contains("url: s3://bucket/a"))
        #expect(try project.read(".repro/config.local.yaml").contains("url: ../share"))
        try project.succeed("remote", "remove", "two")
        #expect(try project.succeed("remote", "default").stdout == "one\n")
        #expect(try !project.read(".repro/config.local.yaml").contains("two"))
    }

    @Test func `a remote is tried step by step`() throws {
        let project = try project()
        try project.succeed("remote", "add", "disk", "../share")
        let good = try project.succeed("remote", "test")
        #expect(good.stdout.hasSuffix("  list: ok\n  write: ok\n  read: ok\n  delete: ok\n"))
        try project.succeed("remote", "add", "web", "http://127.0.0.1:1/x")
        let bad = try project.run("remote", "test", "web")
        #expect(bad.status == 6)
        #expect(bad.stdout.hasSuffix("  list: failed\n"))
        #expect(
            bad.stderr == """
                error: remote http://127.0.0.1:1/x: http://127.0.0.1:1 cannot be reached: Couldn't connect to server
                hint: check the host, the port and the network

                """)
    }

    @Test(
        arguments: [
            (["push"], Int32(3), "error: no remote is configured\nhint: add one with `repro remote add NAME URL`\n"),
            (
                ["remote", "add", "a b", "/x"], 2,
                "error: `a b` cannot be the name of a remote\nhint: use lower-case letters, digits, `-`, `_` and `.`\n"
            ),
            (
                ["remote", "add", "x", "ftp://x"], 2,
                "error: remote URL `ftp://x` cannot be used: ftp is not a kind of remote\n"
                    + "hint: use s3://BUCKET/PATH, gs://BUCKET/PATH, https://HOST/PATH or the path of a folder\n"
            ),
            (
                ["remote", "remove", "x"], 3,
                "error: there is no remote `x`\nhint: list them with `repro remote list`\n"
            ),
        ] as [([String], Int32, String)])
    func `a mistake is explained`(words: [String], status: Int32, message: String) throws {
        let result = try project().run(words)
        #expect(result.status == status)
        #expect(result.stderr == message)
    }

    @Test func `an object that is damaged in the remote is named, and what is whole is fetched`() throws {
        let first = try project()
        try first.succeed("run")
        try first.succeed("remote", "add", "origin", "../remote")
        try first.succeed("push")
        let pack = try #require(try packs(first).first)
        let place = "../remote/packs/\(pack)"
        var bytes = try first.readBytes(place)
        bytes[20] ^= 0xFF
        first.remove(place)
        try first.write(place, bytes: bytes)

        let second = try project()
        try second.write("repro.lock", first.read("repro.lock"))
        try second.succeed("remote", "add", "origin", first.path("../remote").description)
        let verified = try first.run("remote", "verify")
        #expect(verified.status == 5)
        #expect(verified.stdout.contains("damaged  packs/\(pack) ("))
        let result = try second.run("fetch")
        #expect(result.status == 5)
        #expect(result.stderr.contains("packs/\(pack) is damaged: "))
    }

    private func packs(_ project: TemporaryProject) throws -> [String] {
        let listed = try project.shell("ls ../remote/packs")
        return listed.stdout.split(separator: "\n").map(String.init)
    }
}
