import Diagnostics
import Files
import FoundationEssentials
import Glibc

/// From the words of the command line to the exit code: finds the command, runs it, prints what it threw.
struct Program {
    let commands: [any Command.Type]
    let environment: [String: String]
    let workingDirectory: AbsolutePath
    let output: TextStream
    let errors: TextStream
    let printsJSON: Bool
    let clock: Clock
    let commandLine: [String]

    /// The program that the operating system started.
    init(words: [String]) {
        let options = words.prefix { $0 != "--" }
        let allowsColor = !options.contains("--no-color")
        environment = ProcessInfo.processInfo.environment
        workingDirectory = .workingDirectory()
        output = TextStream(descriptor: STDOUT_FILENO, environment: environment, allowsColor: allowsColor)
        errors = TextStream(descriptor: STDERR_FILENO, environment: environment, allowsColor: allowsColor)
        printsJSON = options.contains("--json")
        commands = allCommands
        clock = .system
        commandLine = ["repro"] + words
    }

    func run(_ words: [String]) -> Int32 {
        var code: Int32
        do {
            code = try dispatch(words)
        } catch {
            code = report(error)
        }
        if let failure = output.flush() {
            code = report(OutputError.cannotWrite(reason: String(cString: strerror(failure))))
        }
        errors.flush()
        return code
    }

    private func dispatch(_ words: [String]) throws -> Int32 {
        switch try ArgumentParser(commands: commands.map { $0.spec }).parse(words) {
        case .version: return try run("version", ParsedArguments())
        case .help(nil): return try run("help", ParsedArguments())
        case .help(let command?):
            output.line(HelpText(stream: output).page(of: command))
            return 0
        case .run(let spec, let arguments): return try run(spec.name, arguments)
        }
    }

    private func run(_ name: String, _ arguments: ParsedArguments) throws -> Int32 {
        guard let command = commands.first(where: { $0.spec.name == name }) else {
            throw UsageError.unknownCommand(name, nearest: nil)
        }
        if arguments.has(GlobalOptions.quiet), arguments.has(GlobalOptions.verbose) {
            throw UsageError.contradiction("--quiet", "--verbose")
        }
        let call = Invocation(
            arguments: arguments, output: output, errors: errors, environment: environment,
            workingDirectory: try directory(arguments), clock: clock, commandLine: commandLine)
        return try command.run(call).code
    }

    private func directory(_ arguments: ParsedArguments) throws -> AbsolutePath {
        guard let text = arguments.value(of: GlobalOptions.directory) else { return workingDirectory }
        let directory = AbsolutePath(bytes: ArgumentWord.bytes(of: text), relativeTo: workingDirectory)
        var status = stat()
        let isFolder = directory.withCString { stat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFDIR
        if !isFolder { throw UsageError.unusable("option -C: there is no folder \(text)", hint: nil) }
        return directory
    }

    private func report(_ error: any Error) -> Int32 {
        output.flush()
        let report = ErrorReport(error)
        if printsJSON {
            errors.json(report.json)
        } else {
            for line in report.lines(palette: errors.palette) { errors.line(line) }
        }
        return report.kind.exitCode
    }
}

/// Standard output failed.
enum OutputError: UserFacingError, Equatable {
    case cannotWrite(reason: String)

    var kind: ErrorKind { .unavailable }

    var message: String {
        switch self {
        case .cannotWrite(let reason): "standard output cannot be written: \(reason)"
        }
    }
}
