import CSQLite
import SQL

/// A prepared statement of a connection, and the row that it stands at.
final class Statement: SQLStatement, SQLRow {
    private let handle: OpaquePointer
    private let connection: OpaquePointer
    private let path: String

    init(handle: OpaquePointer, connection: OpaquePointer, path: String) {
        self.handle = handle
        self.connection = connection
        self.path = path
    }

    deinit { sqlite3_finalize(handle) }

    @discardableResult
    func run(_ values: [SQLValue], _ body: (any SQLRow) throws -> Bool) throws -> Int {
        try bind(values)
        defer { sqlite3_reset(handle) }
        while try step() {
            if try !body(self) { return 0 }
        }
        return Int(sqlite3_changes64(connection))
    }

    func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }

    func double(_ column: Int) -> Double { sqlite3_column_double(handle, Int32(column)) }

    func text(_ column: Int) -> String {
        guard let text = sqlite3_column_text(handle, Int32(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }

    func bytes(_ column: Int) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, Int32(column)) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }

    /// The value with the type that it is stored with.
    func value(_ column: Int) -> SQLValue {
        switch sqlite3_column_type(handle, Int32(column)) {
        case SQLITE_INTEGER: .integer(integer(column))
        case SQLITE_FLOAT: .real(double(column))
        case SQLITE_TEXT: .text(text(column))
        case SQLITE_BLOB: .blob(bytes(column))
        default: .null
        }
    }

    func bind(_ values: [SQLValue]) throws(DatabaseError) {
        let expected = Int(sqlite3_bind_parameter_count(handle))
        precondition(values.count == expected, "\(values.count) values for \(expected) places")
        for (index, value) in values.enumerated() { try bind(value, at: Int32(index + 1)) }
    }

    /// Moves to the next row; false at the end.
    func step() throws(DatabaseError) -> Bool {
        let code = sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let error = failure(code)
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Forgets the values too, so that a large blob is not kept in the cache.
    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    private func bind(_ value: SQLValue, at index: Int32) throws(DatabaseError) {
        let code: Int32
        switch value {
        case .null: code = sqlite3_bind_null(handle, index)
        case .integer(let number): code = sqlite3_bind_int64(handle, index, number)
        case .real(let number): code = sqlite3_bind_double(handle, index, number)
        case .text(var text):
            code = text.withUTF8 { buffer in
                buffer.withMemoryRebound(to: CChar.self) {
                    // A null pointer would bind NULL, not the empty text.
                    $0.baseAddress.map { sqlite_bind_text_copy(handle, index, $0, UInt64(buffer.count)) }
                        ?? sqlite_bind_text_copy(handle, index, "", 0)
                }
            }
        case .blob(let bytes):
            code = bytes.withUnsafeBytes { buffer in
                buffer.isEmpty
                    ? sqlite3_bind_zeroblob(handle, index, 0)
                    : sqlite_bind_blob_copy(handle, index, buffer.baseAddress, UInt64(buffer.count))
            }
        }
        if code != SQLITE_OK { throw failure(code) }
    }

    private func failure(_ code: Int32) -> DatabaseError {
        lastError(code, connection: connection, path: path, sql: String(cString: sqlite3_sql(handle)))
    }
}
