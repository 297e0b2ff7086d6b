/// The tables of tracking.sqlite; docs/formats/tracking-database.md says what each column means and why.
///
/// Migration n takes the file from version n to n + 1. One that was released is never changed.
let trackingMigrations = [
    """
    CREATE TABLE experiments (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        created_ms INTEGER NOT NULL,
        deleted_ms INTEGER
    );
    INSERT INTO experiments VALUES (0, 'Default', 0, NULL);

    CREATE TABLE runs (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        experiment INTEGER NOT NULL REFERENCES experiments,
        name TEXT NOT NULL,
        status TEXT NOT NULL,
        started_ms INTEGER NOT NULL,
        ended_ms INTEGER,
        heartbeat_ms INTEGER NOT NULL,
        deleted_ms INTEGER,
        user TEXT NOT NULL,
        host TEXT,
        boot TEXT,
        process_namespace TEXT,
        pid INTEGER,
        process_start INTEGER,
        command TEXT NOT NULL,
        git_commit TEXT,
        git_branch TEXT,
        git_dirty INTEGER,
        git_patch INTEGER REFERENCES contents,
        failure TEXT
    );
    CREATE INDEX runs_by_start ON runs (started_ms DESC, id);
    CREATE INDEX runs_by_experiment ON runs (experiment, started_ms DESC, id);
    CREATE INDEX runs_by_name ON runs (name, started_ms DESC);
    CREATE INDEX runs_by_patch ON runs (git_patch) WHERE git_patch IS NOT NULL;
    CREATE INDEX runs_unfinished ON runs (status) WHERE status IN ('running', 'stalled');

    CREATE TABLE keys (
        number INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE
    );

    CREATE TABLE params (
        run INTEGER NOT NULL REFERENCES runs,
        key INTEGER NOT NULL REFERENCES keys,
        type TEXT NOT NULL,
        text TEXT NOT NULL,
        number REAL,
        PRIMARY KEY (run, key)
    ) WITHOUT ROWID;
    CREATE INDEX params_by_key ON params (key, text, number);

    CREATE TABLE tags (
        run INTEGER NOT NULL REFERENCES runs,
        key INTEGER NOT NULL REFERENCES keys,
        value TEXT NOT NULL,
        PRIMARY KEY (run, key)
    ) WITHOUT ROWID;
    CREATE INDEX tags_by_key ON tags (key);

    CREATE TABLE series (
        run INTEGER NOT NULL REFERENCES runs,
        key INTEGER NOT NULL REFERENCES keys,
        stage INTEGER REFERENCES keys,
        step INTEGER NOT NULL,
        timestamp_ms INTEGER NOT NULL,
        value REAL,
        PRIMARY KEY (run, key)
    ) WITHOUT ROWID;
    CREATE INDEX series_by_value ON series (key, value);

    CREATE TABLE points (
        run INTEGER NOT NULL,
        key INTEGER NOT NULL,
        step INTEGER NOT NULL,
        timestamp_ms INTEGER NOT NULL,
        value REAL NOT NULL,
        PRIMARY KEY (run, key, step, timestamp_ms, value)
    ) WITHOUT ROWID;

    CREATE TABLE stages (
        run INTEGER NOT NULL REFERENCES runs,
        stage INTEGER NOT NULL REFERENCES keys,
        position INTEGER NOT NULL,
        state TEXT NOT NULL,
        started_ms INTEGER,
        duration_ms INTEGER,
        reasons TEXT NOT NULL,
        stage_key BLOB,
        log INTEGER REFERENCES contents,
        exit_code INTEGER,
        failure TEXT,
        commands TEXT NOT NULL,
        PRIMARY KEY (run, stage)
    ) WITHOUT ROWID;
    CREATE INDEX stages_by_stage ON stages (stage, state);
    CREATE INDEX stages_by_log ON stages (log) WHERE log IS NOT NULL;

    CREATE TABLE stage_files (
        run INTEGER NOT NULL,
        stage INTEGER NOT NULL,
        role INTEGER NOT NULL,
        position INTEGER NOT NULL,
        path INTEGER NOT NULL REFERENCES paths,
        content INTEGER REFERENCES contents,
        PRIMARY KEY (run, stage, role, position),
        FOREIGN KEY (run, stage) REFERENCES stages ON DELETE CASCADE
    ) WITHOUT ROWID;
    CREATE INDEX stage_files_by_content ON stage_files (content);

    CREATE TABLE paths (
        number INTEGER PRIMARY KEY,
        path BLOB NOT NULL UNIQUE
    );

    CREATE TABLE contents (
        number INTEGER PRIMARY KEY,
        object BLOB NOT NULL,
        sha256 BLOB NOT NULL,
        size INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        file_count INTEGER NOT NULL,
        content_bytes INTEGER NOT NULL,
        UNIQUE (object, sha256, size, kind, file_count, content_bytes)
    );
    """,
    """
    ALTER TABLE experiments ADD COLUMN updated_ms INTEGER;
    ALTER TABLE experiments ADD COLUMN artifact_location TEXT;
    CREATE TABLE experiment_tags (
        experiment INTEGER NOT NULL REFERENCES experiments,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (experiment, key)
    ) WITHOUT ROWID;

    CREATE TABLE chunks (
        number INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES runs,
        key INTEGER NOT NULL REFERENCES keys,
        first_step INTEGER NOT NULL,
        first_ms INTEGER NOT NULL,
        last_step INTEGER NOT NULL,
        last_ms INTEGER NOT NULL,
        count INTEGER NOT NULL,
        minimum REAL,
        maximum REAL,
        data BLOB NOT NULL
    );
    CREATE INDEX chunks_by_series ON chunks (run, key, first_step, first_ms);
    ALTER TABLE series ADD COLUMN tail INTEGER NOT NULL DEFAULT 0;
    UPDATE series SET tail = (SELECT count(*) FROM points p WHERE p.run = series.run AND p.key = series.key);

    CREATE TABLE artifacts (
        path BLOB PRIMARY KEY,
        content INTEGER NOT NULL REFERENCES contents,
        modified_ms INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX artifacts_by_content ON artifacts (content);

    CREATE TABLE datasets (
        number INTEGER PRIMARY KEY,
        experiment INTEGER NOT NULL REFERENCES experiments,
        name TEXT NOT NULL,
        digest TEXT NOT NULL,
        source_type TEXT NOT NULL,
        source TEXT NOT NULL,
        schema TEXT,
        profile TEXT,
        UNIQUE (experiment, name, digest)
    );
    CREATE TABLE run_datasets (
        run INTEGER NOT NULL REFERENCES runs,
        dataset INTEGER NOT NULL REFERENCES datasets,
        tags TEXT NOT NULL,
        context TEXT,
        PRIMARY KEY (run, dataset)
    ) WITHOUT ROWID;
    CREATE INDEX run_datasets_by_dataset ON run_datasets (dataset, context);
    CREATE TABLE run_input_models (
        run INTEGER NOT NULL REFERENCES runs,
        model TEXT NOT NULL,
        PRIMARY KEY (run, model)
    ) WITHOUT ROWID;
    CREATE TABLE run_output_models (
        run INTEGER NOT NULL REFERENCES runs,
        model TEXT NOT NULL,
        step INTEGER NOT NULL,
        PRIMARY KEY (run, model)
    ) WITHOUT ROWID;

    CREATE TABLE logged_models (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        experiment INTEGER NOT NULL REFERENCES experiments,
        name TEXT NOT NULL,
        type TEXT,
        status TEXT NOT NULL,
        source_run TEXT,
        created_ms INTEGER NOT NULL,
        updated_ms INTEGER NOT NULL,
        deleted_ms INTEGER
    );
    CREATE INDEX logged_models_by_experiment ON logged_models (experiment, created_ms DESC);
    CREATE TABLE logged_model_tags (
        model INTEGER NOT NULL REFERENCES logged_models,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (model, key)
    ) WITHOUT ROWID;
    CREATE TABLE logged_model_params (
        model INTEGER NOT NULL REFERENCES logged_models,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (model, key)
    ) WITHOUT ROWID;
    CREATE TABLE logged_model_metrics (
        model INTEGER NOT NULL REFERENCES logged_models,
        key TEXT NOT NULL,
        step INTEGER NOT NULL,
        timestamp_ms INTEGER NOT NULL,
        value REAL NOT NULL,
        run TEXT NOT NULL,
        dataset_name TEXT NOT NULL,
        dataset_digest TEXT NOT NULL,
        PRIMARY KEY (model, key, step, timestamp_ms, value, run, dataset_name, dataset_digest)
    ) WITHOUT ROWID;

    CREATE TABLE registered_models (
        number INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        created_ms INTEGER NOT NULL,
        updated_ms INTEGER NOT NULL,
        description TEXT NOT NULL,
        user TEXT,
        last_version INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE registered_model_tags (
        model INTEGER NOT NULL REFERENCES registered_models ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (model, key)
    ) WITHOUT ROWID;
    CREATE TABLE model_versions (
        model INTEGER NOT NULL REFERENCES registered_models ON DELETE CASCADE,
        version INTEGER NOT NULL,
        created_ms INTEGER NOT NULL,
        updated_ms INTEGER NOT NULL,
        description TEXT NOT NULL,
        user TEXT,
        stage TEXT NOT NULL,
        source TEXT NOT NULL,
        storage_location TEXT,
        run TEXT NOT NULL,
        run_link TEXT NOT NULL,
        logged_model TEXT,
        PRIMARY KEY (model, version)
    ) WITHOUT ROWID;
    CREATE TABLE model_version_tags (
        model INTEGER NOT NULL,
        version INTEGER NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (model, version, key),
        FOREIGN KEY (model, version) REFERENCES model_versions ON DELETE CASCADE
    ) WITHOUT ROWID;
    CREATE TABLE model_aliases (
        model INTEGER NOT NULL,
        alias TEXT NOT NULL,
        version INTEGER NOT NULL,
        PRIMARY KEY (model, alias),
        FOREIGN KEY (model, version) REFERENCES model_versions ON DELETE CASCADE
    ) WITHOUT ROWID;
    CREATE INDEX model_aliases_by_version ON model_aliases (model, version);
    """,
    """
    CREATE TABLE inbox (
        number INTEGER PRIMARY KEY,
        run INTEGER NOT NULL,
        stage INTEGER,
        data BLOB NOT NULL
    );
    CREATE INDEX chunks_small ON chunks (run, key) WHERE count < 512;
    """,
    """
    CREATE TABLE stage_lists (
        number INTEGER PRIMARY KEY,
        digest BLOB NOT NULL UNIQUE
    );
    CREATE TABLE listed_stages (
        list INTEGER NOT NULL REFERENCES stage_lists ON DELETE CASCADE,
        stage INTEGER NOT NULL REFERENCES keys,
        position INTEGER NOT NULL,
        stage_key BLOB,
        commands TEXT NOT NULL,
        PRIMARY KEY (list, stage)
    ) WITHOUT ROWID;
    CREATE INDEX listed_stages_by_stage ON listed_stages (stage);
    CREATE TABLE listed_files (
        list INTEGER NOT NULL,
        stage INTEGER NOT NULL,
        role INTEGER NOT NULL,
        position INTEGER NOT NULL,
        path INTEGER NOT NULL REFERENCES paths,
        content INTEGER REFERENCES contents,
        PRIMARY KEY (list, stage, role, position),
        FOREIGN KEY (list, stage) REFERENCES listed_stages ON DELETE CASCADE
    ) WITHOUT ROWID;
    CREATE INDEX listed_files_by_content ON listed_files (content);
    CREATE TABLE skips (
        run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        list INTEGER NOT NULL REFERENCES stage_lists,
        at_ms INTEGER NOT NULL,
        PRIMARY KEY (run, list)
    ) WITHOUT ROWID;
    CREATE INDEX skips_by_list ON skips (list);
    CREATE VIEW run_stages AS
        SELECT run, stage, position, state, started_ms, duration_ms, exit_code FROM stages
        UNION ALL
        SELECT s.run, l.stage, l.position, 'skipped', s.at_ms, 0, NULL
        FROM skips s JOIN listed_stages l ON l.list = s.list;
    """,
]
