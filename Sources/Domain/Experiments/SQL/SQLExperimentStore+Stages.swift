import Diagnostics
import Files
import Hashing
import JSON
import Objects
import SQL

extension SQLExperimentStore {
    package func recordStages(_ executions: [StageExecution], run: RunID) throws {
        try database.write { connection in
            let run = try connection.writableRunNumber(run)
            let known = try connection.all("SELECT stage FROM stages WHERE run = ?", .integer(run)) { $0.integer(0) }
            var numbers = StageNumbers(recorded: Set(known))
            for execution in executions { try connection.record(execution, run: run, &numbers) }
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
private struct StageNumbers {
    /// The stages that the run has already.
    var recorded: Set<Int64>
    var paths: [RelativePath: Int64] = [:]
    var contents: [Fingerprint: Int64] = [:]
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
        try insert(execution.inputs, role: .input, run: run, stage: stage, &numbers)
        try insert(execution.outputs, role: .output, run: run, stage: stage, &numbers)
    }

    private func insert(
        _ files: [StageFile], role: FileRole, run: Int64, stage: Int64, _ numbers: inout StageNumbers
    ) throws {
        for (position, file) in files.enumerated() {
            let path = try numbers.paths[file.path] ?? ensurePath(file.path)
            numbers.paths[file.path] = path
            var content: Int64?
            if let fingerprint = file.fingerprint {
                content = try numbers.contents[fingerprint] ?? ensureContent(fingerprint)
                numbers.contents[fingerprint] = content
            }
            try execute(
                "INSERT INTO stage_files VALUES (?, ?, ?, ?, ?, ?)", .integer(run), .integer(stage),
                .integer(role.rawValue), SQLValue(position), .integer(path), SQLValue(content))
        }
    }

    fileprivate func stages(run: Int64) throws -> [StageExecution] {
        var executions = try all(
            """
            SELECT s.stage, k.name, s.position, s.state, s.started_ms, s.duration_ms, s.reasons, s.stage_key, s.log,
                s.exit_code, s.failure, s.commands
            FROM stages s JOIN keys k ON k.number = s.stage WHERE s.run = ? ORDER BY s.position, k.name
            """, .integer(run)
        ) { (number: $0.integer(0), execution: try stageExecution($0)) }
        for index in executions.indices {
            try withStatement(
                """
                SELECT f.role, p.path, f.content FROM stage_files f JOIN paths p ON p.number = f.path
                WHERE f.run = ? AND f.stage = ? ORDER BY f.role, f.position
                """
            ) { statement in
                try statement.forEachRow([.integer(run), .integer(executions[index].number)]) { row in
                    let content = row.optionalInteger(2)
                    let file = StageFile(
                        path: RelativePath(unchecked: row.bytes(1)),
                        fingerprint: try content.map { try fingerprint(number: $0) })
                    if row.integer(0) == FileRole.input.rawValue {
                        executions[index].execution.inputs.append(file)
                    } else {
                        executions[index].execution.outputs.append(file)
                    }
                }
            }
        }
        return executions.map { $0.execution }
    }

    /// Of each run of a list, in the order of its pipeline.
    func stageSummaries(runs: SQLValue) throws -> [Int64: [StageSummary]] {
        var summaries: [Int64: [StageSummary]] = [:]
        try withStatement(
            """
            SELECT k.name, s.state, s.duration_ms, s.exit_code, s.run FROM stages s JOIN keys k ON k.number = s.stage
            WHERE \(dialect.isListed("s.run")) ORDER BY s.run, s.position, k.name
            """
        ) { statement in
            try statement.forEachRow([runs]) { row in
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
