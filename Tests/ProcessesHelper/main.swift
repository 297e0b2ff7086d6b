import Files
import Glibc
import Processes
import Threads

// A program for ProcessesTests to kill, to signal and to measure:
//
//     ProcessesHelper run SCRIPT          runs a script as a child, and passes its output on
//     ProcessesHelper signals             says `ready`, then the name of each signal that asks it to stop
//     ProcessesHelper measure COUNT MIB   the cost of starting COUNT children, holding MIB of memory

func say(_ text: String) { _ = (text + "\n").withCString { write(1, $0, strlen($0)) } }

func command(_ script: String) -> Command {
    .shell(script, environment: ["PATH": "/usr/bin:/bin"], workingDirectory: .fileSystemRoot)
}

func run(_ script: String) throws {
    let exit = try ChildProcess(command(script)).run { _, bytes in _ = write(1, bytes, bytes.count) }
    say("\(exit)")
}

func showSignals() {
    let signals = Mailbox<StopSignal>()
    let watcher = SignalWatcher { signals.send($0) }
    withExtendedLifetime(watcher) {
        say("ready")
        while true { say("\(signals.receive())") }
    }
}

func measure(count: Int, mebibytes: Int) throws {
    let ballast = [UInt8](repeating: 1, count: mebibytes << 20)
    let program = Command(["/bin/true"], environment: [:], workingDirectory: .fileSystemRoot)
    try withExtendedLifetime(ballast) {
        let start = ContinuousClock.now
        for _ in 0..<count { _ = try ChildProcess(program).run { _, _ in } }
        say("\(count) children with \(mebibytes) MiB held: \((ContinuousClock.now - start) / count) each")
    }
}

let arguments = Array(CommandLine.arguments.dropFirst())
switch (arguments.first, arguments.count) {
case ("run", 2): try run(arguments[1])
case ("signals", 1): showSignals()
case ("measure", 3): try measure(count: Int(arguments[1]) ?? 1000, mebibytes: Int(arguments[2]) ?? 0)
default: exit(2)
}
