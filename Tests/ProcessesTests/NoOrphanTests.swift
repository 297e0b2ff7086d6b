import Files
import Glibc
import Testing
import Threads

@testable import Processes

/// Ways to leave a process behind. In each, `SLEEP` stands for a command that never ends by itself.
private let escapes: [String] = [
    "SLEEP &",
    "nohup SLEEP >/dev/null 2>&1 &",
    "setsid SLEEP &",
    "setsid sh -c 'setsid SLEEP & setsid SLEEP &' &",
    "(SLEEP >/dev/null 2>&1 &)",
    "(setsid sh -c '(trap \"\" TERM HUP INT; SLEEP) & exit' >/dev/null 2>&1 &)",
    "env -i setsid SLEEP >/dev/null 2>&1 &",
    "(env -i setsid sh -c '(env -i setsid sh -c \"(setsid SLEEP &)\" &)' &)",
    "sh -c 'sh -c \"SLEEP & sleep 0.05\" & setsid SLEEP & wait' &",
]

/// What the command itself does once it has left something behind.
private let endings = ["sleep 0.2; exit 0", "sleep 0.2; kill -9 $$"]

@Suite struct NoOrphanTests {
    @Test(arguments: escapes, endings)
    func `nothing that a command leaves behind outlives it`(escape: String, ending: String) throws {
        let sleeper = Sleeper()
        let script = escape.replacing("SLEEP", with: sleeper.command) + "\n" + ending
        let start = ContinuousClock.now
        let exit = try ChildProcess(shell(script)).run(timeout: .seconds(30)) { _, _ in }
        #expect(sleeper.processes == [])
        #expect(!exit.timedOut)
        #expect(!exit.hasSurvivors)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test(arguments: escapes)
    func `a timeout ends the whole tree`(escape: String) throws {
        let sleeper = Sleeper()
        let script = "trap '' TERM\n" + escape.replacing("SLEEP", with: sleeper.command) + "\nwhile :; do sleep 1; done"
        let exit = try ChildProcess(shell(script)).run(timeout: .milliseconds(400), gracePeriod: .milliseconds(50)) {
            _, _ in
        }
        #expect(sleeper.processes == [])
        #expect(exit.timedOut)
        #expect(exit.signal == SIGKILL)
        #expect(exit.description == "timed out")
    }

    @Test(arguments: escapes)
    func `kill -9 of the process that runs it ends the whole tree`(escape: String) throws {
        let sleeper = Sleeper()
        let script = escape.replacing("SLEEP", with: sleeper.command) + "\necho $PPID $$; while :; do sleep 1; done"
        let runner = Command([helper(), "run", script], environment: [:], workingDirectory: .fileSystemRoot)
        let outer = Runner(runner)
        let line = outer.firstLine.receive(timeout: .seconds(10)) ?? ""
        let ids = line.split(separator: " ").compactMap { pid_t($0) }
        try #require(ids.count == 2)
        #expect(eventually { !sleeper.processes.isEmpty })
        let repro = try #require(parent(of: ids[0]))
        // The runner has a guard, too, which would sweep after it. It sleeps meanwhile, so that nobody but the inner
        // guard can have done it.
        let outerGuard = try #require(parent(of: repro))
        kill(outerGuard, SIGSTOP)
        kill(repro, SIGKILL)
        #expect(sleeper.waitUntilGone())
        #expect(eventually { contents(of: "/proc/\(ids[1])/cmdline").isEmpty })
        kill(outerGuard, SIGCONT)
        outer.thread.join()
    }

    @Test func `when the guard and the process that runs it are killed at once, the command dies`() throws {
        let script = "echo $PPID $$; while :; do sleep 1; done"
        let outer = Runner(Command([helper(), "run", script], environment: [:], workingDirectory: .fileSystemRoot))
        let line = outer.firstLine.receive(timeout: .seconds(10)) ?? ""
        let ids = line.split(separator: " ").compactMap { pid_t($0) }
        try #require(ids.count == 2)
        let repro = try #require(parent(of: ids[0]))
        let outerGuard = try #require(parent(of: repro))
        for (process, signal) in [(outerGuard, SIGSTOP), (ids[0], SIGSTOP), (repro, SIGKILL), (ids[0], SIGKILL)] {
            kill(process, signal)
        }
        #expect(eventually { contents(of: "/proc/\(ids[1])/cmdline").isEmpty })
        kill(outerGuard, SIGCONT)
        outer.thread.join()
    }

    @Test func `when the guard itself is killed, the command and what bears its mark die`() throws {
        let sleeper = Sleeper()
        let script = "setsid \(sleeper.command) & (\(sleeper.command) &) ; echo $PPID; while :; do sleep 1; done"
        let child = ChildProcess(shell(script))
        let error = #expect(throws: ProcessError.self) {
            _ = try child.run { _, bytes in
                #expect(sleeper.waitUntilRunning(2))
                kill(pid_t(String(decoding: bytes, as: UTF8.self).dropLast()) ?? 0, SIGKILL)
            }
        }
        #expect(error == .guardKilled(program: "/bin/sh"))
        #expect(sleeper.processes == [])
    }

    @Test func `a process that holds the output after the end is waited for only briefly`() throws {
        let sleeper = Sleeper()
        let start = ContinuousClock.now
        let captured = try capture(shell("echo a; \(sleeper.command) & exit 3"))
        #expect(captured.text == "a")
        #expect(captured.exit.code == 3)
        #expect(captured.exit.wall < .milliseconds(200))
        #expect(ContinuousClock.now - start > .milliseconds(190))
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test func `what a process writes shortly after the end of the command is kept`() throws {
        #expect(try output(of: "(sleep 0.05; echo late) & echo early") == "early\nlate")
    }

    @Test func `one child's end leaves the others alone`() throws {
        let sleeper = Sleeper()
        let other = ChildProcess(shell("setsid \(sleeper.command) & \(sleeper.command)"))
        let ended = Mailbox<Exit?>()
        let thread = Thread.start(name: "other") { ended.send(try? other.run { _, _ in }) }
        #expect(sleeper.waitUntilRunning(2))
        _ = try output(of: "setsid sleep 100 & sleep 100 &")
        _ = try ChildProcess(shell("setsid sleep 100 & sleep 100")).run(timeout: .zero, gracePeriod: .zero) { _, _ in }
        #expect(sleeper.processes.count == 2)
        other.terminate(gracePeriod: .seconds(10))
        thread.join()
        #expect(ended.receive()?.signal == SIGTERM)
        #expect(sleeper.processes == [])
    }

    @Test func `processes that resist SIGKILL do not hold the caller for ever`() throws {
        let sleeper = Sleeper()
        let script = "setsid \(sleeper.command) & while :; do sleep 1; done"
        let exit = try ChildProcess(shell(script)).run(
            timeout: .milliseconds(200), gracePeriod: .zero, killingLimit: .zero
        ) { _, _ in }
        #expect(exit.hasSurvivors)
        #expect(sleeper.waitUntilGone())
    }
}

/// A command that runs on a thread, and the first line that it writes.
private struct Runner {
    let firstLine = Mailbox<String>()
    let thread: Thread

    init(_ command: Command) {
        let firstLine = firstLine
        thread = Thread.start(name: "runner") {
            _ = try? ChildProcess(command).run { _, bytes in
                firstLine.send(String(decoding: bytes.dropLast(), as: UTF8.self))
            }
        }
    }
}
