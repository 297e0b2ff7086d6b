import Files
import JSON
import TestSupport
import Testing

/// verify of paths and runs, and healing.
@Suite struct VerifyCommandTests {
    let project: TemporaryProject

    /// `data` with two files that are too large to be packed, and a remote that has them.
    init() throws {
        project = try TemporaryProject()
        var random = SeededRandom(seed: 1)
        for name in ["data/a.bin", "data/in/b.bin"] {
            try project.write(name, bytes: (0..<3_000_000).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        }
        try project.succeed("init")
        try project.succeed("add", "data")
        try project.succeed("remote", "add", "backup", project.path("../backup").description)
    }

    /// Flips bytes in the stored file of a path.
    private func damage(_ path: String) throws {
        let line = """
            for f in $(find .repro/store -type f -size +2000k); do if cmp -s $f '\(path)'; then \
            chmod u+w $f; printf 'xxxx' | dd of=$f bs=1 seek=1000 conv=notrunc; fi; done
            """
        #expect(try project.shell(line).status == 0)
    }

    @Test func `a path is verified, and a damaged part of it is named`() throws {
        #expect(try project.run("verify", "--path", "data").stdout == "4 objects, 5.72 MiB: all are whole\n")
        #expect(try project.run("verify", "--path", "data/in/b.bin").stdout == "1 object, 2.86 MiB: all are whole\n")
        try damage("data/in/b.bin")
        #expect(try project.run("verify", "--path", "data/a.bin").status == 0)
        let result = try project.run("verify", "--path", "data/in")
        #expect(result.status == 5)
        let lines = result.stdout.split(separator: "\n")
        try #require(lines.count == 4)
        #expect(lines[0].hasPrefix("damaged  object ") && lines[0].hasSuffix(": its bytes have changed"))
        #expect(lines[1] == "         needed by tracked data, data/in/b.bin")
        #expect(lines[2] == "2 objects: 1 damaged")
        #expect(try project.run("verify", "--path", "nothing").status == 3)
    }

    @Test func `a damaged object is healed from the workspace`() throws {
        try damage("data/a.bin")
        let healed = try project.run("verify", "--store", "--repair")
        #expect(healed.status == 0)
        #expect(healed.stdout.contains("\n         from data/a.bin in the workspace\n"))
        #expect(healed.stdout.hasSuffix(": 1 healed, and all are whole now\n"))
        #expect(try project.run("verify", "--store").stdout.hasSuffix(": all are whole\n"))
    }

    @Test func `what the workspace has no more is healed from the remote, damaged and missing`() throws {
        try project.succeed("push")
        try damage("data/a.bin")
        #expect(
            try project.shell(
                "for f in $(find .repro/store -type f -size +2000k); do if cmp -s $f data/in/b.bin; then rm -f $f; fi; done"
            ).status == 0)
        project.remove("data")
        let json = try JSONValue(parsing: project.run("verify", "--path", "data", "--json").stdout)
        #expect(json["damaged"][0]["healedFrom"] == .null)
        #expect(json["missing"][0]["neededBy"][0] == .string("tracked data, data/in/b.bin"))
        #expect(json["isWhole"] == .bool(false))
        let healed = try project.run("verify", "--path", "data", "--repair")
        #expect(healed.status == 0, "\(healed.stdout)\(healed.stderr)")
        #expect(healed.stdout.contains("from remote \(project.path("../backup"))"))
        #expect(try project.run("verify", "--store").status == 0)
        #expect(try project.run("checkout").stdout == "done  data  2 files made\n")
    }

    @Test func `what cannot be healed is said, and a file that was edited heals nothing`() throws {
        try damage("data/a.bin")
        try project.write("data/a.bin", "other")
        let result = try project.run("verify", "--store", "--repair")
        #expect(result.status == 5)
        #expect(result.stdout.contains(": 1 damaged\n"))
        #expect(try project.run("verify", "--store", "--path", "data").status == 2)
    }

    @Test func `a link into the store does not pass the damage on as healing`() throws {
        try project.write(".repro/config.yaml", "version: 1\nstore:\n  links: [hardlink]\n")
        try project.succeed("checkout", "--relink")
        #expect(try project.shell("test $(stat -c %h data/a.bin) -gt 1").status == 0)
        #expect(
            try project.shell("chmod u+w data/a.bin && printf 'xxxx' | dd of=data/a.bin bs=1 seek=1000 conv=notrunc")
                .status == 0)
        #expect(try project.run("verify", "--path", "data", "--repair").status == 5)
    }

    @Test func `relink makes files by the links that are asked for now, and loses nothing`() throws {
        #expect(try project.run("checkout", "--relink", "-n").stdout.contains("2 files made"))
        try project.write(".repro/config.yaml", "version: 1\nstore:\n  links: [symlink]\n")
        try project.succeed("checkout")
        #expect(try project.shell("test -L data/a.bin").status == 1)
        #expect(try project.run("checkout", "--relink", "data/in").stdout == "done  data/in  1 file made\n")
        #expect(try project.shell("test -L data/in/b.bin && test ! -L data/a.bin").status == 0)
        try project.write("data/a.bin", "edited")
        #expect(try project.run("checkout", "--relink").status == 4)
        #expect(try project.read("data/a.bin") == "edited")
        try project.write(".repro/config.yaml", "version: 1\nstore:\n  links: [copy]\n")
        try project.succeed("checkout", "--relink", "data/in")
        #expect(try project.shell("test ! -L data/in/b.bin").status == 0)
        #expect(try project.run("status", "--check").status == 1)
    }

    @Test func `what a run made and logged is verified`() throws {
        let sample = try TemporaryProject.sample()
        try sample.succeed("run", "--name", "one")
        #expect(try sample.run("verify", "--run", "one").stdout.hasSuffix(": all are whole\n"))
        #expect(try sample.run("verify", "--run", "none").status == 3)
        #expect(
            try sample.run("verify").stderr == """
                error: verify needs to know what to check
                hint: `repro verify --store`, or --path PATH, or --run RUN

                """)
    }
}
