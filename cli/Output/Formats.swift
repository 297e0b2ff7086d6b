import Diagnostics
import Glibc
import JSON

/// Values as people read them. Nothing here is meant to be parsed: `--json` has the exact values.
enum Formats {
    /// `40 ms`, `1.23 s`, `13.7 s`, `1 m 05 s`, `2 h 03 m`, `3 d 04 h`.
    static func duration(milliseconds: Int64) -> String {
        let seconds = (milliseconds + 500) / 1000
        switch milliseconds {
        case ..<995: return "\(max(0, milliseconds)) ms"
        case ..<9950: return fixed(Double(milliseconds) / 1000, digits: 2) + " s"
        case ..<59950: return fixed(Double(milliseconds) / 1000, digits: 1) + " s"
        case ..<3_599_500: return "\(seconds / 60) m \(twoDigits(seconds % 60)) s"
        case ..<86_370_000: return "\((seconds + 30) / 3600) h \(twoDigits((seconds + 30) / 60 % 60)) m"
        default: return "\((seconds + 1800) / 86400) d \(twoDigits((seconds + 1800) / 3600 % 24)) h"
        }
    }

    /// Whole milliseconds.
    static func milliseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
    }

    /// In powers of 1024, three significant digits: `512 B`, `1.50 KiB`, `29.3 MiB`.
    static func bytes(_ count: UInt64) -> String {
        if count < 1024 { return "\(count) B" }
        var value = Double(count)
        var units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][...]
        while value >= 999.5, units.count > 1 {
            value /= 1024
            units = units.dropFirst()
        }
        let digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0
        return "\(fixed(value, digits: digits)) \(units.first ?? "B")"
    }

    /// `just now`, `5 min ago`, `3 h ago`, `yesterday`, `12 d ago`, or the date.
    static func age(of moment: Timestamp, at now: Timestamp) -> String {
        let seconds = now.milliseconds(since: moment) / 1000
        switch seconds {
        case ..<0: return date(moment)
        case ..<10: return "just now"
        case ..<60: return "\(seconds) s ago"
        case ..<3600: return "\(seconds / 60) min ago"
        case ..<86400: return "\(seconds / 3600) h ago"
        case ..<172_800: return "yesterday"
        case ..<2_592_000: return "\(seconds / 86400) d ago"
        default: return date(moment)
        }
    }

    /// `2026-11-21`.
    static func date(_ moment: Timestamp) -> String { String(moment.description.prefix(10)) }

    /// Six significant digits at most: `0.291845`, `5000`, `1e-07`, `NaN`, `inf`.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        return formatted("%.6g", value)
    }

    /// A param's value: text without quotes, lists and mappings as JSON.
    static func value(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .number(let number): self.number(number)
        default: value.text()
        }
    }

    /// With its sign: `+0.0043`, `-3`, `±0`.
    static func delta(_ value: Double) -> String {
        if value == 0 { return "±0" }
        if value.isNaN { return "NaN" }
        return formatted("%+.4g", value)
    }

    /// `1 run`, `2 runs`.
    static func count(_ count: Int, _ noun: String, plural: String? = nil) -> String {
        "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
    }

    static func fixed(_ value: Double, digits: Int) -> String { formatted("%.\(digits)f", value) }

    private static func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

    /// The C library's format of one number. 400 bytes hold the longest, `%.2f` of the greatest double.
    private static func formatted(_ format: String, _ value: Double) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
            let length = withVaList([value]) { vsnprintf(buffer.baseAddress, buffer.count, format, $0) }
            let bytes = buffer.prefix(max(0, min(Int(length), buffer.count - 1))).map { UInt8(bitPattern: $0) }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}

/// A word as it is typed in a shell: in quotes if it holds more than plain letters.
func shellQuoted(_ word: String) -> String {
    let plain = "_-./=:,@%+"
    if !word.isEmpty, word.allSatisfy({ $0.isLetter || $0.isNumber || plain.contains($0) }) { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
