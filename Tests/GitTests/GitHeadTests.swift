import Diagnostics
import Files
import TestSupport
import Testing

@testable import Git

@Suite struct GitHeadTests {
    @Test func `the head is the commit and the branch`() throws {
        let repository = try TestRepository(["a": "1"])
        let head = try repository.open()?.head()
        #expect(head == GitHead(commit: try repository.git("rev-parse", "HEAD"), branch: "main"))
    }

    @Test func `a folder deep in the work tree belongs to it`() throws {
        let repository = try TestRepository(["a/b/c": "1"])
        #expect(try repository.open(repository.root.appending("a/b"))?.root == repository.root)
    }

    @Test func `a folder outside of any repository has none`() throws {
        let folder = try TemporaryFolder()
        #expect(try GitRepository.find(containing: folder.path, environment: [:]) == nil)
    }

    @Test func `an empty folder .git is no repository`() throws {
        let folder = try TemporaryFolder()
        try FileSystem.real.makeFolders(folder[".git"])
        #expect(try GitRepository.find(containing: folder.path, environment: [:]) == nil)
    }

    @Test func `before the first commit there is no head`() throws {
        let repository = try TestRepository()
        let opened = try #require(try repository.open())
        #expect(try opened.head() == nil)
        #expect(try opened.headAskingGit() == nil)
    }

    @Test func `a branch may have slashes in its name`() throws {
        let repository = try TestRepository(["a": "1"])
        try repository.git("switch", "-q", "-c", "feature/a/b")
        #expect(try repository.open()?.head()?.branch == "feature/a/b")
    }

    @Test func `a detached head has no branch`() throws {
        let repository = try TestRepository(["a": "1"])
        try repository.git("switch", "-q", "--detach")
        let head = try repository.open()?.head()
        #expect(head == GitHead(commit: try repository.git("rev-parse", "HEAD"), branch: nil))
    }

    @Test func `packed refs are read, and a newer loose ref wins`() throws {
        let repository = try TestRepository(["a": "1"])
        try repository.git("branch", "not-main")
        try repository.git("branch", "x/main")
        try repository.git("tag", "-a", "-m", "t", "v1")
        try repository.git("pack-refs", "--all")
        #expect(try repository.open()?.head()?.commit == repository.git("rev-parse", "HEAD"))
        try repository.commit("second")
        #expect(try repository.open()?.head()?.commit == repository.git("rev-parse", "HEAD"))
    }

    @Test func `a ref below the branch's name does not hide the packed branch`() throws {
        let repository = try TestRepository(["a": "1"])
        try repository.git("pack-refs", "--all")
        try FileSystem.real.makeFolders(repository.root.appending(".git/refs/heads/main"))
        #expect(try repository.open()?.head()?.commit == repository.git("rev-parse", "HEAD"))
    }

    @Test func `a linked work tree has its own head`() throws {
        let repository = try TestRepository(["a": "1"])
        let linked = repository.folder["linked"]
        try repository.git("worktree", "add", "-q", "-b", "side", "\(linked)")
        try repository.git("commit", "-q", "--allow-empty", "-m", "side", in: linked)
        let head = try repository.open(linked)?.head()
        #expect(head == GitHead(commit: try repository.git("rev-parse", "side"), branch: "side"))
        #expect(head?.commit != (try repository.open()?.head()?.commit))
        try repository.git("pack-refs", "--all")
        #expect(try repository.open(linked)?.head() == head)
    }

    @Test func `a submodule has its own head`() throws {
        let inner = try TestRepository(["a": "1"])
        let outer = try TestRepository(["b": "1"])
        try outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "\(inner.root)", "sub")
        let opened = try outer.open(outer.root.appending("sub"))
        #expect(opened?.root == outer.root.appending("sub"))
        #expect(try opened?.head() == GitHead(commit: try inner.git("rev-parse", "HEAD"), branch: "main"))
    }

    @Test(arguments: ["main", "feature/a"])
    func `the program and the files say the same`(branch: String) throws {
        let repository = try TestRepository(["a": "1"])
        try repository.git("switch", "-q", "-C", branch)
        let opened = try #require(try repository.open())
        #expect(try opened.head() == opened.headAskingGit())
        try repository.git("switch", "-q", "--detach")
        #expect(try opened.head() == opened.headAskingGit())
    }

    @Test(arguments: ["nonsense", "ref: ../../../etc/passwd", "ref: refs/heads/loop"])
    func `a damaged head is named`(content: String) throws {
        let repository = try TestRepository(["a": "1"])
        try repository.write("ref: refs/heads/loop\n", to: ".git/refs/heads/loop")
        try repository.write(content + "\n", to: ".git/HEAD")
        let opened = try #require(try repository.open())
        let error = #expect(throws: GitError.self) { _ = try opened.head() }
        #expect(
            error?.description == """
                \(repository.root)/.git/HEAD names neither a commit nor a branch
                hint: run `git status` to see what Git says
                """)
    }
}
