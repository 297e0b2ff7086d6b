import TestSupport
import Testing

@Suite struct ModelsCommandTests {
    /// Run `one` made part.txt with two lines, run `two` with three.
    private func project() throws -> TemporaryProject {
        let project = try TemporaryProject.sample()
        try project.succeed("run", "--name", "one")
        try project.succeed("run", "--name", "two", "-S", "head.lines=3")
        return project
    }

    @Test func `what a run made becomes a version, and comes back by number, by alias and as the latest`() throws {
        let project = try project()
        let first = try project.succeed("models", "register", "part", "one", "part.txt", "--alias", "champion")
        #expect(first.stdout == "registered part@1 (champion)\n")
        #expect(try project.succeed("models", "register", "part", "two", "part.txt").stdout == "registered part@2\n")
        let (two, three) = ("one\ntwo\n", "one\ntwo\nthree\n")
        for (address, lines) in [("part@1", two), ("part@champion", two), ("part", three)] {
            try project.succeed("models", "get", address, "--force", "copy.txt")
            #expect(try project.read("copy.txt") == lines)
        }
        #expect(try project.succeed("models", "alias", "part", "champion").stdout == "part@champion is part@2\n")
        try project.succeed("models", "get", "part@champion", "--force", "copy.txt")
        #expect(try project.read("copy.txt") == "one\ntwo\nthree\n")
    }

    @Test func `a copy is not put over a file without force`() throws {
        let project = try project()
        try project.succeed("models", "register", "part", "one", "part.txt")
        let refused = try project.run("models", "get", "part", "data.txt")
        #expect(refused.status == 4)
        #expect(try project.read("data.txt") == "one\ntwo\nthree\nfour\n")
    }

    @Test func `a copy goes into a folder that is there, and nothing else in it is touched`() throws {
        let project = try project()
        try project.succeed("models", "register", "part", "one", "part.txt")
        try project.write("models/mine", "mine")
        try project.succeed("models", "get", "part", "--force", "models")
        #expect(try project.files(below: "models") == ["models/mine", "models/part.txt"])
        #expect(try project.read("models/mine") == "mine")
    }

    @Test func `models and versions are listed with their aliases`() throws {
        let project = try project()
        try project.succeed("models", "register", "part", "one", "part.txt", "--alias", "best", "-m", "two lines")
        #expect(normalised(try project.succeed("models", "list").stdout).contains("part        1  best@1"))
        let shown = try project.succeed("models", "show", "part").stdout
        #expect(shown.contains("two lines"))
        #expect(shown.contains("/part.txt"))
    }

    @Test func `a model that was removed is gone, and its files are not`() throws {
        let project = try project()
        try project.succeed("models", "register", "part", "one", "part.txt")
        try project.succeed("models", "register", "part", "two", "part.txt")
        #expect(try project.succeed("models", "remove", "part@2").stdout == "removed part@2\n")
        #expect(try project.succeed("models", "register", "part", "two", "part.txt").stdout == "registered part@3\n")
        #expect(try project.succeed("models", "remove", "part").stdout == "removed part@1, part@3\n")
        #expect(try project.run("models", "show", "part").status == 3)
        try project.succeed("gc")
        #expect(try project.succeed("cat", "part.txt@one").stdout == "one\ntwo\n")
    }

    @Test(arguments: [
        (["show", "prat"], "there is no registered model `prat`", "did you mean `part`?"),
        (["get", "part@7"], "model part has no version 7", ""),
        (["get", "part@bset"], "model part has no alias `bset`", "did you mean `best`?"),
        (["alias", "part", "v2"], "`v2` cannot be an alias", "letters, digits"),
        (["register", "a/b", "one", "part.txt"], "`a/b` cannot be the name of a model", "at most 256"),
        (["register", "part", "one", "prat.txt"], "run one has no artifact and no out at prat.txt", "repro show one"),
        (["register", "part", "one", "../x"], "", ""),
    ])
    func `mistakes are named`(arguments: [String], message: String, hint: String) throws {
        let project = try project()
        try project.succeed("models", "register", "part", "one", "part.txt", "--alias", "best")
        let outcome = try project.run(["models"] + arguments)
        #expect([2, 3].contains(outcome.status))
        #expect(outcome.stderr.contains(message))
        #expect(outcome.stderr.contains(hint))
        #expect(try project.succeed("models", "show", "part").stdout.split(separator: "\n").count == 2)
    }
}
