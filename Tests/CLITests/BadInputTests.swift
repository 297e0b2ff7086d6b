import TestSupport
import Testing

/// What users see when something of theirs is wrong. Nothing of theirs is changed by it.
@Suite struct BadInputTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let name: String
        var files: [String: String] = [:]
        let status: Int32
        let errors: String

        var testDescription: String { name }

        init(_ name: String, _ files: [String: String], status: Int32 = 2, _ errors: String) {
            self.name = name
            self.files = files
            self.status = status
            self.errors = errors
        }

        init(_ name: String, _ pipeline: String, status: Int32 = 2, _ errors: String) {
            self.init(name, ["repro.yaml": "stages:\n" + pipeline], status: status, errors)
        }
    }

    static let mistakes = [
        Mistake(
            "YAML syntax", "  a:\n    cmd: [x\n    deps: y\n",
            """
            error: repro.yaml:4:9: the YAML cannot be read: did not find expected ',' or ']' \
            (while parsing a flow sequence)
            hint: quote text inside [] or {} that contains brackets, braces or `${…}`

            """),
        Mistake(
            "unknown key", "  a:\n    cmdd: x\n",
            "error: repro.yaml:3:5: stage a: unknown key `cmdd`\nhint: did you mean `cmd`?\n"),
        Mistake(
            "cycle",
            """
              a: {cmd: x, deps: [c.txt], outs: [a.txt]}
              b: {cmd: x, deps: [a.txt], outs: [b.txt]}
              c: {cmd: x, deps: [b.txt], outs: [c.txt]}

            """,
            """
            error: repro.yaml:2:3: the stages wait for each other: a → b → c → a
            hint: remove one of the `deps` or `outs` that close the circle

            """),
        Mistake(
            "missing dep", "  a: {cmd: x, deps: [dato.txt], outs: [a.txt]}\n",
            """
            error: repro.yaml:2:22: stage a: dep dato.txt does not exist
            hint: create dato.txt, correct the path, or remove it from deps

            """),
        Mistake(
            "one out of two stages", "  a: {cmd: x, outs: [a.txt]}\n  b: {cmd: x, outs: [a.txt]}\n",
            """
            error: repro.yaml:3:22: stage b: out a.txt is already an out of stage a, at repro.yaml:2:22
            hint: let only one stage write it

            """),
        Mistake(
            "out outside the project", "  a: {cmd: x, outs: [../a.txt]}\n",
            """
            error: repro.yaml:2:22: stage a: out ../a.txt is outside the project
            hint: write to a path inside the project, or set `cache: false` on the out

            """),
        Mistake(
            "template key missing", "  a: {cmd: \"x ${train.dmi}\", outs: [a.txt]}\n",
            """
            error: repro.yaml:2:15: stage a: `cmd`: ${train.dmi} is not defined
            hint: did you mean ${train.dim}?

            """),
        Mistake(
            "param missing", "  a: {cmd: x, params: [train.dmi], outs: [a.txt]}\n",
            "error: repro.yaml:2:24: params.yaml has no param `train.dmi`\nhint: did you mean `train.dim`?\n"),
        Mistake(
            "newer lock file",
            ["repro.yaml": "stages:\n  a: {cmd: x, outs: [a.txt]}\n", "repro.lock": "version: 99\n"],
            """
            error: repro.lock:1:1: the lock file has version 99, newer than this Repro reads (1)
            hint: install a newer Repro

            """),
        Mistake(
            "older lock file",
            ["repro.yaml": "stages:\n  a: {cmd: x, outs: [a.txt]}\n", "repro.lock": "version: 0\n"],
            """
            error: repro.lock:1:1: the lock file has version 0, which this Repro does not read
            hint: take the last good one back (`git checkout repro.lock`), or remove it: `repro run` makes it again

            """),
        Mistake(
            "merge conflict in the lock file",
            ["repro.yaml": "stages:\n  a: {cmd: x, outs: [a.txt]}\n", "repro.lock": "version: 1\n<<<<<<< HEAD\n"],
            """
            error: repro.lock:2:1: the lock file has a merge conflict
            hint: take either side whole (`git checkout --theirs repro.lock`), then `repro run`

            """),
        Mistake(
            "no pipeline", ["unrelated.txt": ""], status: 3,
            """
            error: the project has no pipeline: there is neither repro.yaml nor dvc.yaml
            hint: write repro.yaml with a `stages:` section; see `repro help pipeline`

            """),
        Mistake(
            "command not found", "  a: {cmd: pyton3 x.py, outs: [a.txt]}\n", status: 1,
            """
            error: stage a: `pyton3 x.py` failed: command not found
              | /bin/sh: 1: pyton3: not found
            hint: `pyton3` was not found; install it, or correct cmd

            """),
        Mistake(
            "out not made", "  a: {cmd: \"true\", outs: [a.txt]}\n", status: 1,
            """
            error: repro.yaml:2:27: stage a: out a.txt was not written
            hint: correct the path of the out, or let the command write a.txt

            """),
    ]

    @Test(arguments: mistakes)
    func `a mistake is explained and changes nothing`(_ mistake: Mistake) throws {
        let project = try TemporaryProject(mistake.files)
        try project.write("params.yaml", "lr: 0.1\ntrain:\n  dim: 5\n")
        try project.succeed("init")
        let before = try contents(project)
        let result = try project.run("run")
        #expect(result.stderr == mistake.errors)
        #expect(result.status == mistake.status)
        #expect(try contents(project) == before)
    }

    @Test func `an override of a param that is not there is refused before anything is written`() throws {
        let project = try TemporaryProject.sample()
        let result = try project.run("run", "-S", "shout.mark=?", "-S", "head.line=3")
        #expect(result.status == 3)
        #expect(
            result.stderr == "error: params.yaml has no param `head.line`\nhint: did you mean `head.lines`?\n")
        #expect(try project.read("params.yaml").contains("mark: \"!\""))
    }

    @Test func `a damaged object in the way of a restore is named, with what to do`() throws {
        let project = try TemporaryProject(["repro.yaml": "stages:\n  a:\n    cmd: echo text > o\n    outs: [o]\n"])
        try project.succeed("init")
        try project.succeed("run")
        project.remove("o")
        let stored = try project.files(below: ".repro/store").filter { $0.contains("/objects/") }
        #expect(!stored.isEmpty)
        for path in stored {
            _ = try project.shell("chmod u+w '\(path)' && printf 'texT\\n' > '\(path)'")
        }
        let result = try project.run("run")
        #expect(result.status == 5, "\(result.stdout)\(result.stderr)")
        #expect(result.stderr.contains("hint: "))
        #expect(!project.exists("o"))
        #expect(try project.run("verify", "--store").status == 5)
        // Running the stage again puts the right bytes over the damaged ones.
        try project.succeed("run", "--force")
        try project.succeed("verify", "--store")
    }

    /// Path and content of all that is the user's.
    private func contents(_ project: TemporaryProject) throws -> [String] {
        try project.files().filter { !$0.hasPrefix(".repro/") }.map { "\($0): \(try project.read($0))" }
    }
}
