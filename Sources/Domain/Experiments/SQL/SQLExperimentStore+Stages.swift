import Diagnostics
import Files
import Hashing
import JSON
import Objects
import SQL

extension SQLExperimentStore {
    package func recordStages(_ executions: [StageExecution], run: RunID) throws {
        let skipped = SkippedStages(among: executions)
        try database.write { connection in
            let run = try connection.writableRunNumber(run)
            let known = try connection.all("SELECT stage FROM stages WHERE run = ?", .integer(run)) { $0.integer(0) }
            var numbers = StageNumbers(recorded: Set(known))
            try connection.unlist(executions, run: run, &numbers)
            var rest = executions
            if let skipped, try connection.list(skipped, run: run, &numbers) { rest = skipped.others }
            for execution in rest { try connection.record(execution, run: run, &numbers) }
        }
    }

    package func skippedStages(run: RunID) throws -> SkippedStagesID? {
        try database.read { connection in
            let run = SQLValue(try connection.runNumber(run))
            let own = try connection.first("SELECT 1 FROM stages WHERE run = ?", run) { _ in true }
            let lists = try connection.all(
                "SELECT l.digest FROM skips s JOIN stage_lists l ON l.number = s.list WHERE s.run = ?", run
            ) { SHA256Digest(bytes: $0.bytes(0)) }
            guard own == nil, lists.count == 1 else { return nil }
            return lists[0].map(SkippedStagesID.init)
        }
    }

    package func stages(run: RunID) throws -> [StageExecution] {
        try database.read { connection in
            guard let run = try connection.runNumber(run) else {
                throw ExperimentError.noSuchRun(reference: run.text, nearest: nil)
            }
            return try connection.stages(run: run)
        }
    }
}

/// Which list of a stage execution a file is in, as kept.
enum FileRole: Int64 {
    case input = 0
    case output = 1
}

/// What need not be asked for again while many executions are written: what one stage makes, another reads.
struct StageNumbers {
    /// The stages that the run has already.
    var recorded: Set<Int64>
    fileprivate var paths: [RelativePath: Int64] = [:]
    fileprivate var contents: [Fingerprint: Int64] = [:]

    init(recorded: Set<Int64>) { self.recorded = recorded }
}

extension SQLConnection {
    fileprivate func record(_ execution: StageExecution, run: Int64, _ numbers: inout StageNumbers) throws {
        let stage = try ensureKeyNumber(execution.stage)
        if !numbers.recorded.insert(stage).inserted {
            // Its files go with it.
            try execute("DELETE FROM stages WHERE run = ? AND stage = ?", .integer(run), .integer(stage))
        }
        try execute(
            "INSERT INTO stages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", .integer(run), .integer(stage),
            SQLValue(execution.position), .text(execution.state.rawValue),
            SQLValue(execution.startedAt?.milliseconds), SQLValue(execution.durationMilliseconds),
            .text(JSONValue.array(execution.reasons.map { .string($0) }).text()), SQLValue(execution.key?.bytes),
            SQLValue(try execution.log.map { try ensureContent($0) }), SQLValue(execution.exitCode.map { Int64($0) }),
            SQLValue(execution.failure), .text(JSONValue.array(execution.commands.map { .string($0) }).text()))
        try insertFiles(of: execution, into: "stage_files", owner: run, stage: stage, &numbers)
    }

    /// `owner`: the run, or the list of stages.
    func insertFiles(
        of execution: StageExecution, into table: String, owner: Int64, stage: Int64, _ numbers: inout StageNumbers
    ) throws {
        for (role, files) in [(FileRole.input, execution.inputs), (.output, execution.outputs)] {
            for (position, file) in files.enumerated() {
                let path = try numbers.paths[file.path] ?? ensurePath(file.path)
                numbers.paths[file.path] = path
                var content: Int64?
                if let fingerprint = file.fingerprint {
                    content = try numbers.contents[fingerprint] ?? ensureContent(fingerprint)
                    numbers.contents[fingerprint] = content
                }
                try execute(
                    "INSERT INTO \(table) VALUES (?, ?, ?, ?, ?, ?)", .integer(owner), .integer(stage),
                    .integer(role.rawValue), SQLValue(position), .integer(path), SQLValue(content))
            }
        }
    }

    fileprivate func stages(run: Int64) throws -> [StageExecution] {
        let executions = try all(
            """
            SELECT s.stage, k.name, s.position, s.state, s.started_ms, s.duration_ms, s.reasons, s.stage_key, s.log,
                s.exit_code, s.failure, s.commands
            FROM stages s JOIN keys k ON k.number = s.stage WHERE s.run = ?
            UNION ALL
            SELECT l.stage, k.name, l.position, 'skipped', s.at_ms, 0, '[]', l.stage_key, NULL, NULL, NULL, l.commands
            FROM skips s JOIN listed_stages l ON l.list = s.list JOIN keys k ON k.number = l.stage WHERE s.run = ?
            ORDER BY 3, 2
            """, .integer(run), .integer(run)
        ) { (number: $0.integer(0), execution: try stageExecution($0)) }
        let files = try stageFiles(run: run)
        return executions.map { number, execution in
            var execution = execution
            for (role, file) in files[number] ?? [] {
                if role == .input { execution.inputs.append(file) } else { execution.outputs.append(file) }
            }
            return execution
        }
    }

    /// By the number of the stage, each list in its order.
    private func stageFiles(run: Int64) throws -> [Int64: [(role: FileRole, file: StageFile)]] {
        var fingerprints: [Int64: Fingerprint] = [:]
        var files: [Int64: [(role: FileRole, file: StageFile)]] = [:]
        try withStatement(
            """
            SELECT f.stage, f.role, f.position, p.path, f.content
            FROM stage_files f JOIN paths p ON p.number = f.path WHERE f.run = ?
            UNION ALL
            SELECT f.stage, f.role, f.position, p.path, f.content
            FROM skips s JOIN listed_files f ON f.list = s.list JOIN paths p ON p.number = f.path WHERE s.run = ?
            ORDER BY 1, 2, 3
            """
        ) { statement in
            try statement.forEachRow([.integer(run), .integer(run)]) { row in
                let content = row.optionalInteger(4)
                let known = try content.map { try fingerprints[$0] ?? fingerprint(number: $0) }
                if let content { fingerprints[content] = known }
                let file = StageFile(path: RelativePath(unchecked: row.bytes(3)), fingerprint: known)
                files[row.integer(0), default: []].append((FileRole(rawValue: row.integer(1)) ?? .output, file))
            }
        }
        return files
    }

    /// Of each run of a list, in the order of its pipeline.
    func stageSummaries(runs: SQLValue) throws -> [Int64: [StageSummary]] {
        var summaries: [Int64: [StageSummary]] = [:]
        try withStatement(
            """
            SELECT k.name, s.state, s.duration_ms, s.exit_code, s.run, s.position
            FROM stages s JOIN keys k ON k.number = s.stage WHERE \(dialect.isListed("s.run"))
            UNION ALL
            SELECT k.name, 'skipped', 0, NULL, s.run, l.position
            FROM skips s JOIN listed_stages l ON l.list = s.list JOIN keys k ON k.number = l.stage
            WHERE \(dialect.isListed("s.run")) ORDER BY 5, 6, 1
            """
        ) { statement in
            try statement.forEachRow([runs, runs]) { row in
                let summary = StageSummary(
                    stage: row.text(0), state: try stageState(row.text(1)),
                    durationMilliseconds: row.optionalInteger(2), exitCode: row.optionalInteger(3).map { Int($0) })
                summaries[row.integer(4), default: []].append(summary)
            }
        }
        return summaries
    }

    private func stageExecution(_ row: any SQLRow) throws -> StageExecution {
        var execution = StageExecution(
            stage: row.text(1), position: Int(row.integer(2)), state: try stageState(row.text(3)))
        execution.startedAt = row.optionalInteger(4).map { Timestamp(milliseconds: $0) }
        execution.durationMilliseconds = row.optionalInteger(5)
        execution.reasons = try strings(row.text(6), what: "list of reasons")
        execution.key = try row.optionalBytes(7).map { bytes in
            guard let key = SHA256Digest(bytes: bytes) else {
                throw ExperimentError.damagedRecord(what: "stage key", value: "\(bytes.count) bytes")
            }
            return key
        }
        execution.log = try row.optionalInteger(8).map { try digest(number: $0) }
        execution.exitCode = row.optionalInteger(9).map { Int($0) }
        execution.failure = row.optionalText(10)
        execution.commands = try strings(row.text(11), what: "list of commands")
        return execution
    }

    private func ensurePath(_ path: RelativePath) throws -> Int64 {
        let found = try first("SELECT number FROM paths WHERE path = ?", .blob(path.bytes)) { $0.integer(0) }
        if let found { return found }
        return try number("INSERT INTO paths (path) VALUES (?) RETURNING number", .blob(path.bytes))
    }
}

private func stageState(_ text: String) throws -> StageState {
    guard let state = StageState(rawValue: text) else {
        throw ExperimentError.damagedRecord(what: "stage state", value: text)
    }
    return state
}
