import Diagnostics
import Testing

@testable import repro

@Suite struct ArgumentParserTests {
    static let set = OptionSpec.values("set", short: "S", .text("KEY=VALUE"), help: "")
    static let jobs = OptionSpec.value("jobs", short: "j", .count("N"), help: "")
    static let force = OptionSpec.flag("force", short: "f", help: "")
    static let keepGoing = OptionSpec.flag("keep-going", short: "k", help: "")
    static let kind = OptionSpec.value("kind", .choice("KIND", of: ["dot", "mermaid"]), help: "")
    static let stages = ArgumentSpec("STAGE", .any, help: "")
    static let base = ArgumentSpec("BASE", help: "")
    static let others = ArgumentSpec("OTHER", .atLeast(1), help: "")
    static let last = ArgumentSpec("LAST", .optional, help: "")

    let parser = ArgumentParser(commands: [
        CommandSpec("run", "", in: .pipeline, arguments: [stages], options: [set, jobs, force, keepGoing, kind]),
        CommandSpec("compare", "", in: .runs, arguments: [base, others]),
        CommandSpec("params show", "", in: .values, arguments: [last]),
        CommandSpec("params diff", "", in: .values),
        CommandSpec("secret", "", in: .hidden),
    ])

    private func parse(_ line: String) throws -> ParsedArguments {
        guard case .run(_, let arguments) = try parser.parse(line.split(separator: " ").map(String.init)) else {
            throw NotACommand()
        }
        return arguments
    }

    private struct NotACommand: Error {}

    @Test(arguments: ["run -j 4", "run -j4", "run --jobs 4", "run --jobs=4", "run -fj4", "run a -j4 b"])
    func `an option's value may be written in each usual way`(_ line: String) throws {
        #expect(try parse(line).count(of: Self.jobs) == 4)
    }

    @Test func `a repeatable option keeps every value in order`() throws {
        #expect(try parse("run -S a=1 --set=b=2 -Sc=3").values(of: Self.set) == ["a=1", "b=2", "c=3"])
    }

    @Test func `flags of one letter may be joined`() throws {
        let arguments = try parse("run -fk")
        #expect(arguments.has(Self.force) && arguments.has(Self.keepGoing))
    }

    @Test func `after two dashes every word is an argument`() throws {
        #expect(try parse("run a -- --force -x").values(of: Self.stages) == ["a", "--force", "-x"])
    }

    @Test(arguments: ["--json run -C d", "-C d run --json", "run -Cd --json", "run --json --directory=d"])
    func `global options may stand anywhere`(_ line: String) throws {
        let arguments = try parse(line)
        #expect(arguments.has(GlobalOptions.json))
        #expect(arguments.value(of: GlobalOptions.directory) == "d")
    }

    @Test func `a command of two words may have global options between them`() throws {
        #expect(try parse("params --json show x").value(of: Self.last) == "x")
    }

    @Test func `a negative number is a value and not an option`() throws {
        #expect(try parse("run -S -1").values(of: Self.set) == ["-1"])
    }

    @Test func `arguments that must come get their words first`() throws {
        let arguments = try parse("compare a b c")
        #expect(arguments.value(of: Self.base) == "a")
        #expect(arguments.values(of: Self.others) == ["b", "c"])
    }

    static let mistakes: [(String, UsageError)] = [
        ("", .missingCommand),
        ("-q", .missingCommand),
        ("rnu", .unknownCommand("rnu", nearest: "run")),
        ("zzzzzz", .unknownCommand("zzzzzz", nearest: nil)),
        ("secre", .unknownCommand("secre", nearest: nil)),
        ("params", .missingSubcommand(family: "params", choices: ["show", "diff"])),
        (
            "params sohw",
            .unknownSubcommand("sohw", family: "params", nearest: "show", choices: ["show", "diff"])
        ),
        ("run --forse", .unknownOption("--forse", command: "run", nearest: "--force")),
        ("run --forc", .unknownOption("--forc", command: "run", nearest: "--force")),
        ("run -x", .unknownOption("-x", command: "run", nearest: nil)),
        ("run -force", .unknownOption("-force", command: "run", nearest: "--force")),
        ("--jsno run", .unknownOption("--jsno", command: "run", nearest: "--json")),
        ("run --jobs", .missingValue(option: "--jobs", valueName: "N")),
        ("run -j --force", .ambiguousValue(option: "--jobs", valueName: "N", next: "--force")),
        ("run --jobs=0", .invalidValue(option: "--jobs", objection: "0 is not a whole number above 0")),
        ("run -j four", .invalidValue(option: "-j", objection: "four is not a whole number above 0")),
        ("run --kind=svg", .invalidValue(option: "--kind", objection: "svg is not one of dot, mermaid")),
        ("run --set=", .invalidValue(option: "--set", objection: "the value is empty")),
        ("run --force=yes", .unexpectedValue(option: "--force")),
        ("run -j1 -j2", .repeatedOption("-j")),
        ("compare a", .missingArgument("OTHER", usage: "repro compare [OPTIONS] BASE OTHER…")),
        ("params show a b", .unexpectedArgument("b", usage: "repro params show [OPTIONS] [LAST]")),
    ]

    @Test(arguments: mistakes)
    func `a mistake is told apart from the others`(_ line: String, _ error: UsageError) throws {
        #expect(throws: error) { try parse(line) }
    }

    @Test(arguments: ["run --forse --help", "run -h", "--help run", "run -- x"])
    func `help is given however wrong the rest of the line is`(_ line: String) throws {
        let result = try parser.parse(line.split(separator: " ").map(String.init))
        switch result {
        case .help(let command): #expect(command?.name == "run")
        case .run: #expect(line.contains("-- x"))
        case .version: Issue.record("not asked for the version")
        }
    }
}

@Suite struct UsageErrorTests {
    static let messages: [(UsageError, String)] = [
        (.missingCommand, "no command\nhint: `repro help` lists the commands"),
        (.unknownCommand("rnu", nearest: "run"), "unknown command rnu\nhint: did you mean `repro run`?"),
        (.unknownCommand("zzz", nearest: nil), "unknown command zzz\nhint: `repro help` lists the commands"),
        (
            .missingSubcommand(family: "params", choices: ["show", "diff"]),
            "params needs one more word\nhint: `repro params show` or `repro params diff`"
        ),
        (
            .unknownSubcommand("x", family: "params", nearest: nil, choices: ["show"]),
            "unknown command params x\nhint: `repro params show`"
        ),
        (
            .unknownOption("--forse", command: "run", nearest: "--force"),
            "unknown option --forse of repro run\nhint: did you mean `--force`?"
        ),
        (
            .unknownOption("-x", command: "run", nearest: nil),
            "unknown option -x of repro run\nhint: `repro help run` lists the options"
        ),
        (
            .unknownOption("-x", command: "", nearest: nil), "unknown option -x\nhint: `repro help` lists the commands"
        ),
        (.missingValue(option: "--jobs", valueName: "N"), "option --jobs needs a value: N"),
        (
            .ambiguousValue(option: "--name", valueName: "NAME", next: "-x"),
            "option --name needs a value: NAME\nhint: `--name=-x` if -x is meant as NAME"
        ),
        (.unexpectedValue(option: "--force"), "option --force takes no value"),
        (.invalidValue(option: "-j", objection: "x is not a number"), "option -j: x is not a number"),
        (.repeatedOption("-j"), "option -j is given twice"),
        (.missingArgument("RUN", usage: "repro show RUN"), "argument RUN is missing\nhint: usage: repro show RUN"),
        (.unexpectedArgument("b", usage: "repro show RUN"), "unexpected argument b\nhint: usage: repro show RUN"),
        (
            .contradiction("--quiet", "--verbose"),
            "options --quiet and --verbose contradict each other\nhint: leave one of them out"
        ),
    ]

    @Test(arguments: messages)
    func `each message says what to do`(_ error: UsageError, _ text: String) {
        #expect(error.description == text)
    }
}
