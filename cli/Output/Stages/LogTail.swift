/// The last lines of what a stage wrote, and the line that it is writing now.
///
/// A carriage return begins the line anew, as a terminal does: of a progress bar only its last state is kept.
struct LogTail {
    /// The oldest first; at most `LogTail.lineLimit`.
    private(set) var lines: [String] = []
    private var partial: [UInt8] = []

    static let lineLimit = 10
    /// A line without end is cut here.
    private static let lineBytes = 4096

    /// Takes in what came and returns the lines that it completes.
    mutating func append(_ bytes: [UInt8]) -> [String] {
        var completed: [String] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            extendPartial(rest[..<end])
            completed.append(text)
            partial.removeAll(keepingCapacity: true)
            rest = rest[(end + 1)...]
        }
        extendPartial(rest)
        lines = Array((lines + completed).suffix(Self.lineLimit))
        return completed
    }

    /// What a person would see at the cursor: the unfinished line, or else the last one.
    var current: String { partial.isEmpty ? lines.last ?? "" : text }

    /// The last lines, with the unfinished one.
    var all: [String] { partial.isEmpty ? lines : Array((lines + [text]).suffix(Self.lineLimit)) }

    private var text: String {
        let segment = partial.split(separator: UInt8(ascii: "\r")).last ?? []
        return printable(String(decoding: segment, as: UTF8.self))
    }

    private mutating func extendPartial(_ bytes: ArraySlice<UInt8>) {
        // Only the last state of a progress bar is needed; the separator stays, for what follows replaces what is there.
        if let start = bytes.dropLast().lastIndex(of: UInt8(ascii: "\r")) {
            partial = Array(bytes[start...].prefix(Self.lineBytes))
        } else if partial.last == UInt8(ascii: "\r"), !bytes.isEmpty {
            partial = Array(bytes.prefix(Self.lineBytes))
        } else {
            partial += bytes.prefix(Self.lineBytes - min(Self.lineBytes, partial.count))
        }
    }
}
