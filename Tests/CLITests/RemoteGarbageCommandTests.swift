import Files
import Glibc
import JSON
import TestSupport
import Testing

/// `repro remote gc`, through the built binary, with a folder as the remote.
@Suite struct RemoteGarbageCommandTests {
    /// Tracked `data`, of which a former version was pushed, too.
    private func project() throws -> TemporaryProject {
        let project = try TemporaryProject(["data/a.txt": "old\n", "data/b.txt": "same\n"])
        try project.succeed("init")
        try project.succeed("remote", "add", "origin", "../remote")
        try project.succeed("add", "data")
        try project.succeed("push")
        try project.write("data/a.txt", "new\n")
        try project.succeed("add", "data")
        try project.succeed("push")
        return project
    }

    @Test func `the plan says what is kept and why, and changes nothing`() throws {
        let project = try project()
        let dry = try project.succeed("remote", "gc", "--dry-run", "--grace", "0")
        #expect(dry.stdout.hasPrefix("kept for        packs"))
        #expect(dry.stdout.contains("\ndata (tracked)      2"))
        #expect(dry.stdout.contains("\nwould condemn 2 packs, "))
        #expect(dry.stdout.contains(", 2 of them after what is alive in them was copied\n"))
        let verbose = try project.succeed("remote", "gc", "-n", "--grace", "0", "--verbose")
        #expect(verbose.stdout.hasPrefix("pack"))
        #expect(verbose.stdout.contains("rewritten"))
        #expect(!project.exists("../remote/condemned"))
        let json = try JSONValue(parsing: project.succeed("remote", "gc", "-n", "--json").stdout)
        #expect(json["packs"][0]["fate"] == .string("kept"))
        #expect(json["packs"][0]["reason"] == .string("data (tracked)") || json["packs"][1]["reason"] != .null)
    }

    @Test func `what was pushed lately stays, and with no grace only what is recorded`() throws {
        let project = try project()
        #expect(
            try project.succeed("remote", "gc").stdout.contains("condemned 0 packs, 0 B\nremoved 0 condemned packs"))
        #expect(try project.succeed("remote", "gc", "--grace", "0").stdout.contains("removed 2 condemned packs"))
        #expect(try project.succeed("remote", "verify").stdout.hasSuffix(": all are whole\n"))
        project.remove(".repro/store")
        project.remove("data")
        try project.succeed("pull")
        #expect(try project.read("data/a.txt") == "new\n")
        #expect(try project.read("data/b.txt") == "same\n")
    }

    @Test func `branches and tags count, unless only the workspace is to`() throws {
        let project = try TemporaryProject(["data.csv": "first\n"])
        #expect(try project.shell("git init -q -b main && repro init && repro add data.csv").status == 0)
        try project.commitToGit()
        #expect(try project.shell("repro remote add origin ../remote && repro push").status == 0)
        #expect(try project.shell("git tag v1 && echo second > data.csv && repro add data.csv").status == 0)
        #expect(try project.shell("git commit -qam two && repro push").status == 0)
        let kept = try project.succeed("remote", "gc", "--grace", "0", "-n").stdout
        #expect(kept.contains("v1: data.csv (tracked)"))
        #expect(kept.contains("\n  2 objects dropped\n") || kept.contains("\n  1 object dropped\n"))
        let narrow = try project.succeed("remote", "gc", "--grace", "0", "-n", "--workspace-only").stdout
        #expect(!narrow.contains("v1"))
    }

    @Test func `runs keep what they made, until they are forgotten`() throws {
        let project = try TemporaryProject.sample()
        try project.succeed("run", "--name", "two")
        try project.succeed("run", "--name", "three", "-S", "head.lines=3")
        try project.succeed("remote", "add", "origin", "../remote")
        try project.succeed("push")
        try project.succeed("remote", "gc", "--grace", "0")
        try project.succeed("runs", "delete", "two")
        #expect(try project.succeed("remote", "gc", "--grace", "0", "-n").stdout.contains("record") == false)
        let forgotten = try project.succeed("remote", "gc", "--grace", "0", "--forget-runs").stdout
        #expect(forgotten.contains(" record"))
        let other = try TemporaryProject.sample()
        try other.succeed("remote", "add", "origin", project.path("../remote").description)
        try other.succeed("fetch")
        let runs = try other.succeed("runs").stdout
        #expect(runs.contains("three") && !runs.contains("two"))
    }

    @Test(arguments: ["soon", "14", "-1d", "d"])
    func `a time that is none is explained`(text: String) throws {
        let result = try project().run("remote", "gc", "--grace=\(text)")
        #expect(result.status == 2)
        #expect(result.stderr == "error: `\(text)` is no time\nhint: `--grace 14d` is two weeks; also h, m, s, w\n")
    }

    @Test func `collections, pushes and fetches that are killed at any moment lose nothing`() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        let project = try project()
        for round in 0..<6 {
            try project.write("data/a.txt", String(repeating: "round \(round)\n", count: 20_000))
            try project.succeed("add", "data")
            for words in [["push"], ["remote", "gc", "--grace", "0"], ["fetch"]] {
                let program = try project.start(words)
                usleep(useconds_t(random.next(below: 60_000)))
                program.send(SIGKILL)
                _ = program.wait()
            }
        }
        try project.succeed("push")
        try project.succeed("remote", "gc", "--grace", "0")
        #expect(try project.succeed("remote", "verify").stdout.hasSuffix(": all are whole\n"), "seed \(seed)")
        project.remove(".repro/store")
        project.remove("data")
        try project.succeed("pull")
        #expect(try project.read("data/a.txt").hasPrefix("round 5\n"), "seed \(seed)")
        // What the killed ones left behind is gone, but for a file that was not yet in its place, which nobody reads.
        let search = "find ../remote/leases ../remote/condemned -type f ! -name '.repro-unfinished-*'"
        let left = try project.shell(search).stdout
        #expect(left == "", "seed \(seed)")
    }
}
