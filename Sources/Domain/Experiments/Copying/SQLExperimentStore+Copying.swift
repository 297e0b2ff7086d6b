package import Diagnostics
import Hashing
import SQL

/// One table after it was copied: both sides have so many rows, of the same digest.
package struct CopiedRows: Sendable, Equatable {
    package let table: String
    package let count: Int
}

/// What a store does that already has runs in it.
package enum CopyPolicy: Sendable {
    case refuseOthers
    case replaceOthers
}

extension SQLExperimentStore {
    /// Makes `target` hold what this store holds: every row of every table with its numbers. All of it is of one moment,
    /// kept in one transaction, and then read again from both sides and compared.
    package func copyAll(
        to target: SQLExperimentStore, _ policy: CopyPolicy, monitor: any Monitor
    ) throws -> [CopiedRows] {
        try database.read { source in
            let total = try CopiedTable.all.reduce(0) { try $0 + source.count($1) }
            let rows = CopyProgress(total: total, monitor)
            return try target.database.write { connection in
                if policy == .refuseOthers, try connection.hasRuns() { throw CopyError.targetNotEmpty }
                for table in CopiedTable.all.reversed() { try connection.execute("DELETE FROM \(table.name)") }
                var copied: [CopiedRows] = []
                for table in CopiedTable.all {
                    let sent = try connection.fill(table, from: source, rows)
                    let kept = try connection.digest(of: table)
                    if sent != kept { throw CopyError.differs(table: table.name) }
                    copied.append(CopiedRows(table: table.name, count: sent.count))
                }
                return copied
            }
        }
    }
}

/// Why one tracking database was not copied into another.
package enum CopyError: UserFacingError, Equatable {
    case targetNotEmpty
    case differs(table: String)

    package var kind: ErrorKind {
        switch self {
        case .targetNotEmpty: .conflict
        case .differs: .corrupt
        }
    }

    package var message: String {
        switch self {
        case .targetNotEmpty: "the target has runs, experiments or models already"
        case .differs(let table): "table \(table) is not the same in the target after it was copied; nothing was kept"
        }
    }

    package var hint: String? {
        switch self {
        case .targetNotEmpty: "copy to an empty database, or pass --replace to lose what the target has"
        case .differs: nil
        }
    }
}

private final class CopyProgress {
    private let total: Int
    private let monitor: any Monitor
    private var done = 0

    init(total: Int, _ monitor: any Monitor) {
        self.total = total
        self.monitor = monitor
    }

    func add(_ count: Int, _ table: CopiedTable) {
        done += count
        monitor.progress(Progress(activity: "copying \(table.name)", doneItems: done, totalItems: total))
    }
}

/// How many rows, and a digest of all of them in order.
private struct TableDigest: Equatable {
    var count = 0
    var digest: SHA256Digest
}

extension SQLConnection {
    private static var piece: Int { 1024 }

    fileprivate func count(_ table: CopiedTable) throws -> Int {
        try first("SELECT count(*) FROM \(table.name)") { Int($0.integer(0)) } ?? 0
    }

    fileprivate func hasRuns() throws -> Bool {
        for question in [
            "SELECT 1 FROM runs", "SELECT 1 FROM experiments WHERE id != 0", "SELECT 1 FROM registered_models",
            "SELECT 1 FROM logged_models", "SELECT 1 FROM artifacts",
        ] where try first(question + " LIMIT 1", row: { _ in true }) == true {
            return true
        }
        return false
    }

    fileprivate func fill(
        _ table: CopiedTable, from source: any SQLConnection, _ progress: CopyProgress
    ) throws -> TableDigest {
        let hash = SHA256()
        var count = 0
        var largest: Int64?
        try source.forEachPiece(of: table) { rows in
            for row in rows { hash.update(canonicalBytes(row)) }
            try insert("INSERT INTO \(table.name) (\(table.columnList))", rows: rows)
            if table.isNumbered, case .integer(let number)? = rows.last?.first { largest = number }
            count += rows.count
            progress.add(rows.count, table)
        }
        if dialect == .postgresql, table.isNumbered, let largest, largest > 0 {
            try execute(
                "SELECT setval(pg_get_serial_sequence('\(table.name)', '\(table.columns[0])'), ?)", .integer(largest))
        }
        return TableDigest(count: count, digest: hash.finish())
    }

    fileprivate func digest(of table: CopiedTable) throws -> TableDigest {
        let hash = SHA256()
        var count = 0
        try forEachPiece(of: table) { rows in
            for row in rows { hash.update(canonicalBytes(row)) }
            count += rows.count
        }
        return TableDigest(count: count, digest: hash.finish())
    }

    /// All rows in order, some at a time, whatever the size of the table.
    private func forEachPiece(of table: CopiedTable, _ body: ([[SQLValue]]) throws -> Void) throws {
        var piece: [[SQLValue]] = []
        let width = table.columns.count
        let metric = table.metricColumn
        func take(_ row: any SQLRow) throws {
            var values = (0..<width).map { row.value($0) }
            if let metric, case .real(let value) = values[metric] { values[metric] = storedMetricValue(value) }
            piece.append(values)
            if piece.count == Self.piece {
                try body(piece)
                piece = []
            }
        }
        if dialect == .sqlite {
            try withStatement(table.inOrder) { try $0.forEachRow([]) { try take($0) } }
        } else {
            // The whole answer of a SELECT would come at once.
            try execute("DECLARE copied NO SCROLL CURSOR FOR \(table.inOrder)")
            var count = Self.piece
            while count == Self.piece {
                count = 0
                try withStatement("FETCH \(Self.piece) FROM copied") { statement in
                    try statement.forEachRow([]) { row in
                        count += 1
                        try take(row)
                    }
                }
            }
            try execute("CLOSE copied")
        }
        if !piece.isEmpty { try body(piece) }
    }
}

/// The same for both databases: -0 is 0 in SQLite, and NaN is a text there.
private func canonicalBytes(_ row: [SQLValue]) -> [UInt8] {
    var bytes: [UInt8] = []
    func append(_ tag: UInt8, _ content: some Collection<UInt8>) {
        bytes.append(tag)
        withUnsafeBytes(of: UInt64(content.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes += content
    }
    for value in row {
        switch value {
        case .null: bytes.append(0)
        case .integer(let number): withUnsafeBytes(of: number.littleEndian) { append(1, Array($0)) }
        case .real(let number):
            let bits = number == 0 ? 0 : number.bitPattern
            withUnsafeBytes(of: bits.littleEndian) { append(2, Array($0)) }
        case .text(let text): append(3, Array(text.utf8))
        case .blob(let content): append(4, content)
        }
    }
    return bytes
}
