import Files
import Glibc
import Testing
import Threads

@testable import Processes

@Suite struct TerminateTests {
    @Test func `terminate from another thread lets the command end by itself`() throws {
        let exit = try runAndTerminate(
            "trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.01; done", gracePeriod: .seconds(20))
        #expect(exit.code == 3)
        #expect(exit.signal == nil)
        #expect(!exit.timedOut)
    }

    @Test func `a command that ignores SIGTERM is killed after the grace period`() throws {
        let exit = try runAndTerminate(
            "trap '' TERM; echo ready; while :; do sleep 0.01; done", gracePeriod: .milliseconds(50))
        #expect(exit.signal == SIGKILL)
        #expect(exit.description == "was killed by SIGKILL")
    }

    @Test func `a process that saves its work has the grace period, though its shell ended at once`() throws {
        let folder = try output(of: "mktemp -d")
        defer { _ = try? output(of: "rm -r \(folder)") }
        let worker = "trap 'sleep 0.3; echo saved >\(folder)/work; exit' TERM; echo ready; while :; do sleep 0.01; done"
        let exit = try runAndTerminate("sh -c \"\(worker)\" & wait", gracePeriod: .seconds(20))
        #expect(exit.signal == SIGTERM)
        #expect(contents(of: "\(folder)/work") == Array("saved\n".utf8))
    }

    @Test func `a second call shortens the grace period`() throws {
        let child = ChildProcess(shell("trap '' TERM; echo ready; while :; do sleep 0.01; done"))
        let exit = try child.run { _, _ in
            child.terminate(gracePeriod: .seconds(1000))
            child.terminate(gracePeriod: .zero)
        }
        #expect(exit.signal == SIGKILL)
    }

    @Test func `a stopped command is killed too`() throws {
        let child = ChildProcess(shell("kill -STOP $$"))
        let thread = Thread.start(name: "terminator") {
            _ = eventually { isStopped(child.processID) }
            child.terminate(gracePeriod: .milliseconds(50))
        }
        let exit = try child.run(timeout: .seconds(60)) { _, _ in }
        thread.join()
        #expect(exit.signal == SIGKILL)
    }

    @Test func `a command that was terminated before it ran does not start`() throws {
        let child = ChildProcess(shell("echo ran"))
        child.terminate(gracePeriod: .zero)
        let transcript = Transcript()
        let exit = try child.run(onOutput: transcript.add)
        #expect(exit == Exit(code: 143, signal: SIGTERM))
        #expect(transcript.text == "")
    }

    @Test func `terminate after the end does nothing`() throws {
        let child = ChildProcess(shell("exit 4"))
        #expect(try child.run { _, _ in }.code == 4)
        child.terminate(gracePeriod: .zero)
    }

    @Test func `a timeout gives the grace period, too`() throws {
        let script = "trap 'echo bye; exit 3' TERM; while :; do sleep 0.01; done"
        let transcript = Transcript()
        let exit = try ChildProcess(shell(script)).run(
            timeout: .milliseconds(300), gracePeriod: .seconds(20), onOutput: transcript.add)
        #expect(transcript.text == "bye\n")
        #expect(exit.timedOut)
        #expect(exit.code == 3)
        #expect(!exit.isSuccess)
    }

    @Test func `a timeout without end is none`() throws {
        #expect(try ChildProcess(shell("exit 0")).run(timeout: .seconds(Int64.max)) { _, _ in }.isSuccess)
    }

    @Test func `the process that runs a command can be stopped as a whole, as Ctrl-Z does, and goes on`() throws {
        let runner = Command(
            [helper(), "run", "echo ready; exit 3"], environment: [:], workingDirectory: .fileSystemRoot)
        let child = ChildProcess(runner)
        let transcript = Transcript()
        let exit = try child.run(timeout: .seconds(60)) { stream, bytes in
            transcript.add(stream, bytes)
            guard let process = child.processID, transcript.text == "ready\n" else { return }
            kill(process, SIGSTOP)
            let tasks = { names(in: "/proc/\(process)/task").compactMap { pid_t($0) } }
            #expect(eventually { tasks().allSatisfy { isStopped($0) } })
            kill(process, SIGCONT)
        }
        #expect(exit.code == 0)
        #expect(transcript.text == "ready\nexited with code 3\n")
    }

    /// Terminates the script from another thread, once it has said `ready`.
    private func runAndTerminate(_ script: String, gracePeriod: Duration) throws -> Exit {
        let child = ChildProcess(shell(script))
        let ready = Mailbox<Void>()
        let thread = Thread.start(name: "terminator") {
            ready.receive()
            child.terminate(gracePeriod: gracePeriod)
        }
        let exit = try child.run(timeout: .seconds(60)) { _, _ in ready.send(()) }
        thread.join()
        return exit
    }
}

private func isStopped(_ process: pid_t?) -> Bool {
    guard let process else { return false }
    return String(decoding: contents(of: "/proc/\(process)/stat"), as: UTF8.self).contains(") T ")
}
