import TestSupport
import Testing

@Suite struct ProgramTests {
    let project: TemporaryProject

    init() throws { project = try TemporaryProject() }

    @Test func `an unknown command suggests the nearest and exits with 2`() throws {
        let result = try project.run("vresion")
        #expect(
            result
                == ProgramResult(
                    status: 2, stdout: "",
                    stderr: "error: unknown command vresion\nhint: did you mean `repro version`?\n"))
    }

    @Test func `an error is JSON on standard error if JSON was asked for`() throws {
        let result = try project.run("vresion", "--json")
        #expect(result.stdout == "")
        #expect(
            result.stderr == """
                {"error":{"kind":"invalidInput","exitCode":2,"message":"unknown command vresion",\
                "hint":"did you mean `repro version`?"}}

                """)
    }

    @Test func `no command is an error that points to help`() throws {
        let result = try project.run()
        #expect(result.status == 2)
        #expect(result.stderr == "error: no command\nhint: `repro help` lists the commands\n")
    }

    @Test func `a reader that goes away ends the program quietly`() throws {
        let result = try project.shell("repro help; echo $? >status; repro help | true; repro help | head -n 1")
        #expect(try project.read("status") == "0\n")
        #expect(result.stderr == "")
    }

    @Test func `a full disk behind standard output is an error`() throws {
        let result = try project.shell("repro version >/dev/full")
        #expect(result.status == 6)
        #expect(result.stderr == "error: standard output cannot be written: No space left on device\n")
    }

    @Test func `a folder to work in that is not there is an error`() throws {
        let result = try project.run("-C", "nowhere", "version")
        #expect(result.status == 2)
        #expect(result.stderr == "error: option -C: there is no folder nowhere\n")
    }

    @Test func `there are no colours off a terminal, and there are on one unless unwanted`() throws {
        #expect(!(try project.run("help").stdout.contains("\u{1B}")))
        #expect(try project.shell("script -qec 'repro help' /dev/null").stdout.contains("\u{1B}[1mUsage:"))
        let unwanted = ["NO_COLOR=1 repro help", "repro --no-color help", "TERM=dumb repro help"]
        for line in unwanted {
            #expect(!(try project.shell("script -qec '\(line)' /dev/null").stdout.contains("\u{1B}")))
        }
    }
}
