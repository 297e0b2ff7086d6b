import Diagnostics
import Files
import Hashing
import JSON
import Objects
import SQL

/// Stages of one run that were skipped together: nothing had changed, so that the next such run skips the same ones, with
/// the same files. They are kept once, as a list, however many runs skip them: a run of a thousand stages in which
/// nothing is to be done costs a row.
struct SkippedStages {
    let executions: [StageExecution]
    let startedAt: Timestamp
    /// What else was to be recorded.
    let others: [StageExecution]
    /// Of all that is kept of the stages.
    let digest: SHA256Digest

    /// A list of fewer costs more than it saves.
    private static let fewest = 4

    /// Nil if there are too few. Only those count that a list loses nothing of.
    init?(among all: [StageExecution]) {
        guard let startedAt = all.first(where: { $0.state == .skipped })?.startedAt else { return nil }
        let isListed = all.map { $0.isPlainSkip && $0.startedAt == startedAt }
        executions = zip(all, isListed).filter(\.1).map(\.0)
        if executions.count < Self.fewest { return nil }
        others = zip(all, isListed).filter { !$0.1 }.map(\.0)
        self.startedAt = startedAt
        digest = Self.digest(executions)
    }

    /// Over each field with its length, so that no two lists are encoded alike.
    private static func digest(_ executions: [StageExecution]) -> SHA256Digest {
        var bytes: [UInt8] = []
        func add(_ number: Int) { withUnsafeBytes(of: Int64(number).littleEndian) { bytes += $0 } }
        func add(_ field: some Collection<UInt8>) {
            add(field.count)
            bytes += field
        }
        func add(_ fingerprint: Fingerprint?) {
            guard let fingerprint else { return add(-1) }
            switch fingerprint.kind {
            case .file(let isExecutable): add(isExecutable ? 1 : 0)
            case .folder(let count):
                add(2)
                add(count)
            }
            bytes += fingerprint.digest.id.hash.bytes
            bytes += fingerprint.digest.sha256.bytes
            add(Int(truncatingIfNeeded: fingerprint.digest.sizeBytes))
            add(Int(truncatingIfNeeded: fingerprint.contentBytes))
        }
        for execution in executions {
            add(execution.stage.utf8)
            add(execution.position)
            add(execution.key?.bytes ?? [])
            add(execution.commands.count)
            for command in execution.commands { add(command.utf8) }
            for files in [execution.inputs, execution.outputs] {
                add(files.count)
                for file in files {
                    add(file.path.bytes)
                    add(file.fingerprint)
                }
            }
        }
        return SHA256.hash(bytes)
    }
}

extension StageExecution {
    /// Whether there is nothing about it but what the stage is.
    fileprivate var isPlainSkip: Bool {
        state == .skipped && durationMilliseconds == 0 && reasons.isEmpty && log == nil && exitCode == nil
            && failure == nil
    }
}

extension SQLConnection {
    /// Says that the run skipped them; makes their list if no run had it. False if the run has one of them already:
    /// then they must be recorded one by one.
    func list(_ skipped: SkippedStages, run: Int64, _ numbers: inout StageNumbers) throws -> Bool {
        if !numbers.recorded.isEmpty {
            for execution in skipped.executions {
                if numbers.recorded.contains(try ensureKeyNumber(execution.stage)) { return false }
            }
        }
        let known = try first(
            "SELECT number FROM stage_lists WHERE digest = ?", .blob(skipped.digest.bytes)
        ) { $0.integer(0) }
        try execute(
            "INSERT INTO skips VALUES (?, ?, ?)", .integer(run), .integer(try known ?? makeList(skipped, &numbers)),
            .integer(skipped.startedAt.milliseconds))
        return true
    }

    /// As `list`, of stages whose list there is.
    func list(_ skipped: SkippedStagesID, run: Int64, at moment: Timestamp) throws {
        let list = try first("SELECT number FROM stage_lists WHERE digest = ?", .blob(skipped.digest.bytes)) {
            $0.integer(0)
        }
        guard let list else { throw ExperimentError.skippedStagesUnknown }
        try execute(
            "INSERT INTO skips VALUES (?, ?, ?)", .integer(run), .integer(list), .integer(moment.milliseconds))
    }

    private func makeList(_ skipped: SkippedStages, _ numbers: inout StageNumbers) throws -> Int64 {
        // Those of runs that are gone.
        try execute("DELETE FROM stage_lists WHERE NOT EXISTS (SELECT 1 FROM skips WHERE list = stage_lists.number)")
        let list = try number(
            "INSERT INTO stage_lists (digest) VALUES (?) RETURNING number", .blob(skipped.digest.bytes))
        for execution in skipped.executions {
            let stage = try ensureKeyNumber(execution.stage)
            try execute(
                "INSERT INTO listed_stages VALUES (?, ?, ?, ?, ?)", .integer(list), .integer(stage),
                SQLValue(execution.position), SQLValue(execution.key?.bytes),
                .text(JSONValue.array(execution.commands.map { .string($0) }).text()))
            try insertFiles(of: execution, into: "listed_files", owner: list, stage: stage, &numbers)
        }
        return list
    }

    /// Before stages of a run are recorded that it has skipped: what the list says of them all becomes the run's own.
    func unlist(_ executions: [StageExecution], run: Int64, _ numbers: inout StageNumbers) throws {
        for list in try all("SELECT list FROM skips WHERE run = ?", .integer(run), row: { $0.integer(0) }) {
            let isListed = try executions.contains { execution in
                try first(
                    "SELECT 1 FROM listed_stages WHERE list = ? AND stage = ?", .integer(list),
                    .integer(ensureKeyNumber(execution.stage))
                ) { _ in true } ?? false
            }
            if !isListed { continue }
            try execute(
                """
                INSERT INTO stages
                SELECT s.run, l.stage, l.position, 'skipped', s.at_ms, 0, '[]', l.stage_key, NULL, NULL, NULL, l.commands
                FROM skips s JOIN listed_stages l ON l.list = s.list WHERE s.run = ? AND s.list = ?
                """, .integer(run), .integer(list))
            try execute(
                """
                INSERT INTO stage_files
                SELECT s.run, f.stage, f.role, f.position, f.path, f.content
                FROM skips s JOIN listed_files f ON f.list = s.list WHERE s.run = ? AND s.list = ?
                """, .integer(run), .integer(list))
            try execute("DELETE FROM skips WHERE run = ? AND list = ?", .integer(run), .integer(list))
            let own = try all("SELECT stage FROM stages WHERE run = ?", .integer(run)) { $0.integer(0) }
            numbers.recorded.formUnion(own)
        }
    }
}
