import TestSupport
import Testing

@Suite struct ApplyCommandTests {
    private func project() throws -> TemporaryProject {
        let project = try TemporaryProject.sample()
        try project.write("script.sh", "first\n")
        try project.write(".gitignore", "part.txt\nloud.txt\n")
        try project.commitToGit()
        try project.write("script.sh", "second, not committed\n")
        try project.succeed("run", "--queue", "-S", "head.lines=3", "--name", "three")
        try project.succeed("queue", "start")
        return project
    }

    @Test func `a branch has the code, the params and the small results of a run`() throws {
        let project = try project()
        try project.write("script.sh", "third\n")
        #expect(try project.succeed("branch", "three", "best").stdout.hasPrefix("branch best is at "))
        #expect(try project.shell("git show best:script.sh").stdout == "second, not committed\n")
        #expect(try project.shell("git show best:params.yaml").stdout.contains("lines: 3  # how many"))
        #expect(try project.shell("git log --format=%s -2 best").stdout.contains("Run three"))
        // Nothing else moved.
        #expect(try project.read("script.sh") == "third\n")
        #expect(try project.shell("git diff --name-only --cached").stdout == "")
        let again = try project.run("branch", "three", "best")
        #expect(again.status != 0)
    }

    @Test func `apply makes the workspace what it was in the run`() throws {
        let project = try project()
        let refused = try project.run("apply", "three")
        #expect(refused.status == 4)
        #expect(refused.stderr.contains("the workspace has uncommitted changes"))
        try project.succeed("apply", "three", "--force")
        #expect(try project.read("script.sh") == "second, not committed\n")
        #expect(try project.read("params.yaml").contains("lines: 3  # how many"))
        #expect(try project.read("part.txt") == "one\ntwo\nthree\n")
        #expect(try project.succeed("run").stdout.contains("3 skipped"))
    }

    @Test func `a removed run is listed no more`() throws {
        let project = try project()
        #expect(try project.succeed("runs", "delete", "three").stdout == "deleted three\n")
        #expect(!(try project.succeed("runs").stdout.contains("three")))
    }
}
