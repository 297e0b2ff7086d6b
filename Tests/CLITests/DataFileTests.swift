import JSON
import TestSupport
import Testing

/// cat, get, move and remove.
@Suite struct DataFileTests {
    let project: TemporaryProject

    init() throws {
        project = try TemporaryProject(["data/a.txt": "one\n", "data/sub/b.txt": "two\n"])
        try project.succeed("init")
        #expect(try project.shell("git init -q -b main").status == 0)
        try project.succeed("add", "data")
        try project.commitToGit()
    }

    @Test func `one file of a tracked folder is printed, of now and of a commit`() throws {
        try project.write("data/a.txt", "changed\n")
        try project.succeed("add", "data")
        #expect(try project.run("cat", "data/a.txt").stdout == "changed\n")
        #expect(try project.run("cat", "data/a.txt@HEAD").stdout == "one\n")
        let none = try project.run("cat", "data/none")
        #expect(none.status == 3)
        #expect(none.stderr.hasPrefix("error: what is recorded of data has no data/none\n"))
        #expect(try project.run("cat", "data").stderr.hasSuffix("hint: `repro get data` copies it\n"))
    }

    @Test func `an object is printed by its id, and an out by its run`() throws {
        let sample = try TemporaryProject.sample()
        try sample.succeed("run", "--name", "two")
        try sample.succeed("run", "-S", "head.lines=3")
        #expect(try sample.run("cat", "part.txt@two").stdout == "one\ntwo\n")
        #expect(try sample.run("cat", "c796d15e493d134d5d953b5446c61440").stdout == "one\ntwo\n")
        #expect(try sample.run("cat", "00000000000000000000000000000000").status == 3)
    }

    @Test func `a damaged file is not passed off as whole`() throws {
        let stored = try project.files(below: ".repro/store/objects").first {
            try project.readBytes($0) == Array("one\n".utf8)
        }
        let path = try #require(stored)
        project.remove(path)
        try project.write(path, "onf\n")
        #expect(try project.run("cat", "data/a.txt").status == 5)
        #expect(try project.run("get", "data/a.txt", "copy").status == 5)
        #expect(!project.exists("copy"))
    }

    @Test func `get copies a file or a folder and replaces nothing`() throws {
        #expect(try project.run("get", "data/sub", "copy").stdout == "copied 1 file to \(project.path("copy"))\n")
        #expect(try project.read("copy/b.txt") == "two\n")
        #expect(try project.run("get", "data/a.txt", "copy").status == 0)
        #expect(try project.read("copy/a.txt") == "one\n")
        #expect(try project.run("get", "data/a.txt", "copy").status == 4)
        #expect(try project.run("get", "--force", "data/a.txt", "copy/b.txt").status == 0)
        // What else is there is nobody's to remove.
        try project.write("copy/sub/mine", "mine")
        #expect(try project.run("get", "data/sub", "copy").status == 4)
        try project.succeed("get", "--force", "data/sub", "copy")
        #expect(try project.read("copy/sub/mine") == "mine")
        // A folder is not put in the place of a file, nor a file in that of a folder, and then nothing is changed.
        try project.write("other/sub", "a file")
        #expect(try project.run("get", "--force", "data/sub", "other").status == 2)
        #expect(try project.read("other/sub") == "a file")
        #expect(try project.files().filter { $0.contains("unfinished") } == [])
        #expect(try project.read("copy/b.txt") == "one\n")
    }

    @Test func `move takes files, pointer and the line in gitignore along`() throws {
        #expect(try project.run("move", "data", "new/place").stdout == "moved data to new/place\n")
        #expect(try project.read("new/place/a.txt") == "one\n")
        #expect(!project.exists("data.repro") && !project.exists("data") && !project.exists(".gitignore"))
        #expect(try project.read("new/.gitignore") == "/place\n")
        #expect(try project.run("status", "--check").status == 0)
        try project.write("taken", "x")
        #expect(try project.run("move", "new/place", "taken").status == 4)
        let part = try project.run("move", "new/place/a.txt", "b")
        #expect(
            part.stderr == """
                error: new/place/a.txt is in new/place, which is tracked as a whole
                hint: change the files, then `repro add new/place`

                """)
    }

    @Test func `remove stops tracking, and keeps files that are saved nowhere`() throws {
        #expect(try project.run("remove", "data").stdout == "data is tracked no more\n")
        #expect(!project.exists("data.repro") && !project.exists(".gitignore"))
        #expect(try project.read("data/a.txt") == "one\n")
        try project.succeed("add", "data")
        try project.write("data/a.txt", "precious\n")
        #expect(try project.run("remove", "--files", "data.repro").status == 4)
        #expect(project.exists("data.repro"))
        try project.succeed("remove", "--files", "--force", "data")
        #expect(!project.exists("data"))
        #expect(try project.run("remove", "data").status == 3)
    }
}
