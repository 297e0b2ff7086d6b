/// What a small helper program (`git`, `nvidia-smi`) wrote, and how it ended.
package struct CapturedOutput: Sendable, Equatable {
    package let exit: Exit
    package let standardOutput: [UInt8]
    package let standardError: [UInt8]

    package init(exit: Exit, standardOutput: [UInt8], standardError: [UInt8]) {
        self.exit = exit
        self.standardOutput = standardOutput
        self.standardError = standardError
    }

    /// Standard output as text, without the line break at its end.
    package var text: String {
        let text = String(decoding: standardOutput, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// Standard error as text, without the line break at its end.
    package var errorText: String {
        let text = String(decoding: standardError, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
}

/// Runs a small helper program to its end and keeps what it writes. Throws if it writes more than `limitBytes` or
/// takes longer than `timeout`; its exit code is for the caller to judge.
package func capture(
    _ command: Command, limitBytes: Int = 16 << 20, timeout: Duration = .seconds(30)
) throws -> CapturedOutput {
    let child = ChildProcess(command)
    var output: [UInt8] = []
    var error: [UInt8] = []
    var isTooLong = false
    let exit = try child.run(timeout: timeout, gracePeriod: .zero) { stream, bytes in
        if isTooLong { return }
        if output.count + error.count + bytes.count > limitBytes {
            isTooLong = true
            child.terminate(gracePeriod: .zero)
            return
        }
        switch stream {
        case .standardOutput: output += bytes
        case .standardError: error += bytes
        }
    }
    if isTooLong { throw ProcessError.outputTooLong(program: command.name, limitBytes: limitBytes) }
    if exit.timedOut { throw ProcessError.timedOut(program: command.name, limit: timeout) }
    return CapturedOutput(exit: exit, standardOutput: output, standardError: error)
}
