package import Diagnostics
package import Files

/// A mistake in a pipeline file, or in what it refers to.
package enum PipelineLanguageError: UserFacingError, Equatable {
    case noPipelineFile
    case unknownKey(String, subject: String, near: String?, known: [String], at: SourceLocation)
    case keyMissing(String, subject: String, at: SourceLocation)
    case wrongType(
        subject: String, field: String, expected: String, found: String, isQuotable: Bool, at: SourceLocation)
    case keysExclude(String, String, subject: String, at: SourceLocation)
    case path(PathError, subject: String, field: String, at: SourceLocation)
    case cachedOutputOutside(String, subject: String, at: SourceLocation)
    case quantity(String, subject: String, field: String, expected: String, at: SourceLocation)

    case templateSyntax(String, subject: String, field: String, at: SourceLocation)
    case templateKeyMissing(String, subject: String, field: String, near: String?, at: SourceLocation)
    case templateNotText(String, subject: String, field: String, found: String, at: SourceLocation)
    case templateNotAllowed(subject: String, field: String, at: SourceLocation)
    case nestedListInOptions(subject: String, field: String, at: SourceLocation)

    case varsFileMissing(RelativePath, at: SourceLocation)
    case varsFileNotMapping(RelativePath, at: SourceLocation)
    case varsKeyMissing(String, file: RelativePath, near: String?, at: SourceLocation)
    case varsLoadedTwice(RelativePath, at: SourceLocation)
    case varRedefined(String, source: String, first: String, at: SourceLocation)
    case varReserved(String, at: SourceLocation)

    case tooManyStages(group: String, limit: Int, at: SourceLocation)
    case duplicateStage(StageName, at: SourceLocation, first: SourceLocation)
    case duplicateOutput(RelativePath, stage: StageName, at: SourceLocation, other: StageName, first: SourceLocation)
    case nestedOutput(
        RelativePath, stage: StageName, at: SourceLocation, folder: RelativePath, other: StageName,
        first: SourceLocation)
    case dependsOnItself(StageName, dependency: RelativePath, output: RelativePath, at: SourceLocation)
    case cycle([StageName], at: SourceLocation)
    case unknownTarget(String, near: String?)

    package var kind: ErrorKind {
        switch self {
        case .noPipelineFile, .unknownTarget: .notFound
        default: .invalidInput
        }
    }
}

extension PipelineLanguageError {
    package var message: String {
        switch self {
        case .noPipelineFile: "the project has no pipeline: there is neither repro.yaml nor dvc.yaml"
        case .unknownKey(let key, let subject, _, _, _): "\(subject): unknown key `\(key)`"
        case .keyMissing(let key, let subject, _): "\(subject): `\(key)` is missing"
        case .wrongType(let subject, let field, let expected, let found, _, _):
            "\(subject): `\(field)` needs \(expected), not \(found)"
        case .keysExclude(let key, let other, let subject, _):
            "\(subject): `\(key)` cannot stand beside `\(other)`"
        case .path(let error, let subject, let field, _): "\(subject): `\(field)`: \(error.message)"
        case .cachedOutputOutside(let path, let subject, _): "\(subject): out \(path) is outside the project"
        case .quantity(let text, let subject, let field, let expected, _):
            "\(subject): `\(field)`: \(text) is not \(expected)"
        case .templateSyntax(let expression, let subject, let field, _):
            "\(subject): `\(field)`: ${\(expression)} cannot be read"
        case .templateKeyMissing(let expression, let subject, let field, _, _):
            "\(subject): `\(field)`: ${\(expression)} is not defined"
        case .templateNotText(let expression, let subject, let field, let found, _):
            "\(subject): `\(field)`: ${\(expression)} is \(found), and only a text or a number can stand here"
        case .templateNotAllowed(let subject, let field, _): "\(subject): `\(field)`: ${…} cannot be used here"
        case .nestedListInOptions(let subject, let field, _):
            "\(subject): `\(field)`: a list inside a list cannot become options of a command"
        case .varsFileMissing(let file, _): "vars: \(file) does not exist"
        case .varsFileNotMapping(let file, _): "vars: \(file) does not hold a mapping"
        case .varsKeyMissing(let key, let file, _, _): "vars: \(file) has no key `\(key)`"
        case .varsLoadedTwice(let file, _): "vars: \(file) is already loaded, at least in part"
        case .varRedefined(let name, let source, let first, _):
            "vars: `\(name)` of \(source) is already defined in \(first)"
        case .varReserved(let name, _): "vars: `\(name)` is set by foreach or matrix and cannot be defined"
        case .tooManyStages(let group, let limit, _): "stage \(group): the matrix makes more than \(limit) stages"
        case .duplicateStage(let name, _, let first): "stage \(name) is defined twice; the first is at \(first)"
        case .duplicateOutput(let path, let stage, _, let other, let first):
            stage == other
                ? "stage \(stage): out \(path) is given twice; the first is at \(first)"
                : "stage \(stage): out \(path) is already an out of stage \(other), at \(first)"
        case .nestedOutput(let path, let stage, _, let folder, let other, let first):
            "stage \(stage): out \(path) lies inside \(folder), an out of stage \(other), at \(first)"
        case .dependsOnItself(let stage, let dependency, let output, _):
            dependency == output
                ? "stage \(stage): \(output) is both a dep and an out"
                : "stage \(stage): dep \(dependency) and out \(output) overlap"
        case .cycle(let names, _):
            "the stages wait for each other: \(names.map(\.text).joined(separator: " → "))"
        case .unknownTarget(let text, _): "there is no stage or out `\(text)`"
        }
    }

    package var hint: String? {
        switch self {
        case .noPipelineFile: "write repro.yaml with a `stages:` section; see `repro help pipeline`"
        case .unknownKey(_, _, let near, let known, _):
            near.map { "did you mean `\($0)`?" } ?? "known keys: \(known.joined(separator: ", "))"
        case .keyMissing("cmd", _, _): "add `cmd:` with the command that makes the outputs"
        case .wrongType(_, _, _, _, let isQuotable, _): isQuotable ? "put it into quotes" : nil
        case .keysExclude("do", _, _, _): "`do` belongs to `foreach`; with `matrix`, write the stage's keys beside it"
        case .keysExclude(let key, let other, _, _): "put `\(key)` under `do`, or remove `\(other)`"
        case .path(let error, _, _, _): error.hint
        case .cachedOutputOutside: "write to a path inside the project, or set `cache: false` on the out"
        case .templateSyntax: "write ${name}, ${name.part} or ${list[0]}; write \\${…} to leave it to the shell"
        case .templateKeyMissing(_, _, _, let near, _):
            near.map { "did you mean ${\($0)}?" }
                ?? "define it in params.yaml or `vars`; write \\${…} to leave it to the shell"
        case .templateNotText(_, _, let field, _, _):
            field == "cmd" ? "name one value of it, as ${name[0]}" : "name one value of it, as ${name.part}"
        case .templateNotAllowed: "write the value itself"
        case .varsFileMissing: "create it, or remove it from `vars`"
        case .varsKeyMissing(_, _, let near, _): near.map { "did you mean `\($0)`?" }
        case .varsLoadedTwice: "list each file once, params.yaml not at all"
        case .varRedefined: "rename one of the two; vars add to each other and never override"
        case .duplicateStage: "rename one of the two"
        case .duplicateOutput(_, let stage, _, let other, _):
            stage == other ? "remove one of the two" : "let only one stage write it"
        case .nestedOutput: "let each stage write its own folder"
        case .dependsOnItself: "remove it from `deps`, or let another stage make it"
        case .cycle: "remove one of the `deps` or `outs` that close the circle"
        case .unknownTarget(_, let near): near.map { "did you mean `\($0)`?" } ?? "see `repro stage list`"
        case .keyMissing, .quantity, .nestedListInOptions, .varsFileNotMapping, .varReserved,
            .tooManyStages:
            nil
        }
    }

    package var location: SourceLocation? {
        switch self {
        case .noPipelineFile, .unknownTarget: nil
        case .unknownKey(_, _, _, _, let place), .keyMissing(_, _, let place), .wrongType(_, _, _, _, _, let place),
            .keysExclude(_, _, _, let place), .path(_, _, _, let place), .cachedOutputOutside(_, _, let place),
            .quantity(_, _, _, _, let place), .templateSyntax(_, _, _, let place),
            .templateKeyMissing(_, _, _, _, let place), .templateNotText(_, _, _, _, let place),
            .templateNotAllowed(_, _, let place), .nestedListInOptions(_, _, let place),
            .varsFileMissing(_, let place), .varsFileNotMapping(_, let place), .varsKeyMissing(_, _, _, let place),
            .varsLoadedTwice(_, let place), .varRedefined(_, _, _, let place), .varReserved(_, let place),
            .tooManyStages(_, _, let place), .duplicateStage(_, let place, _),
            .duplicateOutput(_, _, let place, _, _), .nestedOutput(_, _, let place, _, _, _),
            .dependsOnItself(_, _, _, let place), .cycle(_, let place):
            place
        }
    }
}
