import CPostgreSQL
import Glibc
import SQL

/// One connection to a server, used by one thread at a time.
///
/// `@unchecked Sendable`: only `PostgreSQLDatabase` makes them, and lends each to one body at a time.
final class PostgreSQLConnection: SQLConnection, @unchecked Sendable {
    private let handle: OpaquePointer
    private let database: String
    /// How often a text was run, and the name under which the server knows it.
    private var statements: [String: PostgreSQLStatement] = [:]
    private var preparedCount = 0
    var dialect: SQLDialect { .postgresql }

    private static let capacity = 300
    static let oldestServer = 13
    private static let patienceSeconds: Int32 = 5

    /// Connects, in a few seconds or not at all.
    init(_ address: PostgreSQLAddress) throws(PostgreSQLError) {
        database = address.description
        let settings = [
            ("application_name", "repro"), ("connect_timeout", "\(Self.patienceSeconds)"), ("client_encoding", "UTF8"),
            ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "30000"),
            // An answer must not depend on the settings of a server or a role. Never wait for ever for a lock.
            ("options", "-c lock_timeout=10000 -c timezone=UTC -c client_min_messages=warning"),
        ]
        let opened = withCStrings(settings.map(\.0)) { names in
            withCStrings(settings.map(\.1)) { values in CPQconnect(address.text, names, values, Self.patienceSeconds) }
        }
        guard let opened else { throw .unreachable(database: database, reason: "out of memory") }
        handle = opened
        // From here on `deinit` closes the handle, also when this throws.
        if CPQstatus(handle) != CONNECTION_OK { throw connectionError() }
        let version = Int(CPQserverVersion(handle)) / 10_000
        if version < Self.oldestServer { throw .tooOldServer(database: database, version: version) }
    }

    deinit {
        statements = [:]
        CPQfinish(handle)
    }

    var isUsable: Bool { CPQstatus(handle) == CONNECTION_OK }

    var isInTransaction: Bool { CPQtransactionStatus(handle) != PQTRANS_IDLE }

    func withStatement<T>(_ sql: String, _ body: (any SQLStatement) throws -> T) throws -> T {
        let statement: PostgreSQLStatement
        if let known = statements[sql] {
            statement = known
        } else {
            if statements.count >= Self.capacity { try forgetStatements() }
            preparedCount += 1
            statement = PostgreSQLStatement(sql, name: "s\(preparedCount)", connection: self)
            statements[sql] = statement
        }
        return try body(statement)
    }

    func executeScript(_ sql: String) throws { _ = try check(CPQexec(handle, sql), sql: sql) }

    /// Runs a statement without values that is not worth preparing: BEGIN, COMMIT.
    func command(_ sql: String) throws(PostgreSQLError) { _ = try check(CPQexec(handle, sql), sql: sql) }

    func prepare(_ sql: String, name: String) throws(PostgreSQLError) {
        _ = try check(CPQprepare(handle, name, sql), sql: sql)
    }

    /// `name` nil: not prepared.
    func run(_ sql: String, name: String?, _ values: [SQLValue]) throws(PostgreSQLError) -> PostgreSQLResult {
        let encoded = try EncodedValues(values, database: database)
        let result = encoded.withPointers { count, pointers, lengths, formats in
            if let name { return CPQexecPrepared(handle, name, count, pointers, lengths, formats) }
            return CPQexecParams(handle, sql, count, pointers, lengths, formats)
        }
        return try check(result, sql: sql)
    }

    private func forgetStatements() throws {
        statements = [:]
        try command("DEALLOCATE ALL")
    }

    private func check(_ result: OpaquePointer?, sql: String) throws(PostgreSQLError) -> PostgreSQLResult {
        guard let result else { throw connectionError() }
        let answer = PostgreSQLResult(result)
        switch answer.status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return answer
        default:
            // Without a code it is libpq that speaks, of a connection that broke, though its status may not say so yet.
            throw PostgreSQLError(state: answer.state, reason: answer.reason, sql: sql, database: database)
        }
    }

    private func connectionError() -> PostgreSQLError {
        let text = String(cString: CPQerrorMessage(handle))
        // While it connects the server's words are all there is, in its language; the code is among them.
        for line in text.split(whereSeparator: \.isNewline) {
            guard let (state, reason) = refusal(line) else { continue }
            return PostgreSQLError(state: state, reason: reason, sql: "connect", database: database)
        }
        let words = text.split(whereSeparator: \.isNewline).last.map(String.init) ?? "no answer in time"
        return .unreachable(database: database, reason: words)
    }
}

/// The code and the reason of a line such as `… failed: FATAL:  57P03: the database system is starting up`.
private func refusal(_ line: Substring) -> (state: String, reason: String)? {
    let parts = line.split(separator: ":  ", maxSplits: 1)
    guard parts.count == 2, parts[1].dropFirst(5).hasPrefix(": ") else { return nil }
    let state = parts[1].prefix(5)
    guard state.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }) else { return nil }
    return (String(state), String(parts[1].dropFirst(7)))
}

/// A statement of a connection. The first time it runs unprepared: most texts that are made up come once.
final class PostgreSQLStatement: SQLStatement {
    private let sql: String
    private let name: String
    private unowned let connection: PostgreSQLConnection
    private var uses = 0

    init(_ sql: String, name: String, connection: PostgreSQLConnection) {
        self.sql = numberedPlaces(sql)
        self.name = name
        self.connection = connection
    }

    @discardableResult
    func run(_ values: [SQLValue], _ body: (any SQLRow) throws -> Bool) throws -> Int {
        if uses == 1 { try connection.prepare(sql, name: name) }
        let result = try connection.run(sql, name: uses == 0 ? nil : name, values)
        uses = min(uses + 1, 2)
        try result.forEachRow(body)
        return result.changedRowCount
    }
}

/// `?` as `$1`, `$2`… and `?3` as `$3`, outside of quotes.
func numberedPlaces(_ sql: String) -> String {
    var result: [UInt8] = []
    var quote: UInt8?
    var last = 0
    var bytes = Array(sql.utf8)[...]
    while let byte = bytes.popFirst() {
        if let open = quote {
            if byte == open { quote = nil }
        } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
            quote = byte
        } else if byte == UInt8(ascii: "?") {
            let digits = bytes.prefix { (48...57).contains($0) }
            bytes = bytes.dropFirst(digits.count)
            last = Int(String(decoding: digits, as: UTF8.self)) ?? last + 1
            result += Array("$\(last)".utf8)
            continue
        }
        result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
}

/// Values as libpq wants them: texts, that end with a zero, and bytes as they are.
private struct EncodedValues {
    private var storage: [UInt8] = []
    /// Nil: NULL.
    private var starts: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ values: [SQLValue], database: String) throws(PostgreSQLError) {
        for value in values {
            switch value {
            case .null: appendNull()
            case .integer(let number): append(String(number).utf8)
            // As in SQLite: NULL is what NaN is.
            case .real(let number) where number.isNaN: appendNull()
            case .real(let number):
                append((number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : number.description).utf8)
            case .text(let text):
                if text.utf8.contains(0) { throw .unusableText(database: database, reason: "it has a NUL character") }
                append(text.utf8)
            case .blob(let bytes): append(bytes, isBinary: true)
            }
        }
    }

    private mutating func append(_ bytes: some Collection<UInt8>, isBinary: Bool = false) {
        starts.append(storage.count)
        lengths.append(Int32(clamping: bytes.count))
        formats.append(isBinary ? 1 : 0)
        storage += bytes
        storage.append(0)
    }

    private mutating func appendNull() {
        starts.append(nil)
        lengths.append(0)
        formats.append(0)
    }

    func withPointers(
        _ body: (
            Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> OpaquePointer?
    ) -> OpaquePointer? {
        storage.withUnsafeBytes { storage in
            let base = storage.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers = starts.map { start in start.flatMap { base?.advanced(by: $0) } }
            return pointers.withUnsafeBufferPointer { pointers in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        body(Int32(pointers.count), pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}

/// Texts as a list of C strings that ends with null.
private func withCStrings<T>(_ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> T) -> T {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    var pointers = copies.map { $0.map { UnsafePointer<CChar>($0) } }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { buffer in
        withUnsafePointer(to: nil as UnsafePointer<CChar>?) { none in body(buffer.baseAddress ?? none) }
    }
}
