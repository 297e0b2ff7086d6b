import Experiments
import Files
import Pipelines
import Workspaces

/// `repro __complete`: what the completion scripts call.
///
/// Prints one candidate a line, with a tab and its meaning if it has one; `:files` and `:folders` ask the shell to
/// add its own. Whatever goes wrong, there is only less to choose from: nobody reads errors while typing.
enum CompleteCommand: Command {
    private static let words = ArgumentSpec("WORD", .any, help: "The words after `repro`, the last as far as typed")

    static let spec = CommandSpec(
        "__complete", "Complete a command line", in: .hidden, arguments: [words])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let completer = Completer(commands: allCommands.map { $0.spec }) { source, directory in
            let folder = directory.map { AbsolutePath($0, relativeTo: call.workingDirectory) } ?? call.workingDirectory
            guard let project = try? Project.find(from: folder) else { return [] }
            return (try? candidates(source, in: project)) ?? []
        }
        for candidate in completer.candidates(for: call.arguments.values(of: words)) {
            let meaning = printable(candidate.meaning)
            call.output.line(printable(candidate.word) + (meaning.isEmpty ? "" : "\t\(meaning)"))
        }
        return .done
    }

    /// Names offered at most.
    private static let runLimit = 1000

    private static func candidates(_ source: CompletionSource, in project: Project) throws -> [Completer.Candidate] {
        switch source {
        case .stages:
            return try loadPipeline(root: project.root).stages.map { .init($0.name.text, $0.summary ?? "") }
        case .paramAssignments:
            let reader = ParamReader(files: .onDisk(root: project.root))
            let values = try reader.readAll(of: RelativePath(parsing: "params.yaml")) ?? []
            return values.map { .init("\($0.key)=", "now \(Formats.value($0.value))") }
        case .runs:
            let names = try experiments(of: project)?.runNames(limit: runLimit) ?? []
            return names.map { .init($0) } + [.init("last", "the latest run")]
        case .experiments: return try experiments(of: project)?.experiments().map { .init($0.name) } ?? []
        case .nothing, .files, .folders, .words, .commands: return []
        }
    }

    /// Nil while there are no runs: completing makes no database.
    private static func experiments(of project: Project) throws -> (any ExperimentStore)? {
        let file = project.trackingDatabase
        return try project.fileSystem.status(of: file) == nil ? nil : SQLExperimentStore(file: file)
    }
}
