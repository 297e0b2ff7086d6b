package import Files
package import Glibc

/// A program that a test started; its output goes to files, so that nobody has to read while it runs.
package final class RunningProgram: Sendable {
    package let processID: pid_t
    private let output: Int32
    private let errors: Int32

    /// Starts `words` in `folder` with nothing of the test's own environment, and with an empty standard input unless one
    /// is given.
    init(
        _ words: [String], in folder: AbsolutePath, environment: [String: String], standardInput: Int32? = nil
    ) throws {
        output = try anonymousFile()
        errors = try anonymousFile()
        // env(1) changes the folder and then becomes the program: posix_spawn cannot do the first portably.
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let all = ["env", "-i", "-C", folder.description] + variables + words
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let standardInput {
            posix_spawn_file_actions_adddup2(&actions, standardInput, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own, as under an interactive shell: a test can signal it, and Ctrl-C leaves it time to clear up.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        // The threads of the tests block most signals, and a program would inherit that.
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        var arguments: [UnsafeMutablePointer<CChar>?] = all.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        var noVariables: [UnsafeMutablePointer<CChar>?] = [nil]
        let code = posix_spawn(&child, "/usr/bin/env", &actions, &attributes, &arguments, &noVariables)
        if code != 0 { throw TestFileError(action: "start", path: words[0], errno: code) }
        processID = child
    }

    deinit {
        close(output)
        close(errors)
    }

    package func send(_ signal: Int32) { kill(processID, signal) }

    /// To the program and all of its group.
    package func sendToGroup(_ signal: Int32) { kill(-processID, signal) }

    /// What it has printed so far.
    package var standardOutput: String { contents(of: output) }
    package var standardError: String { contents(of: errors) }

    /// Waits for the end. A program that ended by a signal has the status 128 + signal, as in a shell.
    package func wait() -> ProgramResult {
        var status: Int32 = 0
        while waitpid(processID, &status, 0) == -1, errno == EINTR {}
        let signal = status & 0x7F
        return ProgramResult(
            status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, stdout: standardOutput, stderr: standardError)
    }
}

/// How a program ended and what it printed.
package struct ProgramResult: Sendable, Equatable {
    package let status: Int32
    package let stdout: String
    package let stderr: String

    package init(status: Int32, stdout: String, stderr: String) {
        self.status = status
        self.stdout = stdout
        self.stderr = stderr
    }
}

/// A program that a test needed did not do its work.
package struct UnexpectedStatus: Error, CustomStringConvertible {
    let command: [String]
    let result: ProgramResult

    package init(command: [String], result: ProgramResult) {
        self.command = command
        self.result = result
    }

    package var description: String {
        "`\(command.joined(separator: " "))` ended with \(result.status)\n\(result.stdout)\(result.stderr)"
    }
}

/// The `repro` that was built beside the tests.
package func builtProgram() -> AbsolutePath {
    // To test a release build, which the optimiser may have changed.
    if let other = getenv("REPRO_BINARY") {
        return AbsolutePath(String(cString: other), relativeTo: .workingDirectory())
    }
    // The test bundle is the running program itself, or what the testing helper was told to load.
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    let path = AbsolutePath(bundle, relativeTo: .workingDirectory())
    return (path.parent ?? path).appending("repro")
}

/// An open file without a name.
private func anonymousFile() throws -> Int32 {
    var template = Array("/tmp/repro-output-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    if descriptor < 0 { throw TestFileError(action: "make", path: "/tmp", errno: errno) }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
}

private func contents(of descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = pread(descriptor, &buffer, buffer.count, bytes.count)
        if count <= 0 { break }
        bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
}
