import Files
import JSON
import TestSupport
import Testing

/// `repro import dvc` of projects that DVC 3.67 and 2.58 made (scripts/make-dvc-samples).
@Suite struct ImportDVCTests {
    static let samples = ["dvc-3-cache", "dvc-2-cache"]

    private func open(_ sample: String) throws -> TemporaryProject { try TemporaryProject.madeByDVC(sample) }

    private func report(_ result: ProgramResult) throws -> JSONValue { try JSONValue(parsing: result.stdout) }

    /// Path and state of each item.
    private func states(_ report: JSONValue) -> [String] {
        (0..<6).map { "\(report["items"][$0]["path"].text()) \(report["items"][$0]["state"].text())" }
    }

    @Test(arguments: samples)
    func `all is taken over, and nothing of DVC's is changed`(sample: String) throws {
        let project = try open(sample)
        let before = try project.shell(
            "find . -path ./.repro -prune -o -path ./.git -prune -o -type f -print | xargs md5sum")
        let result = try project.run("import", "dvc", "--json")
        #expect(result.status == 0, "\(result.stderr)")
        let report = try report(result)
        #expect(
            states(report) == [
                #""count.txt" "taken""#, #""raw" "taken""#, #""sub/copy.csv" "taken""#, #""table.csv" "taken""#,
                #""tool.sh" "taken""#, #""word.txt" "taken""#,
            ])
        #expect(
            report["currentStages"].text() == #"["copy","count"]"#
                || report["currentStages"].text() == #"["count","copy"]"#)
        #expect(report["written"].text().contains("repro.lock"))
        #expect(try project.shell("echo '\(before.stdout)' | md5sum -c --quiet --ignore-missing").status == 0)
        #expect(try project.run("status", "--check").status == 0)
        let run = try project.succeed("run", "--json").stdout
        #expect(!run.contains(#""state":"ran""#) && !run.contains(#""state": "ran""#))
        #expect(try project.read("word.txt.repro").hasSuffix("source:\n  url: \"outside/word.txt\"\n"))
        #expect(try project.read("tool.sh.repro").contains("executable: true"))
    }

    @Test(arguments: samples)
    func `what the workspace lacks comes back from what was taken`(sample: String) throws {
        let project = try open(sample)
        let whole = try project.readBytes("raw/in/b.txt")
        for path in ["raw", "table.csv", "count.txt", "tool.sh"] { project.remove(path) }
        try project.succeed("import", "dvc")
        project.remove(".dvc/cache")
        try project.succeed("checkout")
        #expect(try project.readBytes("raw/in/b.txt") == whole)
        #expect(try project.read("count.txt") == "1\n")
        #expect(try project.shell("test -x tool.sh").status == 0)
    }

    @Test(arguments: samples)
    func `done again it leaves alone what it took, and takes what is new`(sample: String) throws {
        let project = try open(sample)
        try project.succeed("import", "dvc")
        try project.write("table.csv", "mine\n")
        try project.succeed("add", "table.csv")
        let pointer = try project.read("table.csv.repro")
        project.remove("word.txt.repro")
        let again = try report(project.run("import", "dvc", "--json"))
        #expect(
            states(again) == [
                #""count.txt" "already""#, #""raw" "already""#, #""sub/copy.csv" "already""#,
                #""table.csv" "already""#, #""tool.sh" "already""#, #""word.txt" "taken""#,
            ])
        #expect(again["written"] == .array([.string("word.txt.repro")]))
        #expect(try project.read("table.csv.repro") == pointer)
    }

    @Test(arguments: samples)
    func `a dry run says the same and writes nothing`(sample: String) throws {
        let project = try open(sample)
        let before = try project.files().filter { !$0.hasPrefix(".repro/") }
        let dry = try project.run("import", "dvc", "-n", "--json")
        #expect(try states(report(dry)).allSatisfy { $0.hasSuffix(#""taken""#) })
        #expect(try project.files().filter { !$0.hasPrefix(".repro/") } == before)
        #expect(!project.exists("repro.lock"))
    }

    @Test(arguments: samples)
    func `a damaged object is not believed, and what is nowhere is named`(sample: String) throws {
        let project = try open(sample)
        project.remove("raw")
        let object = try #require(
            project.files(below: ".dvc/cache").first { try project.readBytes($0) == Array("two\r\n".utf8) })
        project.remove(object)
        try project.write(object, "twx\r\n")
        let result = try project.run("import", "dvc")
        #expect(result.status == 3)
        #expect(result.stdout.contains("in/b.txt is neither in DVC's cache nor in the workspace"))
        #expect(!project.exists("raw.repro"))
        #expect(project.exists("table.csv.repro"))
        try project.write("raw/a.txt", "one\n")
        try project.write("raw/in/b.txt", "two\r\n")
        try project.write("raw/in/same.txt", "one\n")
        let healed = try report(project.run("import", "dvc", "--json"))
        #expect(healed["items"][1]["origin"] == .string("the workspace"))
    }

    @Test func `a large file is not copied twice`() throws {
        let project = try open("dvc-3-cache")
        let line = """
            head -c 3000000 /dev/zero > large && m=$(md5sum < large | cut -c1-32) &&
            mkdir -p .dvc/cache/files/md5/$(echo $m | cut -c1-2) &&
            mv large .dvc/cache/files/md5/$(echo $m | cut -c1-2)/$(echo $m | cut -c3-) &&
            printf 'outs:\\n- md5: %s\\n  size: 3000000\\n  hash: md5\\n  path: large\\n' $m > large.dvc
            """
        #expect(try project.shell(line).status == 0)
        let result = try project.run("import", "dvc")
        #expect(result.stdout.contains("\n2.86 MiB shared with DVC's cache, "))
        project.remove("large")
        project.remove(".dvc")
        try project.succeed("checkout", "large")
        #expect(try project.readBytes("large") == [UInt8](repeating: 0, count: 3_000_000))
        #expect(try project.run("verify", "--store").status == 0)
    }

    @Test func `records are removed only if asked for, and only if all is taken`() throws {
        let project = try open("dvc-3-cache")
        project.remove("raw")
        project.remove(".dvc/cache/files/md5/b0")
        for path in try project.files(below: ".dvc/cache") where path.hasSuffix(".dir") { project.remove(path) }
        let report = try report(project.run("import", "dvc", "--remove", "--json"))
        #expect(report["removed"].text() == #"["table.csv.dvc","tool.sh.dvc","word.txt.dvc"]"#)
        #expect(project.exists("raw.dvc") && !project.exists("table.csv.dvc"))
    }

    @Test func `a folder without DVC is refused`() throws {
        let project = try TemporaryProject()
        try project.succeed("init")
        let refused = try project.run("import", "dvc")
        #expect(refused.status == 3)
        #expect(
            refused.stderr == """
                error: \(project.root) is no project of DVC: it has no folder .dvc
                hint: run it in the project's folder

                """)
    }

    @Test(arguments: samples)
    func `data of DVC is imported from a repository of it`(sample: String) throws {
        let source = try open(sample)
        #expect(try source.shell("git add -A . && git commit -qm x").status == 0)
        let project = try TemporaryProject()
        try project.succeed("init")
        try project.succeed("import", source.root.description, "raw/in")
        #expect(try project.read("in/same.txt") == "one\n")
        try project.succeed("import", source.root.description, "count.txt")
        #expect(try project.read("count.txt") == "1\n")
        #expect(try project.run("import", source.root.description, "raw/none").status == 3)
    }
}
