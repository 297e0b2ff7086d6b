import JSON
import TestSupport
import Testing

@Suite struct PurgeCommandTests {
    /// Of a project, and of the server that serves it.
    @Test(arguments: [false, true])
    func `a run goes to the bin, comes back, and goes for good`(onServer: Bool) throws {
        let project = try TemporaryProject.sample()
        try project.succeed("run", "--name", "two")
        try project.succeed("run", "--name", "three", "-S", "head.lines=3")
        let server = try onServer ? StartedServer(in: project) : nil
        defer { server?.stop() }
        let elsewhere = try onServer ? TemporaryProject() : project
        let option = server.map { ["--server", $0.url] } ?? []
        func call(_ words: String...) throws -> ProgramResult { try elsewhere.run(words + option) }
        func report(_ options: String...) throws -> JSONValue {
            try JSONValue(parsing: try elsewhere.run(["runs", "purge", "--json"] + options + option).stdout)
        }

        let early = try call("runs", "purge", "three")
        #expect(early.status == 3)
        #expect(early.stderr.hasPrefix("error: there is no run three in the bin\nhint: `repro runs --deleted`"))
        #expect(try call("runs", "delete", "three").stdout == "deleted three\n")
        #expect(try !call("runs").stdout.contains("three"))
        #expect(try call("runs", "restore", "three").stdout == "restored three\n")
        #expect(try call("runs").stdout.contains("three"))
        _ = try call("runs", "delete", "three")
        let planned = try report("--dry-run")
        #expect(try call("runs", "--deleted").stdout.contains("three"))
        let done = try report("three")
        #expect(planned["freedBytes"] == done["freedBytes"])
        #expect(done["freedObjects"] != .integer(0))
        #expect(done["sharedObjects"] != .integer(0))
        #expect(try !call("runs", "--deleted").stdout.contains("three"))
        #expect(try call("runs", "purge").stdout == "the bin is empty\n")
        #expect(try call("show", "two").status == 0)
    }

    @Test func `what is said to be freed is what is collected`() throws {
        let project = try TemporaryProject.sample()
        try project.succeed("run", "--name", "two")
        try project.succeed("gc")
        try project.write("model.bin", String(repeating: "weights ", count: 40_000))
        let id = try project.shell("repro log start --name doomed").stdout.split(separator: "\n")[0]
        _ = try project.shell("export REPRO_RUN_ID=\(id); repro log artifact model.bin; repro log finish")
        try project.succeed("runs", "delete", "doomed")
        let report = try JSONValue(parsing: try project.succeed("runs", "purge", "--json").stdout)
        guard case .integer(let freed) = report["freedBytes"] else { throw NoNumber() }
        let collected = try JSONValue(parsing: try project.succeed("gc", "--json").stdout)
        #expect(freed > 0)
        #expect(collected["removedBytes"] == .integer(freed))
    }

    @Test func `the files of a published model keep their run`() throws {
        let project = try TemporaryProject.sample()
        try project.succeed("run", "--name", "two")
        try project.write("model.bin", "weights")
        let id = try project.shell("repro log start --name maker").stdout.split(separator: "\n")[0]
        _ = try project.shell("export REPRO_RUN_ID=\(id); repro log artifact model.bin; repro log finish")
        try project.succeed("models", "register", "champion", "maker", "model.bin")
        try project.succeed("runs", "delete", "maker")
        let named = try project.run("runs", "purge", "maker")
        #expect(named.status == 4)
        #expect(
            named.stderr == """
                error: run maker has the files of version 1 of model champion
                hint: remove the version first: `repro models remove champion@1`

                """)
        #expect(try project.succeed("runs", "purge").stdout == "nothing to remove\n")
        try project.succeed("models", "get", "champion@1", "back.bin")
        #expect(try project.read("back.bin") == "weights")
    }

    @Test func `runs are exported with all that any of them logged`() throws {
        let project = try TemporaryProject.sample()
        try project.succeed("run", "--name", "a \"b\", c")
        let csv = try project.succeed("runs", "export").stdout.split(separator: "\n")
        #expect(csv[0].hasPrefix("id,name,status,experiment,user,host,command,commit,branch,failure,start_time,"))
        #expect(csv[0].contains("metrics.line_count"))
        #expect(csv[1].contains("\"a \"\"b\"\", c\""))
        let json = try JSONValue(parsing: try project.succeed("runs", "export", "--format", "json").stdout)
        guard case .array(let runs) = json, runs.count == 1 else { throw NoNumber() }
        #expect(runs[0]["name"] == .string("a \"b\", c"))
        #expect(runs[0]["metrics.line_count"] == .number(2))
        guard case .string(let id) = runs[0]["id"] else { throw NoNumber() }
        _ = try project.shell("REPRO_RUN_ID=\(id) repro log metric bad=nan up=inf")
        let chosen = ["runs", "export", "--column", "name", "--column", "metrics.bad", "--column", "metrics.up"]
        #expect(
            try project.run(chosen).stdout == "name,metrics.bad,metrics.up\n\"a \"\"b\"\", c\",NaN,Infinity\n")
        let server = try StartedServer(in: project)
        defer { server.stop() }
        let here = try project.run(["runs", "export"])
        #expect(try TemporaryProject().run(["runs", "export", "--server", server.url]) == here)
    }

    private struct NoNumber: Error {}
}
