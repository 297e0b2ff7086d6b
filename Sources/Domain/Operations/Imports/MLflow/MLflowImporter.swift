import Diagnostics
import Experiments
import Files
import JSON
import Objects

/// One import: reads a source from end to end and adds what the target lacks.
final class MLflowImporter {
    private let source: any MLflowSource
    private let target: SQLExperimentStore
    private let objects: ObjectStore
    private let scratch: AbsolutePath
    private let takesArtifacts: Bool
    private let now: Timestamp
    private let monitor: any Monitor
    private var report = ImportMLflowReport()
    private var leftBehind = LeftBehind()
    /// The new address of each root of artifacts.
    private var movedRoots: [String: String] = [:]

    init(
        source: any MLflowSource, target: SQLExperimentStore, objects: ObjectStore, scratch: AbsolutePath,
        takesArtifacts: Bool, now: Timestamp, monitor: any Monitor
    ) {
        self.source = source
        self.target = target
        self.objects = objects
        self.scratch = scratch
        self.takesArtifacts = takesArtifacts
        self.now = now
        self.monitor = monitor
    }

    func run() throws -> ImportMLflowReport {
        for experiment in try source.experiments() {
            report.experiments.found += 1
            let id = try self.experiment(experiment)
            try source.forEachRun(of: experiment) { run in try take(run, into: id) }
            for model in try source.loggedModels(of: experiment) { try take(model, into: id) }
            if experiment.isDeleted, try target.experimentDetails(id)?.experiment.deletedAt == nil {
                try target.deleteExperiment(id, at: now)
            }
        }
        for model in try source.registeredModels() { try take(model) }
        for (what, count) in try source.foreign() { leftBehind.add(what, count: count) }
        try target.tidy()
        report.leftBehind = leftBehind.counts
        return report
    }

    private func experiment(_ found: MLflowExperiment) throws -> ExperimentID {
        if let known = try target.experimentDetails(named: found.name) {
            if known.experiment.deletedAt == nil {
                let missing = found.tags.filter { tag in !known.tags.contains { $0.key == tag.key } }
                if !missing.isEmpty { try target.setTags(missing, experiment: known.experiment.id, at: now) }
            }
            return known.experiment.id
        }
        report.experiments.new += 1
        let new = NewExperiment(
            name: found.name, tags: found.tags, createdAt: Timestamp(milliseconds: found.createdMilliseconds))
        return try target.createExperiment(new).experiment.id
    }

    // MARK: Runs

    private func take(_ found: MLflowRun, into experiment: ExperimentID) throws {
        report.runs.found += 1
        monitor.progress(Progress(activity: "taking run \(found.name)", doneItems: report.runs.found))
        let id = RunID(found.id)
        let known = try target.run(id)
        // Whoever has put it into the bin here does not want it back.
        if known?.deletedAt != nil {
            movedRoots[found.artifactURI] = root(of: known?.experiment ?? experiment, id)
            return
        }
        if known == nil {
            report.runs.new += 1
            _ = try target.createRun(
                NewRun(
                    id: id, experiment: experiment, name: found.name.isEmpty ? nil : found.name,
                    startedAt: Timestamp(milliseconds: found.startMilliseconds), user: found.user))
        }
        let place = known?.experiment ?? experiment
        movedRoots[found.artifactURI] = root(of: place, id)
        try addValues(of: found, id)
        for key in found.metricKeys { try addPoints(of: found, key: key, id) }
        try target.logInputs(found.datasets, models: found.inputModels, run: id)
        try target.logOutputs(found.outputModels, run: id)
        try takeFiles(
            of: MLflowArtifactOwner(kind: .run, id: found.id, uri: found.artifactURI), to: target.artifactFolder(of: id)
        )
        try finish(found, id, isNew: known == nil)
    }

    private func addValues(of found: MLflowRun, _ id: RunID) throws {
        let record = try target.record(id)
        let params = found.params.filter { record?.params[$0.key] == nil }
        try target.logParams(params.map { Param(key: $0.key, value: .string($0.value)) }, run: id)
        let changed = found.params.count { param in
            if case .string(let text)? = record?.params[param.key] { text != param.value } else { false }
        }
        leftBehind.add("params that have another value here", count: changed)
        try target.setTags(found.tags.filter { record?.tags[$0.key] != $0.value }, run: id)
    }

    private func addPoints(of found: MLflowRun, key: String, _ id: RunID) throws {
        let points = try source.points(of: found, key: key)
        report.points.found += points.count
        let known = Set(try target.series(run: id, key: key).map(PointIdentity.init))
        let new = points.filter { !known.contains(PointIdentity($0)) }
        report.points.new += new.count
        for start in stride(from: 0, to: new.count, by: 10_000) {
            let part = new[start..<min(start + 10_000, new.count)]
            try target.logMetrics(part.map { Metric(key: key, point: $0) }, run: id, stage: nil)
        }
    }

    private func finish(_ found: MLflowRun, _ id: RunID, isNew: Bool) throws {
        let status: RunStatus =
            switch found.status {
            case "FINISHED": .finished
            case "FAILED": .failed
            case "KILLED": .killed
            case "SCHEDULED": .queued
            default: .running
            }
        let known = try target.run(id)
        if known?.status.isOver != true, status != .running {
            let end = found.endMilliseconds ?? found.startMilliseconds
            try target.changeRun(
                id, RunChange(status: status, endedAt: status.isOver ? Timestamp(milliseconds: end) : nil))
        }
        if isNew, found.isDeleted { try target.deleteRuns([id], at: now) }
    }

    private func root(of experiment: ExperimentID, _ run: RunID) -> String {
        "mlflow-artifacts:/\(experiment)/\(run)/artifacts"
    }

    // MARK: Artifacts

    private func takeFiles(of owner: MLflowArtifactOwner, to folder: RelativePath) throws {
        if !takesArtifacts { return }
        guard let files = try source.files(of: owner) else {
            let scheme = owner.uri.split(separator: ":").first.map(String.init) ?? "an unknown place"
            leftBehind.add("artifacts of runs and models in \(scheme)")
            return
        }
        for file in files {
            report.artifacts.found += 1
            guard let path = try? folder.appending(RelativePath(parsing: file.path)) else {
                leftBehind.add("artifacts with unusable names")
                continue
            }
            // MLflow does not change an artifact in its place; one of another size was written anew.
            if let known = try target.artifact(path), file.sizeBytes == nil || known.digest.sizeBytes == file.sizeBytes
            {
                continue
            }
            monitor.progress(Progress(activity: "taking \(file.path)", doneItems: report.artifacts.found))
            let digest = try source.store(file, into: objects, scratch: scratch)
            try target.putArtifact(Artifact(path: path, digest: digest, modifiedAt: now))
            report.artifacts.new += 1
            report.artifactBytes += digest.sizeBytes
        }
    }

    // MARK: Models

    private func take(_ found: MLflowLoggedModel, into experiment: ExperimentID) throws {
        report.loggedModels.found += 1
        let known = try target.loggedModel(found.model.id)
        let place = known?.experiment ?? experiment
        let folder = "\(place)/models/\(found.model.id)/artifacts"
        movedRoots[found.artifactURI] = "mlflow-artifacts:/\(folder)"
        if known?.deletedAt != nil { return }
        if known == nil {
            report.loggedModels.new += 1
            try target.createLoggedModel(
                LoggedModel(
                    id: found.model.id, experiment: experiment, name: found.model.name, type: found.model.type,
                    sourceRun: found.model.sourceRun, createdAt: found.model.createdAt, tags: found.model.tags,
                    params: found.model.params))
        }
        try target.logMetrics(found.model.metrics, loggedModel: found.model.id)
        try takeFiles(
            of: MLflowArtifactOwner(kind: .loggedModel, id: found.model.id, uri: found.artifactURI),
            to: RelativePath(parsing: folder))
        if known?.status != found.model.status {
            try target.setStatus(found.model.status, loggedModel: found.model.id, at: found.model.updatedAt)
        }
        if known == nil, found.model.deletedAt != nil { try target.deleteLoggedModel(found.model.id, at: now) }
    }

    private func take(_ found: MLflowRegisteredModel) throws {
        let name = found.model.name
        report.models.found += 1
        let known = try target.model(named: name)
        if known == nil {
            report.models.new += 1
            try target.createModel(found.model)
        } else {
            try target.setTags(found.model.tags.filter { tag in known?.tags.contains(tag) == false }, model: name)
        }
        for version in found.versions {
            report.versions.found += 1
            var version = version
            version.source = moved(version.source)
            version.storageLocation = version.storageLocation.map(moved)
            if try target.addVersion(version) {
                report.versions.new += 1
            } else {
                let kept = try target.version(version.number, model: name)
                if kept?.source != version.source { leftBehind.add("model versions that are others here") }
            }
        }
        for alias in found.model.aliases where known?.aliases.contains(where: { $0.alias == alias.alias }) != true {
            try target.setAlias(alias.alias, model: name, version: alias.version)
        }
    }

    /// An address below a root of artifacts that was taken, where it is now.
    private func moved(_ address: String) -> String {
        for (old, new) in movedRoots where address == old || address.hasPrefix(old + "/") {
            return new + address.dropFirst(old.count)
        }
        return address
    }
}

/// What makes a point the one that it is. NaN is like NaN here.
private struct PointIdentity: Hashable {
    let step: Int64
    let time: Int64
    let value: UInt64

    init(_ point: MetricPoint) {
        step = point.step
        time = point.timestamp.milliseconds
        value = point.value.isNaN ? Double.nan.bitPattern : (point.value == 0 ? 0 : point.value.bitPattern)
    }
}
