import Files
import Glibc
import JSON
import TestSupport
import Testing

/// The example program: trains a small network on real digits and logs it.
@Suite struct DigitsExampleTests {
    let project: TemporaryProject
    private let program: String
    private let data: String

    init() throws {
        project = try TemporaryProject()
        try project.succeed("init")
        program = "\(builtProgram().parent?.description ?? "")/digits"
        data = AbsolutePath("\(#filePath)/../../../examples/digits/digits.txt").description
    }

    @Test func `it learns, and the project knows how`() throws {
        let result = try project.shell("\(program) --data \(data) --epochs 2 --hidden 12 --name here")
        #expect(result.stderr == "")
        #expect(result.status == 0)
        try check(try JSONValue(parsing: project.succeed("show", "here", "--json").stdout))
    }

    @Test func `it learns with a server, and with one that comes later`() throws {
        let server = try project.start(["server", "--port", "0", "--json"])
        let url = try url(of: server)
        let line = "\(program) --data \(data) --epochs 2 --hidden 12 --wait 0"
        #expect(try project.shell(line + " --name there", environment: ["REPRO_TRACKING_URL": url]).status == 0)
        try check(try JSONValue(parsing: project.succeed("show", "there", "--json").stdout))
        server.send(SIGTERM)
        _ = server.wait()

        let variables = ["REPRO_TRACKING_URL": url, "REPRO_SPOOL": project.path("spool").description]
        #expect(try project.shell(line + " --name later", environment: variables).status == 0)
        #expect(try project.run("show", "later").status == 3)
        #expect(try project.run(["log", "sync"], environment: variables).status == 6)
        let again = try project.start(["server", "--port", String(url.split(separator: ":").last ?? ""), "--json"])
        _ = try self.url(of: again)
        let sync = try project.run(["log", "sync"], environment: variables)
        #expect(sync.stdout == "sent 1 run\n")
        try check(try JSONValue(parsing: project.succeed("show", "later", "--json").stdout))
        again.send(SIGTERM)
        _ = again.wait()
    }

    @Test func `a crash is recorded with its signal, and with all that was logged before`() throws {
        let result = try project.shell("\(program) --data \(data) --name crashing --crash")
        #expect(result.status != 0)
        let run = try JSONValue(parsing: project.succeed("show", "crashing", "--json").stdout)
        #expect(run["status"] == .string("killed"))
        #expect(run["failure"] == .string("killed by SIGSEGV"))
        #expect(run["tags"]["about"] == .string("to crash"))
        #expect(run["metrics"]["train/loss"] != .null)
    }

    @Test func `a program that is asked to stop is recorded so`() throws {
        let running = try project.shell(
            """
            \(program) --data \(data) --name long --epochs 100000 & pid=$!
            until repro show long --json 2>/dev/null | grep -q train/loss; do sleep 0.05; done
            kill -TERM $pid; wait $pid; echo $?
            """)
        #expect(running.stdout.hasSuffix("143\n"))
        let run = try JSONValue(parsing: project.succeed("show", "long", "--json").stdout)
        #expect(run["status"] == .string("interrupted"))
        #expect(run["failure"] == .string("stopped by SIGTERM"))
    }

    private func check(_ run: JSONValue) throws {
        #expect(run["status"] == .string("finished"))
        #expect(run["experiment"] == .string("digits"))
        #expect(run["params"]["hidden"] == .integer(12))
        guard case .number(let accuracy) = run["metrics"]["test/accuracy"] else {
            Issue.record("no accuracy")
            return
        }
        #expect(accuracy > 0.5)
    }

    private func url(of server: RunningProgram) throws -> String {
        for _ in 0..<4000 {
            if case .object(let object)? = try? JSONValue(parsing: server.standardOutput),
                case .string(let url)? = object["url"]
            {
                return url
            }
            usleep(5000)
        }
        throw NoAddress()
    }

    private struct NoAddress: Error {}
}
