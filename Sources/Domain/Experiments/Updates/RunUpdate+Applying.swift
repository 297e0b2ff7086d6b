import Diagnostics
package import Files
import Objects

/// Writes what a program says of its run into the tracking database.
package struct RunUpdateWriter: Sendable {
    private let store: any TrackingStore
    /// Where the artifacts of a run, or of a model, are.
    private let folders: ArtifactFolders

    package init(_ store: any TrackingStore, folders: ArtifactFolders? = nil) {
        self.store = store
        self.folders = folders ?? .standard(store)
    }

    /// What was refused, each with its reason; all the rest is written. Throws only if the store cannot be written now,
    /// or if the run is not there or deleted: then nothing of it can be.
    package func apply(_ update: RunUpdate) throws -> [UpdateRefusal] {
        if let start = update.start { try begin(update.run, start) } else { _ = try run(update.run) }
        var refusals: [UpdateRefusal] = []
        func attempt(_ what: String, _ body: () throws -> Void) throws {
            do {
                try body()
            } catch let error as any UserFacingError where isOfTheContent(error) {
                refusals.append(UpdateRefusal(what: what, reason: error.message))
            }
        }
        try logParams(update, attempt)
        // One by one, so that a bad name does not hide the others.
        try store.appendSeries(update.series, run: update.run, stage: update.stage)
        try store.setTags(update.tags, run: update.run)
        if !update.datasets.isEmpty { try store.logInputs(update.datasets, models: [], run: update.run) }
        for model in update.models { try attempt("model \(model.name)") { try log(model, run: update.run) } }
        if let git = update.git { try store.changeRun(update.run, RunChange(git: git)) }
        for file in update.files { try attempt("file \(file.place)") { try log(file, run: update.run) } }
        if let moment = update.heartbeatAt { try store.heartbeat(update.run, at: moment) }
        if let end = update.end {
            try store.changeRun(update.run, .end(end.status, at: end.at, failure: end.failure))
        }
        return refusals
    }

    /// A file whose content is in the object store.
    package func log(_ file: LoggedFile, run id: RunID) throws {
        switch file.place {
        case .artifact(let path): try put(file, try folders.ofRun(id).appending(path))
        case .model(let model, let path): try put(file, try folders.ofModel(model).appending(path))
        case .patch:
            guard var git = try run(id).git else { return }
            git.patch = file.digest
            try store.changeRun(id, RunChange(git: git))
        }
    }

    private func put(_ file: LoggedFile, _ path: RelativePath) throws {
        try store.putArtifact(Artifact(path: path, digest: file.digest, modifiedAt: file.modifiedAt))
    }

    private func run(_ id: RunID) throws -> Run {
        guard let run = try store.run(id) else { throw ExperimentError.noSuchRun(reference: id.text, nearest: nil) }
        return run
    }

    private func begin(_ id: RunID, _ start: RunStart) throws {
        if let run = try store.run(id) {
            if start.resumes, run.status.isOver || run.status == .queued {
                try store.changeRun(id, RunChange(status: .running, owner: start.owner))
            } else if start.resumes, let owner = start.owner, run.owner != owner {
                try store.changeRun(id, RunChange(owner: owner))
            }
            return
        }
        if start.resumes { throw ExperimentError.noSuchRun(reference: id.text, nearest: nil) }
        let experiment = try store.ensureExperiment(named: start.experiment, at: start.startedAt)
        _ = try store.createRun(
            NewRun(
                id: id, experiment: experiment.id, name: start.name, startedAt: start.startedAt, user: start.user,
                owner: start.owner, commandLine: start.commandLine))
        if let parent = start.parent { try store.setTags([Tag(key: parentRunTag, value: parent.text)], run: id) }
    }

    private func logParams(_ update: RunUpdate, _ attempt: (String, () throws -> Void) throws -> Void) throws {
        do {
            try store.logParams(update.params, run: update.run)
        } catch ExperimentError.paramChanged {
            for param in update.params {
                try attempt("param \(param.key)") { try store.logParams([param], run: update.run) }
            }
        }
    }

    private func log(_ model: RunModel, run id: RunID) throws {
        let known = try store.loggedModel(model.id)
        if known == nil {
            try store.createLoggedModel(
                LoggedModel(
                    id: model.id, experiment: try run(id).experiment, name: model.name, type: model.type,
                    sourceRun: id, createdAt: model.createdAt, tags: model.tags, params: model.params))
        }
        try store.logOutputs([ModelOutput(model: model.id, step: model.step)], run: id)
        if model.isComplete, known?.status != .ready {
            try store.setStatus(.ready, loggedModel: model.id, at: model.createdAt)
        }
    }

    /// Whether the message is to blame, and sending it again would not help.
    private func isOfTheContent(_ error: any UserFacingError) -> Bool {
        switch error {
        case ExperimentError.paramChanged: true
        case is ModelError, is ArtifactError: true
        default: false
        }
    }
}

/// Something of a message that was not written.
package struct UpdateRefusal: Sendable, Hashable {
    /// `param lr`.
    package let what: String
    package let reason: String

    package init(what: String, reason: String) {
        self.what = what
        self.reason = reason
    }
}

/// Where artifacts are, from the root of all.
package struct ArtifactFolders: Sendable {
    package let ofRun: @Sendable (RunID) throws -> RelativePath
    package let ofModel: @Sendable (String) throws -> RelativePath

    package init(
        ofRun: @escaping @Sendable (RunID) throws -> RelativePath,
        ofModel: @escaping @Sendable (String) throws -> RelativePath
    ) {
        self.ofRun = ofRun
        self.ofModel = ofModel
    }

    /// Those of experiments that chose no place of their own.
    package static func standard(_ store: any TrackingStore) -> ArtifactFolders {
        ArtifactFolders(
            ofRun: { try store.artifactFolder(of: $0) },
            ofModel: { id in
                guard let model = try store.loggedModel(id) else { throw ModelError.noSuchLoggedModel(id) }
                return RelativePath(unchecked: Array("\(model.experiment)/models/\(id)/artifacts".utf8))
            })
    }
}

/// The tag by which MLflow's clients, too, know the run that a run is a part of.
package let parentRunTag = "mlflow.parentRunId"
/// The tag whose value is a text about the run.
package let noteTag = "mlflow.note.content"

extension LoggedFile.Place: CustomStringConvertible {
    package var description: String {
        switch self {
        case .artifact(let path): path.description
        case .model(let id, let path): "\(path) of model \(id)"
        case .patch: "uncommitted changes"
        }
    }
}
