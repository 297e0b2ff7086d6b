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
    """
]
