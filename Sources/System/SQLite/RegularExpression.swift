import CSQLite
import Glibc

/// A POSIX extended regular expression; what the operator `REGEXP` of every connection understands.
///
/// POSIX and not a richer kind, because it is matched without backtracking: a pattern from outside cannot make a query
/// run for ever. Back-references, which need it, are refused, and so are repetitions that multiply beyond reason.
/// `\d` is understood; `.` is one character of UTF-8, not one byte.
///
/// `@unchecked Sendable`: regexec may be called by several threads with one compiled expression, which is never
/// changed after it was made.
package final class RegularExpression: @unchecked Sendable {
    private static let maximumLength = 1000
    private static let maximumRepetition = 1000

    private let compiled: UnsafeMutablePointer<regex_t>

    package init(_ pattern: String) throws(RegularExpressionError) {
        let text = try Self.translated(pattern)
        let memory = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
        memory.initialize(to: regex_t())
        let code = withUTF8Locale { regcomp(memory, text, REG_EXTENDED | REG_NOSUB) }
        if code != 0 {
            var reason = [CChar](repeating: 0, count: 200)
            regerror(code, memory, &reason, reason.count)
            memory.deallocate()
            let bytes = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw RegularExpressionError(reason: String(decoding: bytes, as: UTF8.self).lowercased())
        }
        compiled = memory
    }

    deinit {
        regfree(compiled)
        compiled.deallocate()
    }

    /// Whether the expression is found anywhere in `text`.
    package func matches(_ text: String) -> Bool {
        text.withCString { matches($0) }
    }

    fileprivate func matches(_ text: UnsafePointer<CChar>) -> Bool {
        withUTF8Locale { regexec(compiled, text, 0, nil, 0) } == 0
    }

    /// The pattern as the C library understands it, if it is within bounds.
    private static func translated(_ pattern: String) throws(RegularExpressionError) -> String {
        if pattern.utf8.count > maximumLength {
            throw RegularExpressionError(reason: "longer than \(maximumLength) bytes")
        }
        var result = ""
        var repetition = 1
        var rest = Substring(pattern)
        while let character = rest.popFirst() {
            if character == "\0" { throw RegularExpressionError(reason: "holds a NUL character") }
            if character == "{" {
                let count = rest.prefix { $0 != "}" }.split(separator: ",").compactMap { Int($0) }.max() ?? 1
                repetition = repetition.multipliedReportingOverflow(by: max(1, count)).partialValue
                if !(1...maximumRepetition).contains(repetition) || count > maximumRepetition {
                    throw RegularExpressionError(reason: "repeats more than \(maximumRepetition) times")
                }
            }
            guard character == "\\", let escaped = rest.popFirst() else {
                result.append(character)
                continue
            }
            switch escaped {
            case "d": result += "[[:digit:]]"
            case "D": result += "[^[:digit:]]"
            case "1"..."9": throw RegularExpressionError(reason: "back-references are not supported")
            default: result += "\\\(escaped)"
            }
        }
        return result
    }
}

/// Why a pattern is not a regular expression.
package struct RegularExpressionError: Error, Equatable {
    package let reason: String
}

/// Gives a connection the operator REGEXP.
func defineRegularExpressions(_ connection: OpaquePointer) -> Int32 {
    sqlite3_create_function_v2(
        connection, "regexp", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nil, matchInQuery, nil, nil, nil)
}

/// `text REGEXP pattern`. The compiled pattern is kept with the statement for the rows that follow.
private func matchInQuery(
    _ context: OpaquePointer?, _ count: Int32, _ arguments: UnsafeMutablePointer<OpaquePointer?>?
) {
    guard let arguments, let text = sqlite3_value_text(arguments[1]) else { return sqlite3_result_null(context) }
    let expression: RegularExpression
    if let kept = sqlite3_get_auxdata(context, 0) {
        expression = Unmanaged<RegularExpression>.fromOpaque(kept).takeUnretainedValue()
    } else {
        let pattern = sqlite3_value_text(arguments[0]).map { String(cString: $0) } ?? ""
        do throws(RegularExpressionError) {
            expression = try RegularExpression(pattern)
        } catch {
            return sqlite3_result_error(context, "regular expression: \(error.reason)", -1)
        }
        sqlite3_set_auxdata(context, 0, Unmanaged.passRetained(expression).toOpaque(), releaseExpression)
    }
    let found = text.withMemoryRebound(to: CChar.self, capacity: 1) { expression.matches($0) }
    sqlite3_result_int(context, found ? 1 : 0)
}

private func releaseExpression(_ pointer: UnsafeMutableRawPointer?) {
    if let pointer { Unmanaged<RegularExpression>.fromOpaque(pointer).release() }
}

/// Made once and never freed. `nonisolated(unsafe)`: a locale object is not changed after it was made.
private nonisolated(unsafe) let utf8Locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)

/// The C library takes bytes for characters unless this thread's locale says otherwise.
private func withUTF8Locale<T>(_ body: () -> T) -> T {
    let previous = uselocale(utf8Locale)
    defer { _ = uselocale(previous) }
    return body()
}
