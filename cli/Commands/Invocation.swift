import Diagnostics
import Files

/// One start of the program, as a command sees it.
struct Invocation: Sendable {
    let arguments: ParsedArguments
    let output: TextStream
    let errors: TextStream
    let environment: [String: String]
    /// From `-C`, or where the program was started.
    let workingDirectory: AbsolutePath
    let clock: Clock
    /// As it was typed, the program first.
    let commandLine: [String]

    var printsJSON: Bool { arguments.has(GlobalOptions.json) }
    var isQuiet: Bool { arguments.has(GlobalOptions.quiet) }
    var isVerbose: Bool { arguments.has(GlobalOptions.verbose) }
}

extension Invocation {
    /// Something to know that is not data: on standard error, and not with --quiet.
    func note(_ text: String) {
        if !isQuiet { errors.line(errors.paint(printable(text), .faint)) }
    }

    /// Something is wrong, but the command did its work.
    func warn(_ error: any UserFacingError) {
        for line in ErrorReport(error).lines(palette: errors.palette, label: "warning", style: .warning) {
            errors.line(line)
        }
    }
}
