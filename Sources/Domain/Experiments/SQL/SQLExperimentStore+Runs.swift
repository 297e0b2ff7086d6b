package import Diagnostics
import FoundationEssentials
import JSON
import SQL

extension SQLExperimentStore {
    package func createRun(_ run: NewRun) throws -> Run {
        try database.write { connection in
            if try connection.runNumber(run.id) != nil { throw ExperimentError.runExists(run.id) }
            var generator = SystemRandomNumberGenerator()
            let name =
                try run.name
                ?? suggestRunName(using: &generator) { name in
                    try connection.first(
                        "SELECT 1 FROM runs WHERE experiment = ? AND name = ?",
                        .integer(run.experiment.number), .text(name)
                    ) { _ in true } ?? false
                }
            let number = try connection.number(
                """
                INSERT INTO runs (id, experiment, name, status, started_ms, heartbeat_ms, "user", command)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING number
                """, .text(run.id.text), .integer(run.experiment.number), .text(name), .text(run.status.rawValue),
                .integer(run.startedAt.milliseconds), .integer(run.startedAt.milliseconds), .text(run.user),
                .text(JSONValue.array(run.commandLine.map { .string($0) }).text()))
            try connection.apply(RunChange(owner: run.owner, git: run.git), toRun: number)
            if let skipped = run.skippedStages { try connection.list(skipped, run: number, at: run.startedAt) }
            return try connection.run(number: number)
        }
    }

    package func changeRun(_ id: RunID, _ change: RunChange) throws {
        try database.write { connection in
            let number = try connection.writableRunNumber(id)
            try connection.apply(change, toRun: number)
            if change.status?.isOver == true {
                try connection.foldInbox()
                try connection.compactAllSeries(run: number)
            }
        }
    }

    package func changeUnfinishedRun(_ observed: Run, _ change: RunChange) throws -> Bool {
        try database.write { connection in
            let number = try connection.first(
                "SELECT number FROM runs WHERE id = ? AND status = ? AND heartbeat_ms = ? AND deleted_ms IS NULL",
                .text(observed.id.text), .text(observed.status.rawValue), .integer(observed.heartbeatAt.milliseconds)
            ) { $0.integer(0) }
            guard let number else { return false }
            try connection.apply(change, toRun: number)
            return true
        }
    }

    package func heartbeat(_ id: RunID, at moment: Timestamp) throws {
        try database.write { connection in
            try connection.execute(
                """
                UPDATE runs SET heartbeat_ms = CASE WHEN heartbeat_ms > ?1 THEN heartbeat_ms ELSE ?1 END,
                    status = CASE status WHEN 'stalled' THEN 'running' ELSE status END
                WHERE number = ?2
                """, .integer(moment.milliseconds), .integer(try connection.writableRunNumber(id)))
        }
    }

    package func deleteRuns(_ ids: [RunID], at moment: Timestamp) throws {
        // Deleting again keeps the first moment.
        try changeEach(
            ids, "UPDATE runs SET deleted_ms = coalesce(deleted_ms, ?) WHERE id = ?", .integer(moment.milliseconds))
    }

    package func restoreRuns(_ ids: [RunID]) throws {
        try changeEach(ids, "UPDATE runs SET deleted_ms = ? WHERE id = ?", .null)
    }

    package func run(_ id: RunID) throws -> Run? {
        try database.read { try $0.runs("r.id = ?", .text(id.text)).first }
    }

    package func runs(named name: String) throws -> [Run] {
        try database.read { connection in
            try connection.runs("r.name = ? AND r.deleted_ms IS NULL ORDER BY r.started_ms DESC, r.id", .text(name))
        }
    }

    package func runs(idPrefix: String, limit: Int) throws -> [Run] {
        try database.read { connection in
            // Ids that begin alike lie between the prefix and the prefix with the greatest character.
            try connection.runs(
                "r.id >= ? AND r.id < ? AND r.deleted_ms IS NULL ORDER BY r.id LIMIT ?",
                .text(idPrefix), .text(idPrefix + "\u{10FFFF}"), SQLValue(limit))
        }
    }

    package func unfinishedRuns() throws -> [Run] {
        try database.read { connection in
            try connection.runs("r.status IN ('running', 'stalled') AND r.deleted_ms IS NULL")
        }
    }

    private func changeEach(_ ids: [RunID], _ sql: String, _ value: SQLValue) throws {
        try database.write { connection in
            for id in ids {
                if try connection.execute(sql, value, .text(id.text)) == 0 {
                    throw ExperimentError.noSuchRun(reference: id.text, nearest: nil)
                }
            }
        }
    }
}

extension SQLConnection {
    /// The runs that a condition on `r` selects, with what may follow a condition.
    func runs(_ condition: String, _ values: SQLValue...) throws -> [Run] {
        try numberedRuns(condition, values).map(\.run)
    }

    func numberedRuns(_ condition: String, _ values: [SQLValue]) throws -> [(number: Int64, run: Run)] {
        try all(
            """
            SELECT r.id, r.experiment, e.name, r.name, r.status, r.started_ms, r.ended_ms, r.heartbeat_ms, r.deleted_ms,
                r."user", r.host, r.boot, r.process_namespace, r.pid, r.process_start, r.command, r.git_commit,
                r.git_branch, r.git_dirty, r.git_patch, r.failure, r.number
            FROM runs r JOIN experiments e ON e.id = r.experiment WHERE \(condition)
            """, values
        ) { ($0.integer(21), try run($0)) }
    }

    func run(number: Int64) throws -> Run {
        let found = try runs("r.number = ?", .integer(number))
        guard let run = found.first else {
            throw ExperimentError.damagedRecord(what: "run number", value: String(number))
        }
        return run
    }

    fileprivate func apply(_ change: RunChange, toRun number: Int64) throws {
        try execute(
            """
            UPDATE runs SET name = coalesce(?1, name), status = coalesce(?2, status),
                started_ms = coalesce(?3, started_ms),
                ended_ms = CASE WHEN ?2 IN ('queued', 'running') THEN ?4 ELSE coalesce(?4, ended_ms) END,
                failure = CASE WHEN ?2 IN ('queued', 'running') THEN NULL ELSE coalesce(?5, failure) END,
                heartbeat_ms = CASE WHEN ?4 > heartbeat_ms THEN ?4 ELSE heartbeat_ms END
            WHERE number = ?6
            """, SQLValue(change.name), SQLValue(change.status?.rawValue), SQLValue(change.startedAt?.milliseconds),
            SQLValue(change.endedAt?.milliseconds), SQLValue(change.failure), .integer(number))
        if let owner = change.owner {
            try execute(
                """
                UPDATE runs SET host = ?, boot = ?, process_namespace = ?, pid = ?, process_start = ? WHERE number = ?
                """, .text(owner.host.name), .text(owner.host.bootID), .text(owner.host.processNamespace),
                .integer(Int64(owner.pid)), .integer(Int64(bitPattern: owner.startTicks)), .integer(number))
        }
        if let git = change.git {
            try execute(
                "UPDATE runs SET git_commit = ?, git_branch = ?, git_dirty = ?, git_patch = ? WHERE number = ?",
                .text(git.commit), SQLValue(git.branch), SQLValue(git.isDirty),
                SQLValue(try git.patch.map { try ensureContent($0) }), .integer(number))
        }
    }

    private func run(_ row: any SQLRow) throws -> Run {
        guard let status = RunStatus(rawValue: row.text(4)) else {
            throw ExperimentError.damagedRecord(what: "run status", value: row.text(4))
        }
        var run = Run(
            id: RunID(row.text(0)), experiment: ExperimentID(row.integer(1)), experimentName: row.text(2),
            name: row.text(3), status: status, startedAt: Timestamp(milliseconds: row.integer(5)), user: row.text(9))
        run.endedAt = row.optionalInteger(6).map { Timestamp(milliseconds: $0) }
        run.heartbeatAt = Timestamp(milliseconds: row.integer(7))
        run.deletedAt = row.optionalInteger(8).map { Timestamp(milliseconds: $0) }
        if let host = row.optionalText(10) {
            run.owner = ProcessIdentity(
                host: HostIdentity(name: host, bootID: row.text(11), processNamespace: row.text(12)),
                pid: Int32(truncatingIfNeeded: row.integer(13)), startTicks: UInt64(bitPattern: row.integer(14)))
        }
        run.commandLine = try strings(row.text(15), what: "command line")
        if let commit = row.optionalText(16) {
            run.git = GitState(
                commit: commit, branch: row.optionalText(17), isDirty: row.integer(18) != 0,
                patch: try row.optionalInteger(19).map { try digest(number: $0) })
        }
        run.failure = row.optionalText(20)
        return run
    }
}

/// The strings of a JSON array that we wrote.
func strings(_ text: String, what: String) throws -> [String] {
    guard case .array(let items)? = try? JSONValue(parsing: text) else {
        throw ExperimentError.damagedRecord(what: what, value: text)
    }
    return try items.map { item in
        guard case .string(let string) = item else { throw ExperimentError.damagedRecord(what: what, value: text) }
        return string
    }
}
