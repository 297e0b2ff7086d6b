package import Files

/// Why a stage runs, or would run.
package enum StageReason: Sendable, Hashable {
    case forced
    case alwaysChanged
    case neverRun
    /// A dep is a URL or an absolute path, whose changes are not seen.
    case outsideProject(String)
    case inputChanged(InputChange)
    case outputMissing(RelativePath)
    case outputChanged(RelativePath)
    /// An out that is declared now, but that the last execution did not record.
    case outputUnrecorded(RelativePath)
    /// A stage above must run first, so that this stage's inputs are not known yet.
    case upstream(StageName)
    /// It would fail before its first command: a dep or a param is missing.
    case cannotRun(String)
}

extension StageReason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .forced: "--force was given"
        case .alwaysChanged: "it runs each time: it is marked so, or has no deps and no outs"
        case .neverRun: "it has not run before"
        case .outsideProject(let path): "dep \(path) is outside the project, where changes are not seen"
        case .inputChanged(let change): change.description
        case .outputMissing(let path): "out \(path) is missing"
        case .outputChanged(let path): "out \(path) was changed outside the pipeline"
        case .outputUnrecorded(let path): "out \(path) is not in the lock file"
        case .upstream(let stage): "stage \(stage) runs first"
        case .cannotRun(let problem): problem
        }
    }
}

extension InputChange: CustomStringConvertible {
    package var description: String {
        switch input.kind {
        case .command: describe("command \(input.name)")
        case .workingDirectory: describe("wdir")
        case .dependency: describeDependency()
        case .param: describe("param \(paramName)")
        case .environment: describeEnvironment()
        case .output: describe("out \(input.name)", showingValues: false)
        }
    }

    /// As people name it: the file only where it is not params.yaml.
    private var paramName: Substring {
        let usual = "params.yaml:"
        return input.name.hasPrefix(usual) ? input.name.dropFirst(usual.count) : input.name[...]
    }

    private func describe(_ subject: String, showingValues: Bool = true) -> String {
        switch (before, after) {
        case (nil, let after?): showingValues ? "\(subject) is new: \(after)" : "\(subject) is new"
        case (_?, nil): "\(subject) is gone"
        case (let before?, let after?):
            showingValues ? "\(subject) changed: \(before) → \(after)" : "the options of \(subject) changed"
        case (nil, nil): subject
        }
    }

    private func describeDependency() -> String {
        let subject = "dep \(input.name)"
        return switch (before, after) {
        case (let before?, let after?): "\(subject) changed: \(Self.short(before)) → \(Self.short(after))"
        case (nil, _): "\(subject) is new"
        case (_, nil): "\(subject) is gone"
        }
    }

    private func describeEnvironment() -> String {
        after == nil ? "env \(input.name) is gone" : "env \(input.name) changed"
    }

    /// The first eight digits of the object id in a fingerprint's key text.
    private static func short(_ keyText: String) -> Substring {
        keyText.split(separator: " ").dropFirst().first.map { $0.prefix(8) } ?? Substring(keyText)
    }
}
