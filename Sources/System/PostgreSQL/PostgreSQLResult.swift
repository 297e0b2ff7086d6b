import CPostgreSQL
import SQL

/// What a statement answered: all of its rows, one of which is looked at. Values come in binary form.
final class PostgreSQLResult: SQLRow {
    private let handle: OpaquePointer
    private var row: Int32 = 0

    /// Takes the handle over.
    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { CPQclear(handle) }

    var status: ExecStatusType { CPQresultStatus(handle) }
    var state: String? { CPQresultState(handle).map { String(cString: $0) } }
    var reason: String { CPQresultMessage(handle).map { String(cString: $0) } ?? "" }
    var changedRowCount: Int { Int(String(cString: CPQcmdTuples(handle))) ?? 0 }

    /// Lends each row, until `body` answers false.
    func forEachRow(_ body: (any SQLRow) throws -> Bool) throws {
        for index in 0..<CPQntuples(handle) {
            row = index
            if try !body(self) { return }
        }
    }

    func integer(_ column: Int) -> Int64 {
        switch type(column) {
        case .boolean: return bytes(column).first == 1 ? 1 : 0
        case .int2: return Int64(load(Int16.self, column))
        case .int4: return Int64(load(Int32.self, column))
        case .int8: return load(Int64.self, column)
        case .float4, .float8: return Int64(exactly: double(column).rounded(.towardZero)) ?? 0
        case .bytes, .text: return 0
        }
    }

    func double(_ column: Int) -> Double {
        switch type(column) {
        case .float4: return Double(Float(bitPattern: load(UInt32.self, column)))
        case .float8: return Double(bitPattern: load(UInt64.self, column))
        default: return Double(integer(column))
        }
    }

    func text(_ column: Int) -> String { withBytes(column) { String(decoding: $0, as: UTF8.self) } }

    func bytes(_ column: Int) -> [UInt8] { withBytes(column) { Array($0) } }

    func isNull(_ column: Int) -> Bool { CPQgetisnull(handle, row, Int32(column)) != 0 }

    func value(_ column: Int) -> SQLValue {
        if isNull(column) { return .null }
        switch type(column) {
        case .boolean, .int2, .int4, .int8: return .integer(integer(column))
        case .float4, .float8: return .real(double(column))
        case .bytes: return .blob(bytes(column))
        case .text: return .text(text(column))
        }
    }

    private enum ValueType { case boolean, bytes, int2, int4, int8, float4, float8, text }

    /// The numbers of types never change.
    private func type(_ column: Int) -> ValueType {
        switch CPQftype(handle, Int32(column)) {
        case 16: .boolean
        case 17: .bytes
        case 20: .int8
        case 21: .int2
        case 23: .int4
        case 700: .float4
        case 701: .float8
        default: .text
        }
    }

    private func withBytes<T>(_ column: Int, _ body: (UnsafeRawBufferPointer) -> T) -> T {
        let start = CPQgetvalue(handle, row, Int32(column))
        let count = start == nil ? 0 : Int(CPQgetlength(handle, row, Int32(column)))
        return body(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// 0 for a NULL.
    private func load<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, _ column: Int) -> Number {
        withBytes(column) { bytes in
            bytes.count < MemoryLayout<Number>.size ? 0 : Number(bigEndian: bytes.loadUnaligned(as: type))
        }
    }
}
