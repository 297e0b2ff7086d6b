import Diagnostics
import Files
import Git
import TestSupport
import Testing

@Suite struct DirtyStateTests {
    private let limit = 1 << 20

    @Test func `a clean work tree has an empty patch`() throws {
        let repository = try TestRepository(["a": "1"])
        #expect(
            try repository.open()?.dirtyPatch(limitBytes: limit)
                == DirtyState(isDirty: false, patch: [], untracked: []))
    }

    @Test func `untracked files are listed, ignored ones are not, and neither makes it dirty`() throws {
        let repository = try TestRepository(["a": "1", ".gitignore": "*.log\n"])
        try repository.write("1", to: "z ä\n.txt")
        try repository.write("1", to: "new/deep/file")
        try repository.write("1", to: "x.log")
        #expect(
            try repository.open()?.dirtyPatch(limitBytes: limit)
                == DirtyState(isDirty: false, patch: [], untracked: [try path("new"), try path("z ä\n.txt")]))
    }

    @Test func `the patch makes the same changes to a clean copy`() throws {
        let repository = try TestRepository([
            "text": "1\n2\n3\n", "gone": "x\n", "moved": "long enough\n", "bin": "\0a",
        ])
        try repository.git("clone", "-q", "\(repository.root)", "\(repository.folder["copy"])")
        try repository.write("1\ntwo\n3\n", to: "text")
        try repository.write([0, 1, 2, 255, 10, 0], to: "bin")
        try repository.write("staged\n", to: "staged")
        try repository.git("add", "staged")
        try repository.git("rm", "-q", "gone")
        try repository.git("mv", "moved", "renamed")
        let state = try #require(try repository.open()?.dirtyPatch(limitBytes: limit))
        #expect(state.isDirty)
        try repository.folder.write(try #require(state.patch), to: "patch")
        try repository.git("apply", "--index", "\(repository.folder["patch"])", in: repository.folder["copy"])
        try repository.git("add", "-A")
        let copied = try repository.git("write-tree", in: repository.folder["copy"])
        #expect(try repository.git("write-tree") == copied)
    }

    @Test func `the user's configuration does not change the patch`() throws {
        let repository = try TestRepository(["a": "1\n"])
        try repository.write("2\n", to: "a")
        let plain = try repository.open()?.dirtyPatch(limitBytes: limit)
        for (name, value) in [
            ("diff.noprefix", "true"), ("color.ui", "always"), ("diff.external", "/bin/false"), ("diff.context", "0"),
            ("status.showUntrackedFiles", "no"), ("diff.algorithm", "patience"), ("status.relativePaths", "true"),
        ] { try repository.git("config", name, value) }
        #expect(try repository.open()?.dirtyPatch(limitBytes: limit) == plain)
        #expect(plain?.isDirty == true)
    }

    @Test func `a patch beyond the limit is left out, and the tree is still dirty`() throws {
        let repository = try TestRepository(["a": "1\n"])
        try repository.write(String(repeating: "x", count: 10_000), to: "a")
        #expect(
            try repository.open()?.dirtyPatch(limitBytes: 5000)
                == DirtyState(isDirty: true, patch: nil, untracked: []))
    }

    @Test func `a file that was touched but not changed is clean`() throws {
        let repository = try TestRepository(["a": "1"])
        try repository.write("1", to: "a")
        #expect(try repository.open()?.dirtyPatch(limitBytes: limit).isDirty == false)
    }

    @Test func `before the first commit, staged files are the patch`() throws {
        let repository = try TestRepository()
        try repository.write("1\n", to: "a")
        try repository.git("add", "a")
        let state = try #require(try repository.open()?.dirtyPatch(limitBytes: limit))
        #expect(state.isDirty)
        #expect(String(decoding: state.patch ?? [], as: UTF8.self).contains("+++ b/a"))
    }

    @Test func `variables that a Git hook sets are not followed`() throws {
        let repository = try TestRepository(["a": "1"])
        let misled = try repository.open(adding: ["GIT_DIR": "/no/such", "GIT_INDEX_FILE": "/no/such"])
        #expect(try misled?.dirtyPatch(limitBytes: limit).isDirty == false)
    }

    @Test func `ignored paths are told, tracked ones excepted`() throws {
        let repository = try TestRepository([".gitignore": "*.log\nout/\n", "a": "1"])
        try repository.write("1", to: "kept.log")
        try repository.git("add", "-f", "kept.log")
        let paths = try ["a", "b.log", "kept.log", "out/x", ":*.log", "ä \"\\\n\u{7}\u{1}.log"].map { try path($0) }
        #expect(
            try repository.open()?.ignored(among: paths) == Set([1, 3, 4, 5].map { paths[$0] }))
        #expect(try repository.open()?.ignored(among: [try path("a")]) == [])
        #expect(try repository.open()?.ignored(among: []) == [])
    }

    @Test func `tracked files and the folders that hold them are told`() throws {
        let repository = try TestRepository(["a/b/c": "1", "d": "1"])
        try repository.write("1", to: "e")
        let paths = try ["a", "a/b", "a/b/c", "d", "e", "a/x", "*", ":a"].map { try path($0) }
        let tracked = try ["a", "a/b", "a/b/c", "d"].map { try path($0) }
        #expect(try repository.open()?.tracked(among: paths) == Set(tracked))
    }

    @Test func `many paths are asked about in pieces`() throws {
        let repository = try TestRepository(["a": "1", "zz": "1"])
        let long = String(repeating: "x", count: 200)
        let paths = try (["a"] + (0..<1000).map { "\(long)\($0)" } + ["zz"]).map { try path($0) }
        #expect(try repository.open()?.tracked(among: paths) == [try path("a"), try path("zz")])
    }

    @Test func `a machine without git is told to install it`() throws {
        let repository = try TestRepository(["a": "1"])
        let opened = try #require(try repository.open(adding: ["PATH": "/no/such"]))
        #expect(try opened.head()?.branch == "main")
        let error = #expect(throws: GitError.self) { _ = try opened.dirtyPatch(limitBytes: limit) }
        #expect(
            error?.description == """
                program git was not found, and the project is in a Git repository
                hint: install git, or add its folder to PATH
                """)
    }

    @Test func `what git refuses is told in its words`() throws {
        let repository = try TestRepository(["a": "1"])
        try repository.write("[core\n", to: ".git/config")
        let opened = try #require(try repository.open())
        let error = #expect(throws: GitError.self) { _ = try opened.dirtyPatch(limitBytes: limit) }
        #expect(
            error?.message == "`git status` failed in \(repository.root): bad config line 1 in file .git/config")
    }

    @Test func `a repository of somebody else is explained`() {
        let error = GitError.failed(
            subcommand: "status", root: AbsolutePath("/a"), reason: "detected dubious ownership in repository at '/a'")
        #expect(error.hint == "if you trust it, run `git config --global --add safe.directory /a`")
    }
}
