import Experiments
import Files
import Git
import Objects
import Pipelines
import Workspaces

/// Where data is looked at: in the workspace, in its records, in a run, or in a Git commit.
package enum DataRevision: Sendable, Equatable {
    /// The files as they are.
    case workspace
    /// What pointer files and lock file say now.
    case recorded
    /// A run by name or id, or else a commit.
    case named(String)

    package init(_ text: String) {
        switch text {
        case "workspace": self = .workspace
        case "recorded": self = .recorded
        default: self = .named(text)
        }
    }

    package var label: String {
        switch self {
        case .workspace: "workspace"
        case .recorded: "recorded"
        case .named(let text): text
        }
    }
}

/// What a revision says of each path; nil: nothing is there.
struct RevisionContent {
    var paths: [RelativePath: Fingerprint?]
    /// A run knows only what its stages read and wrote; whatever else there is says nothing about it.
    var isPartial: Bool
}

extension OpenProject {
    /// What `revision` records. For the workspace: what is at the paths that are recorded now and at `others`.
    func content(of revision: DataRevision, besides others: [RelativePath] = []) throws -> RevisionContent {
        switch revision {
        case .recorded:
            return RevisionContent(paths: fingerprints(of: try recordedData().data), isPartial: false)
        case .workspace:
            var paths: [RelativePath: Fingerprint?] = [:]
            for path in Set(try recordedData().data.map(\.path) + others) {
                paths.updateValue(try workspace.fingerprint(path), forKey: path)
            }
            return RevisionContent(paths: paths, isPartial: false)
        case .named(let name):
            if let run = try findRun(name) {
                return RevisionContent(paths: try files(of: run), isPartial: true)
            }
            guard let repository = try gitRepository(), let commit = try repository.commit(named: name) else {
                // An error that suggests a near name.
                return RevisionContent(paths: try files(of: requireRun(name)), isPartial: true)
            }
            return RevisionContent(
                paths: fingerprints(of: try recordedData(at: commit, in: repository).data), isPartial: false)
        }
    }

    private func findRun(_ reference: String) throws -> Run? {
        if reference == "last" { return try requireRun(reference) }
        return try experiments.findRun(reference)
    }

    private func fingerprints(of data: [RecordedData]) -> [RelativePath: Fingerprint?] {
        Dictionary(data.map { ($0.path, $0.fingerprint) }, uniquingKeysWith: { first, _ in first })
    }

    private func files(of run: Run) throws -> [RelativePath: Fingerprint?] {
        var paths: [RelativePath: Fingerprint?] = [:]
        for stage in try experiments.stages(run: run.id) {
            for file in stage.inputs + stage.outputs { paths.updateValue(file.fingerprint, forKey: file.path) }
        }
        return paths
    }

    /// What the pointer files and the lock file of a commit say, and those that cannot be read.
    func recordedData(
        at commit: String, in repository: GitRepository
    ) throws -> (data: [RecordedData], problems: [RecordProblem]) {
        guard let prefix = project.root.relative(to: repository.root) else { return ([], []) }
        return try recordedData(at: commit, in: repository, below: prefix)
    }

    /// The same of the project at `prefix`, which may be another one.
    func recordedData(
        at commit: String, in repository: GitRepository, below prefix: RelativePath
    ) throws -> (data: [RecordedData], problems: [RecordProblem]) {
        var data: [RecordedData] = []
        var problems: [RecordProblem] = []
        let files = try repository.files(at: commit) { path in
            guard let path = path.relative(to: prefix) else { return false }
            return path == LockFile.name || PointerFile.subject(of: path) != nil
        }
        for file in files {
            guard let path = file.path.relative(to: prefix) else { continue }
            do {
                if path == LockFile.name {
                    data += recordedData(in: try LockFile(parsing: file.content, file: "\(commit):\(path)"))
                } else {
                    let pointer = try PointerFile(parsing: file.content, at: path)
                    data.append(
                        RecordedData(
                            path: pointer.path, fingerprint: pointer.fingerprint, source: .pointer,
                            isStored: pointer.isStored))
                }
            } catch {
                problems.append(RecordProblem(commit: commit, path: path))
            }
        }
        return (data.sorted { $0.path < $1.path }, problems)
    }
}
