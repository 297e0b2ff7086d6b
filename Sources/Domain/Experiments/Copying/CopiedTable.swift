import SQL

/// A table of the tracking database as it is copied: the same in SQLite and PostgreSQL.
struct CopiedTable: Sendable {
    let name: String
    let columns: [String]
    let key: [String]
    /// Whether the first column is a number that the database gives.
    let isNumbered: Bool

    private init(_ name: String, _ columns: String, key: String, numbered: Bool = false) {
        self.name = name
        self.columns = columns.split(separator: " ").map(String.init)
        self.key = key.split(separator: " ").map(String.init)
        self.isNumbered = numbered
    }

    /// As SQL. `user` is a word of PostgreSQL.
    var columnList: String { columns.map { "\"\($0)\"" }.joined(separator: ", ") }

    var inOrder: String {
        "SELECT \(columnList) FROM \(name) ORDER BY " + key.map { "\"\($0)\"" }.joined(separator: ", ")
    }

    /// The column whose NaN is a value, not NULL; see `storedMetricValue`.
    var metricColumn: Int? {
        ["points", "logged_model_metrics"].contains(name) ? columns.firstIndex(of: "value") : nil
    }

    /// All tables, each after those that it refers to.
    static let all = [
        CopiedTable("keys", "number name", key: "number", numbered: true),
        CopiedTable("paths", "number path", key: "number", numbered: true),
        CopiedTable(
            "contents", "number object sha256 size kind file_count content_bytes", key: "number", numbered: true),
        CopiedTable(
            "experiments",
            "id name created_ms deleted_ms updated_ms artifact_location",
            key: "id", numbered: true),
        CopiedTable(
            "runs",
            "number id experiment name status started_ms ended_ms heartbeat_ms deleted_ms user host boot"
                + " process_namespace pid process_start command git_commit git_branch git_dirty git_patch"
                + " failure",
            key: "number", numbered: true),
        CopiedTable("params", "run key type text number", key: "run key"),
        CopiedTable("tags", "run key value", key: "run key"),
        CopiedTable("series", "run key stage step timestamp_ms value tail", key: "run key"),
        CopiedTable("points", "run key step timestamp_ms value", key: "run key step timestamp_ms value"),
        CopiedTable(
            "stages",
            "run stage position state started_ms duration_ms reasons stage_key log exit_code failure"
                + " commands",
            key: "run stage"),
        CopiedTable("stage_files", "run stage role position path content", key: "run stage role position"),
        CopiedTable("stage_lists", "number digest", key: "number", numbered: true),
        CopiedTable("listed_stages", "list stage position stage_key commands", key: "list stage"),
        CopiedTable("listed_files", "list stage role position path content", key: "list stage role position"),
        CopiedTable("skips", "run list at_ms", key: "run list"),
        CopiedTable("experiment_tags", "experiment key value", key: "experiment key"),
        CopiedTable(
            "chunks",
            "number run key first_step first_ms last_step last_ms count minimum maximum data",
            key: "number", numbered: true),
        CopiedTable("artifacts", "path content modified_ms", key: "path"),
        CopiedTable(
            "datasets",
            "number experiment name digest source_type source schema profile",
            key: "number", numbered: true),
        CopiedTable("run_datasets", "run dataset tags context", key: "run dataset"),
        CopiedTable("run_input_models", "run model", key: "run model"),
        CopiedTable("run_output_models", "run model step", key: "run model"),
        CopiedTable(
            "logged_models",
            "number id experiment name type status source_run created_ms updated_ms deleted_ms",
            key: "number", numbered: true),
        CopiedTable("logged_model_tags", "model key value", key: "model key"),
        CopiedTable("logged_model_params", "model key value", key: "model key"),
        CopiedTable(
            "logged_model_metrics",
            "model key step timestamp_ms value run dataset_name dataset_digest",
            key: "model key step timestamp_ms value run dataset_name dataset_digest"),
        CopiedTable(
            "registered_models",
            "number name created_ms updated_ms description user last_version",
            key: "number", numbered: true),
        CopiedTable("registered_model_tags", "model key value", key: "model key"),
        CopiedTable(
            "model_versions",
            "model version created_ms updated_ms description user stage source storage_location run"
                + " run_link logged_model",
            key: "model version"),
        CopiedTable("model_version_tags", "model version key value", key: "model version key"),
        CopiedTable("model_aliases", "model alias version", key: "model alias"),
        CopiedTable("inbox", "number run stage data", key: "number", numbered: true),
    ]
}
