import Diagnostics
import Experiments
import JSON

/// MLflow's words for what a run is at.
enum MLflowRunStatus {
    static let names: [Int64: String] = [1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"]

    static func name(_ status: RunStatus) -> String {
        switch status {
        case .queued: "SCHEDULED"
        case .running, .stalled: "RUNNING"
        case .finished: "FINISHED"
        case .failed: "FAILED"
        case .killed, .interrupted: "KILLED"
        }
    }

    static func status(_ name: String) -> RunStatus {
        switch name {
        case "SCHEDULED": .queued
        case "FINISHED": .finished
        case "FAILED": .failed
        case "KILLED": .killed
        default: .running
        }
    }

    /// All of our states that have this name.
    static func statuses(_ name: String) -> [RunStatus] { RunStatus.allCases.filter { Self.name($0) == name } }
}

extension JSONWriter {
    mutating func runInfo(_ run: Run, _ location: ArtifactLocation) {
        object { writer in
            writer.field("run_id", run.id.text)
            writer.field("run_uuid", run.id.text)
            writer.field("run_name", run.name)
            writer.field("experiment_id", run.experiment.description)
            writer.field("user_id", run.user)
            writer.field("status", MLflowRunStatus.name(run.status))
            writer.field("start_time", run.startedAt.milliseconds)
            if let end = run.endedAt { writer.field("end_time", end.milliseconds) }
            writer.field("artifact_uri", location.text)
            writer.field("lifecycle_stage", run.deletedAt == nil ? "active" : "deleted")
        }
    }

    mutating func run(_ record: RunRecord, _ location: ArtifactLocation, _ lineage: RunLineage) {
        object { writer in
            writer.key("info")
            writer.runInfo(record.run, location)
            writer.key("data")
            writer.object { $0.runData(record) }
            writer.key("inputs")
            writer.object { $0.inputs(lineage) }
            writer.key("outputs")
            writer.object { $0.outputs(lineage) }
        }
    }

    private mutating func runData(_ record: RunRecord) {
        if !record.metrics.isEmpty {
            key("metrics")
            array(record.metrics) { $0.metric($1.key, $1.value.point) }
        }
        if !record.params.isEmpty {
            key("params")
            array(record.params) { $0.pair($1.key, paramText($1.value)) }
        }
        key("tags")
        // What a run of ours is called, MLflow's page reads from a tag.
        let missesName = record.tags[MLflowTag.runName] == nil
        let tags = record.tags.map { ($0.key, $0.value) } + (missesName ? [(MLflowTag.runName, record.run.name)] : [])
        array(tags) { $0.pair($1.0, $1.1) }
    }

    mutating func metric(_ name: String, _ point: MetricPoint) {
        object { writer in
            writer.field("key", name)
            writer.key("value")
            writer.number(point.value)
            writer.field("timestamp", point.timestamp.milliseconds)
            writer.field("step", point.step)
        }
    }

    private mutating func inputs(_ lineage: RunLineage) {
        if !lineage.datasets.isEmpty {
            key("dataset_inputs")
            array(lineage.datasets) { writer, use in
                writer.object {
                    $0.key("dataset")
                    $0.dataset(use.dataset)
                    $0.tags(use.tags)
                }
            }
        }
        if !lineage.inputModels.isEmpty {
            key("model_inputs")
            array(lineage.inputModels) { writer, id in writer.object { $0.field("model_id", id) } }
        }
    }

    private mutating func outputs(_ lineage: RunLineage) {
        if lineage.outputModels.isEmpty { return }
        key("model_outputs")
        array(lineage.outputModels) { writer, output in
            writer.object {
                $0.field("model_id", output.model)
                $0.field("step", output.step)
            }
        }
    }

    private mutating func dataset(_ dataset: Dataset) {
        object {
            $0.field("name", dataset.name)
            $0.field("digest", dataset.digest)
            $0.field("source_type", dataset.sourceType)
            $0.field("source", dataset.source)
            $0.field("schema", dataset.schema)
            $0.field("profile", dataset.profile)
        }
    }
}

/// MLflow's params are text.
func paramText(_ value: JSONValue) -> String {
    if case .string(let text) = value { text } else { value.text() }
}

enum MLflowTag {
    static let runName = "mlflow.runName"
    static let user = "mlflow.user"
    static let commit = "mlflow.source.git.commit"
    static let branch = "mlflow.source.git.branch"
    static let modelVersions = "mlflow.modelVersions"
    static let modelHistory = "mlflow.log-model.history"
    static let isPrompt = "mlflow.prompt.is_prompt"
    static let promptText = "mlflow.prompt.text"
}
