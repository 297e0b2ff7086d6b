import JSON
import TestSupport
import Testing

/// Data of DVC that nobody has taken over yet, in status, checkout, gc and update.
@Suite struct DVCDataTests {
    static let samples = ["dvc-3-cache", "dvc-2-cache"]

    @Test(arguments: samples)
    func `status compares with DVC's records, and reads what has not changed once`(sample: String) throws {
        let project = try TemporaryProject.madeByDVC(sample)
        for _ in 0..<2 {
            let status = try project.run("status", "--json")
            let items = try JSONValue(parsing: status.stdout)["data"]["items"]
            let states = (0..<4).map { "\(items[$0]["path"].text()) \(items[$0]["state"].text())" }
            #expect(states == [#""raw" "same""#, #""table.csv" "same""#, #""tool.sh" "same""#, #""word.txt" "same""#])
            #expect(items[0]["trackedBy"] == .string("dvc"))
        }
        try project.write("raw/in/b.txt", "changed")
        project.remove("tool.sh")
        let changed = try project.run("status")
        #expect(changed.stdout.contains("changed  raw        tracked by DVC\n"))
        #expect(changed.stdout.contains("missing  tool.sh    tracked by DVC\n"))
        #expect(changed.stdout.contains("1 of DVC's changed"))
        #expect(try project.run("status", "--check").status == 1)
        #expect(project.exists("raw.repro") == false)
    }

    @Test(arguments: samples)
    func `checkout makes what is missing, from DVC's cache, and changes nothing of DVC's`(sample: String) throws {
        let project = try TemporaryProject.madeByDVC(sample)
        let whole = try project.readBytes("raw/in/b.txt")
        let before = try project.shell("find .dvc *.dvc dvc.lock -type f | sort | xargs md5sum").stdout
        for path in ["raw", "table.csv", "tool.sh", "count.txt"] { project.remove(path) }
        let part = try project.run("checkout", "raw/in")
        #expect(part.stdout == "done  raw/in  2 files made\n")
        #expect(!project.exists("raw/a.txt"))
        #expect(try project.run("checkout", "-n").stdout.contains("would do  table.csv"))
        try project.succeed("checkout")
        #expect(try project.readBytes("raw/in/b.txt") == whole)
        #expect(try project.shell("test -x tool.sh").status == 0)
        #expect(try project.read("count.txt") == "1\n")
        #expect(try project.run("checkout", "raw.dvc").stdout == "1 path as recorded already\n")
        #expect(try project.shell("find .dvc *.dvc dvc.lock -type f | sort | xargs md5sum").stdout == before)
        #expect(try project.run("status", "--check").status == 0)
    }

    @Test func `what neither store has is not overwritten, and what DVC's cache has is`() throws {
        let project = try TemporaryProject.madeByDVC("dvc-3-cache")
        try project.write("table.csv", "mine\n")
        let refused = try project.run("checkout", "table.csv")
        #expect(refused.status == 4)
        #expect(refused.stderr.contains("table.csv would be overwritten, and what is there now is not saved anywhere"))
        #expect(try project.read("table.csv") == "mine\n")
        // Another version that DVC keeps.
        let line = """
            m=$(md5sum < table.csv | cut -c1-32) && mkdir -p .dvc/cache/files/md5/$(echo $m | cut -c1-2) &&
            cp table.csv .dvc/cache/files/md5/$(echo $m | cut -c1-2)/$(echo $m | cut -c3-)
            """
        #expect(try project.shell(line).status == 0)
        #expect(try project.run("checkout", "table.csv").stdout == "done  table.csv  1 file made\n")
        #expect(try project.read("table.csv") != "mine\n")
        try project.write("table.csv", "mine again\n")
        try project.succeed("checkout", "--force", "table.csv")
    }

    @Test func `content that DVC's cache lacks is named with what to do`() throws {
        let project = try TemporaryProject.madeByDVC("dvc-3-cache")
        project.remove("raw")
        project.remove(".dvc/cache/files/md5/5b")
        let lacking = try project.run("checkout")
        #expect(lacking.status == 3)
        #expect(lacking.stderr.contains("error: DVC's cache lacks the content of raw/"))
        #expect(lacking.stderr.contains("hint: fetch it: `repro fetch` reads DVC's remotes, too"))
    }

    @Test func `gc keeps what was checked out by links`() throws {
        let project = try TemporaryProject.madeByDVC("dvc-3-cache")
        try project.write(".repro/config.yaml", "version: 1\nstore:\n  links: [symlink]\n")
        project.remove("raw")
        try project.succeed("checkout", "raw")
        #expect(try project.shell("test -L raw/in/b.txt").status == 0)
        #expect(try project.run("gc").stdout.contains("raw (tracked by DVC)"))
        #expect(try project.shell("cat raw/in/b.txt raw/a.txt").status == 0)
    }

    @Test func `an import of DVC's becomes ours when it is brought up to date`() throws {
        let project = try TemporaryProject.madeByDVC("dvc-3-cache")
        try project.write("outside/word.txt", "a new word\n")
        let updated = try project.run("update", "word.txt.dvc")
        #expect(updated.status == 0, "\(updated.stderr)")
        #expect(updated.stdout.hasPrefix("imported  word.txt  11 B"))
        #expect(try project.read("word.txt") == "a new word\n")
        #expect(try project.read("word.txt.repro").contains("url: \"outside/word.txt\""))
        #expect(project.exists("word.txt.dvc"))
        #expect(try project.run("update").stdout.hasPrefix("same  word.txt"))
        #expect(try project.run("status", "--check").status == 0)
        #expect(try project.run("update", "table.csv").status != 0)
    }
}
