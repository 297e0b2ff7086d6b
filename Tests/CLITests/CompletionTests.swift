import TestSupport
import Testing

@testable import repro

@Suite struct CompleterTests {
    private static let specs = [
        CommandSpec(
            "run", "Run", in: .pipeline, arguments: [ArgumentSpec("STAGE", .any, completes: .stages, help: "")],
            options: [
                .flag("force", short: "f", help: "Force"),
                .values("set", short: "S", .text("KEY=VALUE", completes: .paramAssignments), help: "Set"),
                .value("kind", .choice("KIND", of: ["dot", "mermaid"]), help: "Kind"),
            ]),
        CommandSpec(
            "params show", "Show", in: .values, arguments: [ArgumentSpec("RUN", .optional, completes: .runs, help: "")]),
        CommandSpec("params diff", "Diff", in: .values),
        CommandSpec("import", "Import", in: .store, arguments: [ArgumentSpec("FILE", completes: .files, help: "")]),
        CommandSpec("__hidden", "", in: .hidden),
    ]

    private func complete(_ words: String...) -> [String] {
        let completer = Completer(commands: Self.specs) { source, directory in
            switch source {
            case .stages: [.init("load"), .init("train"), .init("train@small")]
            case .runs: [.init("run1", directory ?? "here")]
            case .paramAssignments: [.init("train.dim=")]
            default: []
            }
        }
        return completer.candidates(for: words).map(\.word)
    }

    @Test func `the first word is a command, a family once, never a hidden one`() {
        #expect(complete("") == ["run", "params", "import"])
        #expect(complete("p") == ["params"])
        #expect(complete("--json", "r") == ["run"])
    }

    @Test func `the second word of a family is completed`() {
        #expect(complete("params", "") == ["show", "diff"])
        #expect(complete("params", "s") == ["show"])
    }

    @Test func `options are the command's and the global ones, without those given`() {
        #expect(complete("run", "--f") == ["--force"])
        #expect(complete("run", "-f", "--f") == [])
        #expect(complete("run", "--set", "a=1", "--se") == ["--set"])
        #expect(complete("run", "--js") == ["--json"])
    }

    @Test func `values are completed after a space and after an equals sign`() {
        #expect(complete("run", "--kind", "") == ["dot", "mermaid"])
        #expect(complete("run", "--kind=m") == ["--kind=mermaid"])
        #expect(complete("run", "-S", "tr") == ["train.dim="])
    }

    @Test func `arguments are what the project knows, each once`() {
        #expect(complete("run", "") == ["load", "train", "train@small"])
        #expect(complete("run", "train", "t") == ["train@small"])
        #expect(complete("params", "show", "") == ["run1"])
        #expect(complete("params", "show", "run1", "") == [])
    }

    @Test func `files are left to the shell`() {
        #expect(complete("import", "x") == [":files"])
        #expect(complete("-C", "") == [":folders"])
    }

    @Test func `after two dashes a dash is no option`() {
        #expect(complete("run", "--", "-") == [])
    }
}

@Suite struct CompletionScriptTests {
    let project: TemporaryProject

    init() throws { project = try TemporaryProject() }

    static func isInstalled(_ shell: String) -> Bool {
        (try? TemporaryProject().shell("command -v \(shell)"))?.status == 0
    }

    @Test func `an unknown shell is refused with the known ones`() throws {
        let result = try project.run("completion", "tcsh")
        #expect(result.status == 2)
        #expect(result.stderr == "error: there is no completion for tcsh\nhint: the shells are bash, zsh, fish\n")
    }

    @Test func `Bash completes a command and an option`() throws {
        let script = """
            source <(repro completion bash)
            for COMP_LINE in 'repro vers' 'repro version --js' 'repro completion '; do
                COMP_POINT=${#COMP_LINE}; _repro; echo "${COMPREPLY[@]}"
            done
            """
        try project.write("try.bash", script)
        let result = try project.shell("bash try.bash")
        #expect(result == ProgramResult(status: 0, stdout: "version\n--json\nbash zsh fish\n", stderr: ""))
    }

    @Test(.enabled(if: isInstalled("zsh"))) func `the script of Zsh has no mistake`() throws {
        let result = try project.shell("repro completion zsh >_repro && zsh -f -n _repro")
        #expect(result == ProgramResult(status: 0, stdout: "", stderr: ""))
    }

    @Test(.enabled(if: isInstalled("fish"))) func `fish completes with meanings`() throws {
        try project.write("try.fish", "repro completion fish | source; complete -C 'repro vers'")
        let result = try project.shell("fish --no-config try.fish")
        #expect(result == ProgramResult(status: 0, stdout: "version\tPrint the version of Repro\n", stderr: ""))
    }
}
