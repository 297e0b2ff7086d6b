import CSQLite
import SQL

/// A copy of a database that others go on writing to.
extension Connection {
    private static var pagesAtOnce: Int32 { 1000 }

    func backUp(to path: [UInt8], progress: (_ done: Int, _ total: Int) -> Void) throws {
        let target = try Connection.open(
            path: path, options: DatabaseOptions(access: .readWriteCreate, durability: .full))
        // The moment: with a reader's transaction open, what others write does not make the copy begin again.
        try execute("BEGIN")
        defer { _ = try? execute("COMMIT") }
        let pageBytes = try first("PRAGMA page_size") { Int($0.integer(0)) } ?? 0
        _ = try first("SELECT count(*) FROM sqlite_schema") { $0.integer(0) }
        guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else {
            throw lastError(sqlite3_errcode(target.handle), connection: target.handle, path: target.path, sql: nil)
        }
        var code = SQLITE_OK
        while code == SQLITE_OK {
            code = sqlite3_backup_step(backup, Self.pagesAtOnce)
            let total = Int(sqlite3_backup_pagecount(backup))
            progress((total - Int(sqlite3_backup_remaining(backup))) * pageBytes, total * pageBytes)
        }
        sqlite3_backup_finish(backup)
        if code != SQLITE_DONE { throw lastError(code, connection: target.handle, path: target.path, sql: nil) }
        // One file, without a log beside it, that any program can take away.
        try target.executeScript("PRAGMA journal_mode = DELETE")
    }
}
