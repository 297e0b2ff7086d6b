import Diagnostics

/// The help pages that are not about one command.
enum HelpTopic: String, CaseIterable {
    case pipeline
    case environment
    case exitCodes = "exit-codes"
    case filters

    var summary: String {
        switch self {
        case .pipeline: "How to write repro.yaml"
        case .environment: "The variables that Repro reads and sets"
        case .exitCodes: "What each exit code means"
        case .filters: "How to choose and sort runs"
        }
    }

    /// What the page says before its list.
    var discussion: [String] {
        switch self {
        case .environment, .exitCodes: []
        case .pipeline:
            [
                "A pipeline is a file `repro.yaml` at the root of the project, or a `dvc.yaml`, which means the same. A "
                    + "stage is a command with what it reads and writes; stages run in the order that follows from that. "
                    + "`${…}` is replaced by the value of params.yaml."
            ]
        case .filters:
            [
                "A filter compares columns with values and joins the comparisons with `and`, `or`, `not` and brackets. "
                    + "The operators are = != < <= > >=, `~` and `!~` (regular expression, anywhere in the text), `like` "
                    + "and `ilike` (`%` stands for any text), `in`, `not in`, `is null` and `is not null`. Text stands in "
                    + "quotes, numbers do not, names with spaces in backticks. A comparison with something that a run "
                    + "does not have is false. MLflow's filters mean the same here.",
                "An order is a list of columns, each with `asc` or `desc`; runs without the column come last.",
            ]
        }
    }

    /// Lines to copy, shown as they are.
    var sample: [String] {
        switch self {
        case .environment, .exitCodes, .filters: []
        case .pipeline: Self.samplePipeline
        }
    }

    /// Name and meaning of each thing the page lists.
    var entries: [(name: String, meaning: String)] {
        switch self {
        case .pipeline: Self.stageKeys
        case .environment: Self.environmentVariables
        case .exitCodes: [("0", "done")] + ErrorKind.allCases.map { ("\($0.exitCode)", $0.meaning) }
        case .filters: Self.filterColumns
        }
    }

    private static let samplePipeline = [
        "stages:",
        "  prepare:",
        "    cmd: python3 prepare.py ${prepare.limit}",
        "    deps: [prepare.py, data/raw]",
        "    params: [prepare.limit]",
        "    outs: [data/clean.txt]",
        "  train:",
        "    cmd: python3 train.py",
        "    deps: [train.py, data/clean.txt]",
        "    params: [train]",
        "    outs: [model.bin]",
        "    metrics: [metrics.json]",
    ]

    private static let stageKeys = [
        ("cmd", "the command; each line, or each item of a list, runs in a shell of its own, until one fails"),
        ("deps", "files and folders that it reads"),
        ("params", "keys of params.yaml that it uses, or FILE: [KEYS]; a section means all that is in it"),
        ("outs", "files and folders that it writes: removed before it runs, kept in the store after"),
        ("metrics", "outs with numbers in them: JSON, YAML or TOML"),
        ("plots", "outs to draw"),
        ("wdir", "the folder to run in; all paths of the stage start there"),
        ("env", "variables whose values change what it makes: [NAME] or {NAME: value}"),
        ("resources", "what it occupies: {cpus: 2, memory: 4GiB, gpus: 1}"),
        ("timeout, retries", "when to stop it (90s, 5m, 1h); how often to try again"),
        ("always_changed", "true: run each time"),
        ("frozen", "true: never run"),
        ("deterministic", "false: two runs may differ, so no other run's result is taken"),
        ("foreach, matrix", "one stage for each item, or for each combination"),
        ("desc", "a word for people"),
    ]

    private static let environmentVariables = [
        ("REPRO_EXPERIMENT", "read: the experiment of new runs, unless --experiment names one"),
        ("REPRO_TRACKING_STORE", "read: the PostgreSQL database that runs are recorded in, postgresql://…"),
        ("REPRO_RUN_ID", "read by `repro log` and ReproLogging: the run to log to; set for the commands of a stage"),
        ("REPRO_PROJECT", "set for the commands of a stage: the project that keeps the run"),
        ("REPRO_TRACKING_URL", "read: the server to log to and to look at runs on, instead of the project"),
        ("REPRO_TOKEN", "read: the token that is sent to that server"),
        ("REPRO_SPOOL", "read: where what cannot be sent to the server is kept; else .repro/spool"),
        ("REPRO_STAGE", "set for the commands of a stage: its name; DVC_STAGE is the same"),
        ("REPRO_ROOT", "set for the commands of a stage: the project's folder; DVC_ROOT is the same"),
        ("REPRO_STAGE_ID", "set for the commands of a stage: tells its processes from all others"),
        ("CUDA_VISIBLE_DEVICES", "set for the commands of a stage that declares gpus: those that it was given"),
        ("SHELL", "read: runs the commands of the stages, without its start-up files; else /bin/sh does"),
        ("NO_COLOR", "read: if not empty, no colours, as with --no-color"),
        ("TERM", "read: if `dumb`, no colours and no live view"),
        ("USER", "read: who made a run; if it is not set, the system's name of the user"),
    ]

    private static let filterColumns = [
        ("metrics.KEY", "the last value of a metric: metrics.guess_accuracy > 0.2"),
        ("params.KEY", "a param: params.train.type = 'cbow'"),
        ("tags.KEY", "a tag: tags.team ~ 'nlp.*'"),
        ("stages.STAGE.state", "ran, cached, skipped, failed…: stages.train.state = 'cached'"),
        ("stages.STAGE.duration", "how long a stage took: stages.train.duration > '5m'"),
        ("name, id, status, experiment", "which run: status in ('finished', 'running')"),
        ("start_time, end_time", "when: start_time > '2026-11-21'"),
        ("duration", "how long: duration < 90"),
        ("user, host, command", "who, where and how"),
        ("commit, branch", "the code: branch = 'main'"),
        ("failure", "why it failed: failure like '%memory%'"),
    ]
}

extension ErrorKind {
    /// For people, beside the exit code.
    fileprivate var meaning: String {
        switch self {
        case .failed: "a stage failed, or a check found a difference"
        case .invalidInput: "the command line, or a file of yours, is wrong"
        case .notFound: "what was named does not exist"
        case .conflict: "unsaved work would be lost, or someone else holds the lock"
        case .corrupt: "damaged data was found"
        case .unavailable: "a remote, a server or the disk cannot serve now"
        case .denied: "permission was denied"
        case .internal: "a bug of Repro"
        case .interrupted: "stopped by you or by the system"
        }
    }
}
