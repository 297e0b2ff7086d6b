import Diagnostics
import Files
import Glibc
import Processes
import Testing

@Suite struct ProcessErrorTests {
    private let environment = ["PATH": "/usr/bin:/bin"]

    private func error(of arguments: [String], in folder: String = "/") -> ProcessError? {
        let command = Command(arguments, environment: environment, workingDirectory: AbsolutePath(folder))
        return #expect(throws: ProcessError.self) { _ = try capture(command) }
    }

    @Test func `a program that is not in PATH is named`() {
        let error = error(of: ["fastext-train", "-x"])
        #expect(error?.kind == .notFound)
        #expect(
            error?.description
                == "program fastext-train was not found\nhint: install it, or add its folder to PATH")
    }

    @Test func `a path that does not exist is named`() {
        #expect(
            error(of: ["./train"], in: "/usr")?.description
                == "program ./train was not found\nhint: check the path; it is taken from the folder in which the command runs"
        )
    }

    @Test func `a file that is not executable is named, with the command that helps`() {
        let error = error(of: ["./passwd"], in: "/etc")
        #expect(error?.kind == .denied)
        #expect(
            error?.description == "/etc/passwd is not an executable file\nhint: run `chmod +x /etc/passwd`")
    }

    @Test func `a folder that does not exist is named`() {
        #expect(
            error(of: ["true"], in: "/no/such")?.description
                == "folder /no/such cannot be entered: No such file or directory")
    }

    @Test func `a script without a first line for the kernel is explained`() throws {
        let file = try output(of: "f=$(mktemp) && echo true >$f && chmod +x $f && echo $f")
        defer { unlink(file) }
        #expect(
            error(of: [file])?.description
                == "program \(file) cannot be started: it is not a program; a script needs a #! line")
    }

    @Test func `arguments beyond the system's limit are an error, not a crash`() {
        let error = error(of: ["true", String(repeating: "x", count: 4 << 20)])
        #expect(error?.description == "program true cannot be started: Argument list too long")
    }

    @Test func `an empty command and a NUL byte are refused`() {
        #expect(error(of: [])?.description == "a command is empty")
        #expect(error(of: ["true", "a\0b"])?.description == "an argument or variable of true contains a NUL byte")
    }

    @Test func `a helper that writes too much is stopped`() {
        let error = #expect(throws: ProcessError.self) {
            _ = try capture(shell("yes"), limitBytes: 100_000)
        }
        #expect(error?.description == "program /bin/sh wrote more than 100000 bytes")
    }

    @Test func `a helper that takes too long is stopped`() {
        let error = #expect(throws: ProcessError.self) {
            _ = try capture(shell("sleep 100"), timeout: .milliseconds(50))
        }
        #expect(error?.description == "program /bin/sh did not end within 0.05 seconds")
    }
}
