import Diagnostics
import HTTP

extension Timestamp {
    /// From `2026-11-21T10:20:30.123Z`, as clouds write it; nil for anything else. Reads UTC only.
    init?(iso8601 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z") else { return nil }
        let numbers = text.dropLast().split { !$0.isNumber }.map { Int64($0) ?? -1 }
        guard numbers.count == 6 || numbers.count == 7, !numbers.contains(-1), (1...12).contains(numbers[1]) else {
            return nil
        }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let clock = numbers[3..<6].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        let date = "Day, \(numbers[2]) \(months[Int(numbers[1]) - 1]) \(numbers[0]) \(clock) GMT"
        guard let seconds = HTTPDate(parsing: date)?.secondsSince1970 else { return nil }
        self.init(milliseconds: seconds * 1000)
    }
}
