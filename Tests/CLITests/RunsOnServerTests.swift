import JSON
import TestSupport
import Testing

/// The commands that look at runs say the same of a project and of the server that serves it.
@Suite struct RunsOnServerTests {
    @Test func `runs, show, compare, logs, params and metrics are the same from a server`() throws {
        let project = try TemporaryProject.sample()
        try project.succeed("init")
        try project.commitToGit()
        try project.succeed("run", "--name", "one")
        try project.write("data.txt", "one\nTWO\nthree\nfour\n")
        try project.succeed("run", "--name", "two", "-S", "head.lines=3")
        _ = try project.shell("REPRO_RUN_ID=two repro log metric loss=nan step=3")
        let server = try StartedServer(in: project)
        let elsewhere = try TemporaryProject()
        let calls: [[String]] = [
            ["runs", "--json"], ["runs", "--columns", "name,status,params,metrics,user,host"],
            ["runs", "--filter", "metrics.line_count > 2", "--sort", "name", "-n", "1", "--json"],
            ["show", "one", "--json"], ["show", "last", "--json"], ["show", "two", "--verbose", "--json"],
            ["compare", "one", "two", "--json"], ["compare", "one", "two", "--all"],
            ["logs", "one", "head"], ["logs", "two", "head", "--json"], ["params", "show", "two", "--json"],
            ["metrics", "show", "last"], ["params", "diff", "one", "two"], ["metrics", "diff", "one", "two", "--json"],
        ]
        for call in calls {
            let here = try project.run(call)
            #expect(here.status == 0, "\(call): \(here.stderr)")
            let there = try elsewhere.run(call + ["--server", server.url])
            #expect(there == here, "\(call)")
            #expect(try elsewhere.run(call, environment: ["REPRO_TRACKING_URL": server.url]) == here)
        }
        server.stop()
    }

    @Test func `what cannot be had from a server is explained`() throws {
        let project = try TemporaryProject(["tokens.txt": "read ana 0123456789abcdef\n"])
        try project.succeed("init")
        let server = try StartedServer(in: project, ["--tokens", "tokens.txt"])
        func error(_ arguments: [String], _ environment: [String: String] = [:]) throws -> ProgramResult {
            try project.run(arguments + ["--server", server.url], environment: environment)
        }
        let denied = try error(["runs"])
        #expect(denied.status == 7)
        #expect(
            denied.stderr == """
                error: tracking server \(server.url) asks for a token
                hint: set REPRO_TOKEN to a token of the server

                """)
        let wrong = try error(["runs"], ["REPRO_TOKEN": "wrong"])
        #expect(wrong.status == 7)
        #expect(wrong.stderr.hasPrefix("error: tracking server \(server.url) does not know the token\n"))
        let token = ["REPRO_TOKEN": "0123456789abcdef"]
        #expect(try error(["runs"], token).status == 0)
        let absent = try error(["show", "absent"], token)
        #expect(absent.status == 3)
        #expect(absent.stderr.hasPrefix("error: run absent does not exist\n"))
        let mistaken = try error(["runs", "--filter", "metrics.a >> 1"], token)
        #expect(mistaken == (try project.run("runs", "--filter", "metrics.a >> 1")))
        server.stop()
        let gone = try error(["runs"], token)
        #expect(gone.status == 6)
        #expect(gone.stderr.hasPrefix("error: tracking server: \(server.url) cannot be reached"))
        #expect(try project.run("runs", "--server", "no url").status == 2)
    }
}
