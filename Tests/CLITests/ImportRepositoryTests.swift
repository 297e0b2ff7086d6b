import Files
import JSON
import TestSupport
import Testing

/// import and update, from other repositories.
@Suite struct ImportRepositoryTests {
    let project: TemporaryProject

    /// `project`, and beside it `source`: a repository with a tracked folder, an out and files in Git.
    init() throws {
        project = try TemporaryProject([
            "../source/data/a.txt": "one\n", "../source/data/in/b.txt": "two\n", "../source/code.py": "print()\n",
            "../source/lib/x.py": "x\n",
            "../source/repro.yaml": "stages:\n  s: {cmd: wc -c code.py > n, deps: [code.py], outs: [n]}\n",
        ])
        try project.succeed("init")
        #expect(
            try source(
                "git init -q -b main && repro init && repro add data && repro run && git add -A && git commit -qm 1"
            )
            .status == 0)
    }

    private func source(_ line: String) throws -> ProgramResult { try project.shell("cd ../source && \(line)") }

    @Test func `tracked data, a part of it, an out and files of Git are imported`() throws {
        for (path, content) in [("data", 8), ("data/in", 4), ("data/a.txt", 4), ("n", 10), ("code.py", 8), ("lib", 2)] {
            let target = path.split(separator: "/").joined() + "-copy"
            let result = try project.run("import", "../source", path, "-o", target, "--json")
            #expect(result.status == 0, "\(result.stderr)")
            #expect(try JSONValue(parsing: result.stdout)["after"]["contentBytes"] == .integer(Int64(content)))
        }
        #expect(try project.read("data-copy/in/b.txt") == "two\n")
        #expect(try project.read("lib-copy/x.py") == "x\n")
    }

    @Test func `an import follows its branch, or the revision that is named`() throws {
        try project.succeed("import", "../source", "data", "--rev", "main")
        let first = try source("git rev-parse HEAD").stdout.split(separator: "\n")[0]
        #expect(
            try project.read("data.repro").hasSuffix(
                """
                source:
                  repository: "../source"
                  path: "data"
                  revision: "main"
                  commit: "\(first)"

                """))
        #expect(try project.run("update").stdout.hasPrefix("same  data"))
        #expect(try source("git tag v1 && echo more >> data/a.txt && repro add data && git commit -qam 2").status == 0)
        #expect(try project.run("update", "-n").stdout.hasPrefix("would change  data  13 B"))
        #expect(try project.run("update").stdout.hasPrefix("changed  data  13 B"))
        #expect(try project.read("data/a.txt") == "one\nmore\n")
        #expect(try project.run("update", "data", "--rev", "v1").stdout.hasPrefix("changed  data  8 B"))
        #expect(try project.read("data.repro").contains("revision: \"v1\"\n  commit: \"\(first)\""))
        #expect(try project.run("update").stdout.hasPrefix("same  data"))
    }

    @Test func `a clone has the content from the remote in its configuration`() throws {
        #expect(
            try source("repro remote add store $PWD/../store && repro push && git add -A && git commit -qm r").status
                == 0)
        let url = "file://" + project.path("../source").description
        let imported = try project.run("import", url, "data")
        #expect(imported.status == 0, "\(imported.stderr)")
        #expect(try project.read("data/in/b.txt") == "two\n")
        #expect(try source("echo new > data/a.txt && repro add data && git commit -qam 2").status == 0)
        let unpushed = try project.run("update")
        #expect(unpushed.status == 3)
        #expect(
            unpushed.stderr == """
                error: the content of data is recorded in \(url), and is not to be had
                hint: looked in remote \(project.path("../store")); push it there first

                """)
        #expect(try project.read("data/a.txt") == "one\n")
        #expect(try source("repro push").status == 0)
        #expect(try project.run("update").status == 0)
        #expect(try project.read("data/a.txt") == "new\n")
    }

    @Test func `what cannot be imported is refused with the reason, and nothing is left`() throws {
        let refusals = [
            (["../source", "none"], 3, "../source has no none in commit "),
            (["../source", "data/none"], 3, "what is recorded of data has no data/none"),
            (["../source", "code.py", "--rev", "v9"], 3, "../source has no revision v9"),
            (["../nowhere", "x"], 3, "there is nothing at ../nowhere"),
            (["../source", "../outside"], 2, "path ../outside is outside the project"),
            (["https://user:secret@host/x", "y"], 2, "the repository's URL holds a user or a password"),
            (["ext::sh -c true", "y"], 1, "`git fetch` failed"),
            (["../source", "."], 2, ". has no name that a file here could have"),
        ]
        for (words, status, message) in refusals {
            let result = try project.run(["import"] + words)
            #expect(result.status == Int32(status), "\(words): \(result.stderr)")
            #expect(result.stderr.hasPrefix("error: \(message)"), "\(result.stderr)")
            #expect(!result.stderr.contains("secret"))
        }
        #expect(try project.files().allSatisfy { $0.hasPrefix(".repro/") })
        #expect(try project.files(below: ".repro/repositories") == [])
    }

    @Test func `a folder of Git that holds tracked data is not imported without it`() throws {
        #expect(
            try source("mkdir top && cp -r data top/d && repro add top/d && git add -A && git commit -qm 3").status == 0
        )
        let refused = try project.run("import", "../source", "top")
        #expect(refused.status == 4)
        #expect(refused.stderr == "error: top holds top/d, which is tracked by itself\nhint: import top/d\n")
    }

    @Test func `without Git a project is imported as it is now`() throws {
        try project.write("../plain/x.txt", "1\n")
        #expect(try project.run("import", "../plain", "x.txt").status == 0)
        #expect(try project.read("x.txt.repro").hasSuffix("source:\n  repository: \"../plain\"\n  path: \"x.txt\"\n"))
        try project.write("../plain/x.txt", "22\n")
        #expect(try project.run("update").stdout.hasPrefix("changed  x.txt  3 B"))
    }
}
