import Glibc

@main
enum Main {
    // Synchronous: with an async main, the thread that waits for signals never sees SIGTERM.
    static func main() { exit(runProgram()) }
}

/// Apart from `main`, which the compiler ties to the main actor.
private func runProgram() -> Int32 {
    // A reader that went away is seen as a failed write instead.
    signal(SIGPIPE, SIG_IGN)
    let words = Array(CommandLine.arguments.dropFirst())
    return Program(words: words).run(words)
}
