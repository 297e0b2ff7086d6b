import Diagnostics
import Files
import Glibc
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
        let label = first.path("../remote").description
        let before = try first.succeed("status", "--remote").stdout
        #expect(before.hasPrefix("\(label):\n  to push: "))
        #expect(before.hasSuffix("  to push: 1 run\n"))
        let pushed = try first.succeed("push")
        #expect(try first.succeed("status", "--remote").stdout == "\(label): nothing to push or fetch\n")
        #expect(try first.succeed("remote", "verify").stdout.hasSuffix(": all are whole\n"))
        #expect(pushed.stdout.hasPrefix(first.path("../remote").description + ": sent "))
        let again = try first.succeed("push")
        #expect(again.stdout == first.path("../remote").description + ": everything is there already\n")

        let second = try project()
        try second.write("repro.lock", first.read("repro.lock"))
        try second.succeed("remote", "add", "origin", first.path("../remote").description)
        #expect(try second.succeed("status", "--remote").stdout.contains("  to fetch: "))
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

    @Test func `a pull from where nothing was ever pushed says so, once`() throws {
        let project = try project()
        try project.write("data.txt", "data\n")
        try project.succeed("add", "data.txt")
        try project.succeed("remote", "add", "origin", "../remote")
        #expect(try project.run("pull").status == 0)
        project.remove("data.txt")
        project.remove(".repro/store")
        let result = try project.run("pull")
        #expect(result.status == 3)
        #expect(
            result.stderr == """
                error: remote \(project.path("../remote")): nothing was ever pushed there
                hint: push first, or check the URL

                """)
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
        #expect(good.stdout.hasSuffix("  list: ok\n  write: ok\n  read: ok\n  clock: ok\n  delete: ok\n"))
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
                ["push", "--limit-rate", "fast"], 2,
                "error: `fast` is no rate\nhint: `--limit-rate 10M` is ten MiB a second\n"
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

    @Test func `a push, a fetch and a pull that are killed at any moment are finished by the next`() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        let pipeline = Self.pipeline.replacing("20000", with: "900000")
        let first = try TemporaryProject(["repro.yaml": pipeline])
        try first.succeed("init")
        try first.succeed("run")
        try first.succeed("remote", "add", "origin", "../remote")
        try kill("push", in: first, times: 10, &random)
        try first.succeed("push")
        #expect(try first.succeed("remote", "verify").stdout.hasSuffix(": all are whole\n"), "seed \(seed)")

        let second = try TemporaryProject(["repro.yaml": pipeline])
        try second.succeed("init")
        try second.write("repro.lock", first.read("repro.lock"))
        try second.succeed("remote", "add", "origin", first.path("../remote").description)
        try kill("fetch", in: second, times: 7, &random)
        try kill("pull", in: second, times: 7, &random)
        try second.succeed("pull")
        #expect(try second.read("numbers.txt") == first.read("numbers.txt"), "seed \(seed)")
        try second.succeed("verify", "--store")
    }

    private func kill(
        _ command: String, in project: TemporaryProject, times: Int, _ random: inout SeededRandom
    ) throws {
        for _ in 0..<times {
            let program = try project.start([command])
            usleep(useconds_t(random.next(below: 150_000)))
            program.send(SIGKILL)
            _ = program.wait()
        }
    }

    private func packs(_ project: TemporaryProject) throws -> [String] {
        let listed = try project.shell("ls ../remote/packs")
        return listed.stdout.split(separator: "\n").map(String.init)
    }
}
