import Files
import Glibc
import Processes
import Testing

@Suite struct SignalWatcherTests {
    @Test func `each signal that asks to stop is heard, and none kills`() throws {
        let watching = Command([helper(), "signals"], environment: [:], workingDirectory: .fileSystemRoot)
        let child = ChildProcess(watching)
        let transcript = Transcript()
        var unsent = [SIGINT, SIGTERM, SIGHUP, SIGINT]
        _ = try child.run(timeout: .seconds(60)) { stream, bytes in
            transcript.add(stream, bytes)
            // After `ready`, and after each answer, the next one.
            _ = eventually { child.processID != nil || unsent.count < 4 }
            if unsent.isEmpty {
                child.terminate(gracePeriod: .zero)
            } else {
                sendToHelper(unsent.removeFirst())
            }
        }
        #expect(transcript.text == "ready\ninterrupt\nterminate\nhangUp\ninterrupt\n")
    }

    private func sendToHelper(_ signal: Int32) {
        for process in processIDs()
        where contents(of: "/proc/\(process)/cmdline") == Array("\(helper())\0signals\0".utf8) {
            kill(process, signal)
        }
    }
}
