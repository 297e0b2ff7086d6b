package import Diagnostics
package import Files

/// A command that could not be run. How a command that did run ended is not an error here: see `Exit`.
package enum ProcessError: UserFacingError, Equatable {
    case noProgram
    case containsNUL(program: String)
    case notFound(program: String)
    case notExecutable(path: AbsolutePath)
    case workingDirectoryUnusable(path: AbsolutePath, reason: String)
    case cannotStart(program: String, reason: String)
    /// The process of ours between us and the command was killed; the command was killed after it.
    case guardKilled(program: String)
    case outputTooLong(program: String, limitBytes: Int)
    case timedOut(program: String, limit: Duration)

    package var kind: ErrorKind {
        switch self {
        case .noProgram, .containsNUL: .invalidInput
        case .notFound: .notFound
        case .notExecutable: .denied
        case .workingDirectoryUnusable: .notFound
        case .cannotStart, .timedOut: .unavailable
        case .guardKilled, .outputTooLong: .failed
        }
    }

    package var message: String {
        switch self {
        case .noProgram: "a command is empty"
        case .containsNUL(let program): "an argument or variable of \(program) contains a NUL byte"
        case .notFound(let program): "program \(program) was not found"
        case .notExecutable(let path): "\(path) is not an executable file"
        case .workingDirectoryUnusable(let path, let reason): "folder \(path) cannot be entered: \(reason)"
        case .cannotStart(let program, let reason): "program \(program) cannot be started: \(reason)"
        case .guardKilled(let program): "program \(program) was stopped, because the process that guards it was killed"
        case .outputTooLong(let program, let limit): "program \(program) wrote more than \(limit) bytes"
        case .timedOut(let program, let limit): "program \(program) did not end within \(limit)"
        }
    }

    package var hint: String? {
        switch self {
        case .notFound(let program):
            program.utf8.contains(UInt8(ascii: "/"))
                ? "check the path; it is taken from the folder in which the command runs"
                : "install it, or add its folder to PATH"
        case .notExecutable(let path): "run `chmod +x \(path)`"
        case .guardKilled: "the machine may have run out of memory; see `dmesg`"
        case .noProgram, .containsNUL, .workingDirectoryUnusable, .cannotStart, .outputTooLong, .timedOut: nil
        }
    }
}
