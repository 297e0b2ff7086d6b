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
    let arguments = CommandLine.unsafeArgv
    let words = (1..<max(1, Int(CommandLine.argc))).compactMap { number in
        arguments[number].map { word in
            ArgumentWord.text(of: UnsafeBufferPointer(start: word, count: strlen(word)).map { UInt8(bitPattern: $0) })
        }
    }
    return Program(words: words).run(words)
}
