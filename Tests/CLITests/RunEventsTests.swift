import JSON
import TestSupport
import Testing
import Threads

/// What programs see of runs: events, logs that grow.
@Suite struct RunEventsTests {
    private func events(_ text: String) throws -> [JSONObject] {
        try text.split(separator: "\n").map { line in
            guard case .object(let object) = try JSONValue(parsing: String(line)) else { throw NoEvent(line: line) }
            return object
        }
    }

    private struct NoEvent: Error {
        let line: Substring
    }

    private func names(_ events: [JSONObject]) -> [String] {
        events.map { event in
            let stage = event["stage"].map { " \($0.text())" } ?? ""
            return (event["event"]?.text() ?? "") + stage
        }
    }

    @Test func `events tell a run from its beginning to its end`() throws {
        let project = try TemporaryProject.sample()
        try project.succeed("init")
        let result = try project.run("run", "--events", "--verbose", "-j1")
        #expect(result.status == 0)
        #expect(result.stderr == "")
        let events = try events(result.stdout)
        #expect(
            names(events) == [
                #""run_started""#, #""stage_started" "head""#, #""stage_output" "head""#, #""stage_finished" "head""#,
                #""stage_started" "count""#, #""stage_finished" "count""#, #""stage_started" "shout""#,
                #""stage_finished" "shout""#, #""run_finished""#,
            ])
        #expect(events[0]["version"] == .integer(1))
        #expect(events[0]["stages"] == .array([.string("head"), .string("count"), .string("shout")]))
        #expect(events[1]["reasons"] == .array([.string("it has not run before")]))
        #expect(events[2]["line"] == .string("kept 2 lines"))
        #expect(events[3]["state"] == .string("ran"))
        #expect(events.allSatisfy { $0["time"] != nil })
    }

    @Test func `the last event is the report that --json prints`() throws {
        let project = try TemporaryProject.sample()
        try project.succeed("run")
        let events = try events(try project.succeed("run", "--events").stdout)
        guard case .object(let report)? = events.last?["report"],
            case .object(let byJSON) = try JSONValue(parsing: try project.succeed("run", "--json").stdout)
        else {
            Issue.record("no report")
            return
        }
        #expect(report.keys == byJSON.keys)
        #expect(report["metrics"] == byJSON["metrics"])
        #expect(names(events).dropFirst().prefix(3).allSatisfy { $0.hasPrefix(#""stage_finished""#) })
    }

    @Test func `a failing stage is an event, and the exit code says it too`() throws {
        let project = try TemporaryProject(["repro.yaml": "stages:\n  bad:\n    cmd: printf oops; exit 3\n"])
        let result = try project.run("run", "--events", "--verbose")
        #expect(result.status == 1)
        let events = try events(result.stdout)
        #expect(
            names(events) == [
                #""run_started""#, #""stage_started" "bad""#, #""stage_output" "bad""#, #""stage_finished" "bad""#,
                #""run_finished""#,
            ])
        #expect(events[3]["exitCode"] == .integer(3))
        #expect(result.stderr.hasPrefix("error: stage bad: "))
    }

    @Test func `one of the two: a report or events`() throws {
        let project = try TemporaryProject.sample()
        #expect(try project.run("run", "--events", "--json").status == 2)
    }

    @Test func `a log is followed to its end`() throws {
        let project = try TemporaryProject([
            "repro.yaml": """
            stages:
              slow:
                cmd: echo begun; while [ ! -e go ]; do sleep 0.02; done; echo done; touch out
                outs: [out]

            """
        ])
        try project.succeed("init")
        let run = try project.start(["run", "--name", "long"])
        try waitUntil { try project.run("logs", "last", "slow").stdout.contains("begun") }
        let follower = try project.start(["logs", "last", "slow", "--follow"])
        try waitUntil { follower.standardOutput == "begun\n" }
        try project.write("go", "")
        #expect(run.wait().status == 0)
        let result = follower.wait()
        #expect(result.status == 0)
        #expect(result.stdout == "begun\ndone\n")
        #expect(result.stderr == "stage slow: ran\n")
        // Over already: all of it at once; and for one that was skipped, what it wrote when it ran.
        #expect(try project.succeed("logs", "long", "slow", "-f").stdout == "begun\ndone\n")
        try project.succeed("run")
        #expect(try project.succeed("logs", "last", "slow", "-f").stdout == "begun\ndone\n")
    }

    private func waitUntil(_ condition: () throws -> Bool) throws {
        let end = ContinuousClock.now + .seconds(60)
        while try !condition() {
            if ContinuousClock.now > end { throw TimedOut() }
            _ = Mailbox<Never>().receive(timeout: .milliseconds(20))
        }
    }

    private struct TimedOut: Error {}

    @Test func `why tells what a run did with a stage`() throws {
        let project = try TemporaryProject.sample()
        try project.succeed("run", "--name", "first", "-j1")
        try project.succeed("run", "--name", "second", "-S", "shout.mark=?")
        #expect(
            normalised(try project.succeed("why", "shout", "--run", "first").stdout)
                == "shout ran in TIME in run first (ID):\n  it has not run before\n")
        #expect(
            normalised(try project.succeed("why", "shout", "--run", "second").stdout).hasPrefix(
                "shout ran in TIME in run second (ID):\n  param shout.mark changed: \"!\" → \"?\"\n"))
        #expect(
            normalised(try project.succeed("why", "head", "--run", "second").stdout)
                == "head skipped in run second (ID)\n  its inputs and outs were what the lock file said\n")
        #expect(try project.run("why", "nothing", "--run", "second").status == 3)
    }

    @Test func `save records the workspace, and runs nothing`() throws {
        let project = try TemporaryProject.sample()
        try project.succeed("run", "--name", "first")
        try project.write("count.json", "{\"line_count\": 9}")
        #expect(
            normalised(try project.succeed("save", "--name", "by-hand").stdout) == """

                run by-hand (ID) finished in TIME: 2 skipped, 1 not run
                  line_count  9

                """)
        #expect(try project.read("count.json") == "{\"line_count\": 9}")
        #expect(try project.succeed("metrics", "diff", "first", "by-hand").stdout.contains("line_count"))
    }
}
