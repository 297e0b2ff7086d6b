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

    private var pending: [UInt8] = []
    private(set) var number = 0
    /// A line that was too long goes on.
    private var isSkipping = false

    /// Calls `body` with each line that has ended, without its end; nil stands for one that is too long.
    mutating func cut(_ bytes: [UInt8], _ body: (_ line: ArraySlice<UInt8>?, _ number: Int) -> Void) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 10) {
            number += 1
            if isSkipping {
                isSkipping = false
            } else if pending.isEmpty {
                body(trimmed(rest[..<end]), number)
            } else {
                pending += rest[..<end]
                body(trimmed(pending[...]), number)
                pending.removeAll(keepingCapacity: true)
            }
            rest = rest[(end + 1)...]
        }
        if isSkipping { return }
        pending += rest
        if pending.count > Self.mostBytes {
            body(nil, number + 1)
            pending = []
            isSkipping = true
        }
    }

    /// The line that never ended.
    mutating func finish(_ body: (_ line: ArraySlice<UInt8>?, _ number: Int) -> Void) {
        if pending.isEmpty { return }
        number += 1
        body(trimmed(pending[...]), number)
        pending = []
    }

    private func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> { line.last == 13 ? line.dropLast() : line }
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
