import Files
import Glibc
import Processes
import Testing
import Threads

@Suite struct ChildProcessTests {
    @Test func `standard output and standard error come apart`() throws {
        let transcript = Transcript()
        let exit = try ChildProcess(shell("echo out; echo err >&2")).run(onOutput: transcript.add)
        #expect(transcript.standardOutput == Array("out\n".utf8))
        #expect(transcript.standardError == Array("err\n".utf8))
        #expect(exit.isSuccess)
    }

    @Test func `output is handed on while the command runs`() throws {
        let folder = try output(of: "mktemp -d")
        defer { _ = try? output(of: "rm -r \(folder)") }
        let transcript = Transcript()
        let script = "echo ready; while [ ! -e \(folder)/go ]; do sleep 0.01; done; echo done"
        let exit = try ChildProcess(shell(script)).run(timeout: .seconds(20)) { stream, bytes in
            transcript.add(stream, bytes)
            close(creat("\(folder)/go", 0o644))
        }
        #expect(transcript.text == "ready\ndone\n")
        #expect(!exit.timedOut)
    }

    @Test func `no byte of a long output is lost`() throws {
        var count = 0
        let exit = try ChildProcess(shell("head -c 20000000 /dev/zero")).run { _, bytes in count += bytes.count }
        #expect(count == 20_000_000)
        #expect(exit.isSuccess)
    }

    @Test func `a slow listener loses nothing`() throws {
        var count = 0
        _ = try ChildProcess(shell("head -c 400000 /dev/zero")).run { _, bytes in
            usleep(1000)
            count += bytes.count
        }
        #expect(count == 400_000)
    }

    @Test(arguments: [0, 1, 7, 127, 255])
    func `the exit code is the command's`(code: Int32) throws {
        let exit = try capture(shell("exit \(code)")).exit
        #expect(exit.code == code)
        #expect(exit.signal == nil)
        #expect(exit.description == "exited with code \(code)")
    }

    @Test(arguments: [(SIGKILL, "was killed by SIGKILL"), (SIGSEGV, "was killed by SIGSEGV")])
    func `the signal is the one that killed the command`(signal: Int32, text: String) throws {
        let exit = try capture(shell("kill -\(signal) $$")).exit
        #expect(exit.signal == signal)
        #expect(exit.code == 128 + signal)
        #expect(exit.description == text)
        #expect(!exit.isSuccess)
    }

    @Test func `standard input is empty`() throws {
        #expect(try output(of: "cat; echo end") == "end")
    }

    @Test func `the command has no descriptor of ours`() throws {
        let pipe = try #require(openPipeWithoutCloseOnExec())
        defer { for descriptor in pipe { close(descriptor) } }
        let open = try output(of: "ls /proc/self/fd").split(separator: "\n")
        #expect(open == ["0", "1", "2", "3"])  // 3 is the folder that ls reads.
    }

    @Test func `no signal is blocked or ignored for the command`() throws {
        let text = try output(of: "grep -E '^Sig(Blk|Ign)' /proc/self/status")
        #expect(text == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000")
    }

    @Test func `the environment is what was asked for, and the mark`() throws {
        let environment = ["B": "2", "A": "ä=1", ChildProcess.markName: "old"]
        let command = Command(["/usr/bin/env"], environment: environment, workingDirectory: .fileSystemRoot)
        let lines = try capture(command).text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.prefix(2) == ["A=ä=1", "B=2"])
        #expect(lines.last?.hasPrefix("REPRO_STAGE_ID=") == true)
        #expect(lines.last != "REPRO_STAGE_ID=old")
    }

    @Test func `the command runs in its folder and leads its own process group`() throws {
        let text = try capture(shell("pwd; echo $$; cut -d' ' -f5 /proc/$$/stat", in: AbsolutePath("/usr/share"))).text
        let lines = text.split(separator: "\n").map { $0.split(separator: " ").joined() }
        try #require(lines.count == 3)
        #expect(lines[0] == "/usr/share")
        #expect(lines[1] == lines[2])
    }

    @Test func `the process id is known while the command runs`() throws {
        let child = ChildProcess(shell("echo $$; sleep 0.01"))
        #expect(child.processID == nil)
        var said: [UInt8] = []
        var known: Int32?
        _ = try child.run { _, bytes in
            said += bytes
            known = child.processID ?? known
        }
        #expect(child.processID == nil)
        #expect(known == nil || "\(known ?? 0)\n" == String(decoding: said, as: UTF8.self))
    }

    @Test func `time and memory of all processes of the command are counted`() throws {
        let burn = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"
        let hold = "head -c 100000000 /dev/zero | tail -c 100000000 >/dev/null"
        let exit = try capture(shell("(\(burn)) & wait; \(hold); sleep 0.1")).exit
        #expect(exit.userSeconds > 0.02)
        #expect(exit.maxResidentBytes > 100_000_000)
        #expect(exit.wall > .milliseconds(100))
    }

    @Test func `many children run at once, each with its own output and end`() throws {
        let results = try mapConcurrently(Array(0..<40), width: 8) { number in
            let captured = try capture(shell("echo \(number); exit \(number)"))
            return [captured.text, "\(captured.exit.code)"]
        }
        #expect(results == (0..<40).map { ["\($0)", "\($0)"] })
    }

    @Test func `three hundred children leave no descriptor and no zombie`() throws {
        _ = try output(of: "true")
        let before = try descriptorsAndChildren()
        for _ in 0..<300 { _ = try output(of: "true") }
        let after = try descriptorsAndChildren()
        // Other tests run meanwhile, and hold a few of each.
        #expect(after.descriptors < before.descriptors + 150)
        #expect(after.zombies < before.zombies + 150)
    }
}

private func openPipeWithoutCloseOnExec() -> [Int32]? {
    var ends: [Int32] = [-1, -1]
    return pipe(&ends) == 0 ? ends : nil
}

private func descriptorsAndChildren() throws -> (descriptors: Int, zombies: Int) {
    let zombies = processIDs().filter { parent(of: $0) == getpid() }.count
    return (names(in: "/proc/self/fd").count, zombies)
}
