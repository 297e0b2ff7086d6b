import Glibc
import TestSupport
import Testing

/// `repro run` killed with SIGKILL at random moments, as by a lost machine.
@Suite struct KillTests {
    /// Six stages that fan out and in, with a folder and a file of some size among the outs.
    private static let pipeline = """
        stages:
          load:
            cmd: mkdir -p data && for i in 1 2 3 4 5 6 7 8; do echo "$i ${seed}" > data/$i.txt; done
            params: [seed]
            outs: [data]
          big:
            cmd: head -c 3000000 /dev/zero | tr '\\\\0' "${seed}" > big.bin
            params: [seed]
            outs: [big.bin]
          left:
            cmd: cat data/*.txt > left.txt; sleep 0.02
            deps: [data]
            outs: [left.txt]
          right:
            cmd: cksum big.bin > right.txt; sleep 0.02
            deps: [big.bin]
            outs: [right.txt]
          join:
            cmd: cat left.txt right.txt > joined.txt
            deps: [left.txt, right.txt]
            outs: [joined.txt]
          score:
            cmd: 'echo "{\\"lines\\": $(wc -l < joined.txt)}" > score.json'
            deps: [joined.txt]
            metrics: [score.json]

        """

    /// Of runs that were still going on.
    private static let kills = 100
    /// A kill may come too late, when its run is over.
    private static let attemptLimit = 1_000

    @Test func `a run killed at any moment leaves a sound store, and the next one ends as if nothing had happened`()
        throws
    {
        var random = SeededRandom(seed: 20_261_121)
        let undisturbed = try project()
        let disturbed = try project()
        let wholeRun = try ContinuousClock().measure { try undisturbed.succeed("run", "--quiet", "--force") }
        var killed = 0
        var attempts = 0
        while killed < Self.kills, attempts < Self.attemptLimit {
            attempts += 1
            // Forced, so that there is always something to run.
            let started = try disturbed.start(["run", "-S", "seed=\(attempts % 9 + 1)", "--quiet", "--force"])
            usleep(UInt32(random.next(below: Int(wholeRun / .microseconds(1)) + 1)))
            started.send(SIGKILL)
            if started.wait().status == 0 { continue }
            killed += 1
            if killed % 10 == 0 {
                let verification = try disturbed.run("verify", "--store")
                #expect(verification.status == 0, "after kill \(killed): \(verification.stdout)\(verification.stderr)")
                let status = try disturbed.run("status")
                #expect(status.status == 0, "after kill \(killed): \(status.stderr)")
            }
        }
        #expect(killed == Self.kills)
        try disturbed.succeed("run", "-S", "seed=5")
        try undisturbed.succeed("run", "-S", "seed=5")
        #expect(try disturbed.read("repro.lock") == undisturbed.read("repro.lock"))
        #expect(try disturbed.read("score.json") == undisturbed.read("score.json"))
        try disturbed.succeed("verify", "--store")
    }

    @Test func `a killed run is shown as killed, not as running for ever`() throws {
        let project = try TemporaryProject([
            "repro.yaml": "stages:\n  wait:\n    cmd: touch begun; sleep 600\n    outs: [x]\n"
        ])
        try project.succeed("init")
        let started = try project.start(["run", "--name", "doomed"])
        while !project.exists("begun") { usleep(5_000) }
        started.send(SIGKILL)
        _ = started.wait()
        let runs = try project.succeed("runs", "--json")
        #expect(runs.stdout.contains("\"killed\""))
        #expect(!runs.stdout.contains("\"running\""))
    }

    @Test func `the commands of a killed run die with it`() throws {
        let project = try TemporaryProject([
            "repro.yaml": "stages:\n  wait:\n    cmd: echo $$ > pid; sleep 600\n    outs: [x]\n"
        ])
        try project.succeed("init")
        let started = try project.start(["run"])
        while try !project.exists("pid") || project.read("pid").isEmpty { usleep(5_000) }
        let child = try #require(Int32(try project.read("pid").filter(\.isNumber)))
        started.send(SIGKILL)
        _ = started.wait()
        var looks = 0
        while kill(child, 0) == 0, looks < 400 {
            looks += 1
            usleep(10_000)
        }
        #expect(kill(child, 0) != 0)
    }

    private func project() throws -> TemporaryProject {
        let project = try TemporaryProject(["repro.yaml": Self.pipeline, "params.yaml": "seed: 1\n"])
        try project.succeed("init")
        return project
    }
}
