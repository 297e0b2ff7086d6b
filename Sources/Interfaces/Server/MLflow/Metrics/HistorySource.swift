import Experiments
import HTTP
import MicroHTTPD
import Synchronization

/// A long series as MLflow's JSON, made while it is sent: a million points would be a hundred megabytes of text.
final class HistorySource: ReplySource {
    /// So many are written at once.
    static let fewPoints = 5000

    private struct State {
        var nextPart = 0
        /// Points that are left out before the page, and those that are left in it.
        var skipped: Int
        var left: Int
        var isFirst = true
        var isAtEnd = false
        /// Written, and not sent yet.
        var bytes: [UInt8] = Array("{\"metrics\":[".utf8)
        var sent = 0
    }

    private let key: String
    private let parts: SeriesParts
    private let end: [UInt8]
    private let state: Mutex<State>

    /// The points by step, and so by time, too.
    static func reply(_ key: String, _ parts: SeriesParts, offset: Int, limit: Int?) throws -> Reply {
        let total = try parts.pointCount()
        if offset >= total { return .emptyObject }
        let count = min(limit ?? total, total - offset)
        let source = HistorySource(key, parts, offset: offset, count: count, hasMore: offset + count < total)
        return Reply(
            .ok, headers: ["Content-Type": "application/json"], body: .source(source, sizeBytes: nil))
    }

    private init(_ key: String, _ parts: SeriesParts, offset: Int, count: Int, hasMore: Bool) {
        self.key = key
        self.parts = parts
        end = Array((hasMore ? "],\"next_page_token\":\"\(PageToken.make(offset + count))\"}" : "]}").utf8)
        state = Mutex(State(skipped: offset, left: count))
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try state.withLock { state in
            while state.sent == state.bytes.count, !state.isAtEnd { try write(&state) }
            let count = min(buffer.count, state.bytes.count - state.sent)
            buffer.copyBytes(from: state.bytes[state.sent..<state.sent + count])
            state.sent += count
            return count
        }
    }

    /// The next points, or the end.
    private func write(_ state: inout State) throws {
        state.sent = 0
        guard state.left > 0, state.nextPart < parts.partCount else {
            state.isAtEnd = true
            state.bytes = end
            return
        }
        let part = try parts.part(state.nextPart)
        state.nextPart += 1
        let first = min(state.skipped, part.count)
        let count = min(state.left, part.count - first)
        state.skipped -= first
        state.left -= count
        var writer = JSONWriter(capacity: count * 90 + 1)
        for index in first..<first + count { writer.metric(key, part[index]) }
        state.bytes = state.isFirst || count == 0 ? writer.bytes : [UInt8(ascii: ",")] + writer.bytes
        if count > 0 { state.isFirst = false }
    }
}

extension SeriesParts {
    /// Whether the order of steps is that of time, too.
    func isByTime() throws -> Bool {
        var last = Int64.min
        for index in 0..<partCount {
            for time in try part(index).times {
                if time < last { return false }
                last = time
            }
        }
        return true
    }
}
