import Diagnostics
import Files
import Pipelines
import Processes
import TestSupport
import Testing

@testable import Operations

/// Outs that the store keeps, and Git.
@Suite struct OutsInGitTests {
    private func project(_ pipeline: String) throws -> PipelineProject {
        let project = try PipelineProject(pipeline, files: ["n.txt": "20\n"])
        try git(project, "init -q -b main")
        return project
    }

    private func git(_ project: PipelineProject, _ arguments: String) throws {
        let identity = "-c user.name=T -c user.email=t@example.invalid"
        let command = Command(
            ["/bin/sh", "-c", "git \(identity) \(arguments)"], environment: ["PATH": "/usr/bin:/bin"],
            workingDirectory: project.folder.path)
        #expect(try ChildProcess(command).run(timeout: nil, gracePeriod: .zero, onOutput: { _, _ in }).isSuccess)
    }

    private static let pipeline = """
        stages:
          kept:
            cmd: mkdir -p deep && cat n.txt > out.txt && cat n.txt > 'deep/[a] b.txt' && cat n.txt > README.md
            deps: [n.txt]
            outs: [out.txt, 'deep/[a] b.txt']
            metrics: [README.md: {cache: false}]

        """

    @Test func `an out that Git tracks is refused before anything runs`() throws {
        let project = try project(Self.pipeline)
        try project.folder.write("old\n", to: "out.txt")
        try git(project, "add out.txt && git \("-c user.name=T -c user.email=t@x") commit -q -m one")
        let error = #expect(throws: OperationError.self) { try project.run() }
        #expect(
            error?.description == """
                stage kept: out out.txt is in Git, which would keep a second copy of each result
                hint: `git rm -r --cached out.txt` takes it out of Git; or leave it to Git, with `cache: false`
                """)
        #expect(try project.folder.read("out.txt") == "old\n")
        try git(project, "rm -q -r --cached out.txt")
        #expect(try project.run().failure == nil)
    }

    @Test func `a refused run leaves the params as they were`() throws {
        let project = try PipelineProject()
        try git(project, "init -q -b main")
        try project.folder.write("1\n", to: "doubled.txt")
        try git(project, "add doubled.txt")
        #expect(throws: OperationError.self) { try project.run { $0.overrides = ["by=5"] } }
        #expect(try project.folder.read("params.yaml") == "by: 1 # added\n")
    }

    @Test func `an out that is left to Git may be in Git`() throws {
        let project = try project(Self.pipeline)
        try project.folder.write("old\n", to: "README.md")
        try git(project, "add README.md")
        #expect(try project.run().failure == nil)
        #expect(try project.folder.read("README.md") == "20\n")
    }

    @Test func `outs that were made get a line in the gitignore beside them, once`() throws {
        let project = try project(Self.pipeline)
        try project.folder.write("/other\n", to: ".gitignore")
        try project.run()
        #expect(try project.folder.read(".gitignore") == "/other\n/out.txt\n")
        #expect(try project.folder.read("deep/.gitignore") == "/\\[a] b.txt\n")
        try project.run { $0.isForced = true }
        #expect(try project.folder.read(".gitignore") == "/other\n/out.txt\n")
    }

    @Test func `the lines are there before other stages read the folder, and when the run goes no further`() throws {
        let project = try project(
            """
            stages:
              one:
                cmd: mkdir -p data && cat n.txt > data/one.txt
                deps: [n.txt]
                outs: [data/one.txt]
              two:
                cmd: cat n.txt > data/two.txt
                deps: [n.txt]
                outs: [data/two.txt]
              three:
                cmd: cat data/.gitignore > seen.txt
                deps: [data]
                outs: [seen.txt]
              four:
                cmd: "false"
                deps: [seen.txt]
                outs: [never.txt]

            """)
        #expect(project.states(try project.run()) == ["one ran", "two ran", "three ran", "four failed"])
        #expect(try project.folder.read("seen.txt") == "/one.txt\n/two.txt\n")
        #expect(try project.folder.read("data/.gitignore") == "/one.txt\n/two.txt\n")
        #expect(project.states(try project.run()) == ["one skipped", "two skipped", "three skipped", "four failed"])
    }

    @Test func `what Git ignores already gets no line`() throws {
        let project = try project(Self.pipeline)
        try project.folder.write("*.txt\n", to: ".gitignore")
        try project.run()
        #expect(try project.folder.read(".gitignore") == "*.txt\n")
        #expect(try FileSystem.real.status(of: project.folder["deep/.gitignore"]) == nil)
    }

    @Test func `outside a Git repository no gitignore is made`() throws {
        let project = try PipelineProject(Self.pipeline, files: ["n.txt": "20\n"])
        try project.run()
        #expect(try FileSystem.real.status(of: project.folder[".gitignore"]) == nil)
    }
}
