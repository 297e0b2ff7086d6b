package import Diagnostics

/// A measurement that was found in a file which a stage writes.
package struct FollowedPoint: Sendable, Equatable {
    package var key: String
    package var value: Double
    package var step: Int64
    /// Nil: the file does not say.
    package var timestamp: Timestamp?

    package init(key: String, value: Double, step: Int64, timestamp: Timestamp? = nil) {
        self.key = key
        self.value = value
        self.step = step
        self.timestamp = timestamp
    }
}

/// Reads a file that grows: is given what is new of it, and answers the points that are whole.
///
/// What does not end yet is kept for the next time. What cannot be read is a mistake in words, and is passed over.
protocol MetricFormat: Sendable {
    mutating func read(_ bytes: [UInt8]) -> [FollowedPoint]
    /// Nothing more comes: what is left is as long as it will be.
    mutating func finish() -> [FollowedPoint]
    /// What could not be read since the last call.
    mutating func takeMistakes() -> [String]
}

/// Cuts what comes into lines; the last one waits for its end.
struct LineCutter: Sendable {
    /// A file without lines must not fill the memory.
    static let mostBytes = 1 << 20

    struct Line: Sendable {
        /// Without its end; nil for one that is too long.
        let text: ArraySlice<UInt8>?
        let number: Int
    }

    private var pending: [UInt8] = []
    private var number = 0
    /// A line that was too long goes on.
    private var isSkipping = false

    /// The lines that have ended now.
    mutating func cut(_ bytes: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 10) {
            number += 1
            if isSkipping {
                isSkipping = false
            } else {
                lines.append(line(pending.isEmpty ? rest[..<end] : pending[...] + rest[..<end]))
                pending = []
            }
            rest = rest[(end + 1)...]
        }
        if isSkipping { return lines }
        pending += rest
        if pending.count > Self.mostBytes {
            lines.append(Line(text: nil, number: number + 1))
            pending = []
            isSkipping = true
        }
        return lines
    }

    /// The line that never ended.
    mutating func finish() -> [Line] {
        if pending.isEmpty { return [] }
        number += 1
        defer { pending = [] }
        return [line(pending[...])]
    }

    private func line(_ text: ArraySlice<UInt8>) -> Line {
        Line(text: text.last == 13 ? text.dropLast() : text, number: number)
    }
}

/// Names under which programs write how far they are.
let stepNames: Set<String> = ["step", "epoch", "iteration", "iter", "global_step", "steps", "index", ""]

/// A number as programs write it: `0.5`, `1e-3`, `nan`, `-inf`, `Infinity`.
func measuredNumber(_ text: some StringProtocol) -> Double? {
    if text.isEmpty { return nil }
    // `Double` also reads hexadecimal numbers, which are more often names of something.
    if text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "x") }) { return nil }
    return Double(text)
}
