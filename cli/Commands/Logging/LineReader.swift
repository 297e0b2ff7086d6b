import Glibc

/// Lines of standard input, as they come. The last one may lack its line break. A line has a limit: what is longer is
/// cut there, so that a file without lines does not fill the memory.
struct LineReader {
    private static let mostBytes = 16 << 20

    private var pending: [UInt8] = []
    /// Where in `pending` no line break was found yet.
    private var searched = 0
    private var isAtEnd = false

    mutating func next() -> [UInt8]? {
        while true {
            if let end = pending[searched...].firstIndex(of: 10) { return take(end, skipping: 1) }
            searched = pending.count
            if pending.count >= Self.mostBytes { return take(pending.count, skipping: 0) }
            if isAtEnd { return pending.isEmpty ? nil : take(pending.count, skipping: 0) }
            fill()
        }
    }

    private mutating func take(_ count: Int, skipping: Int) -> [UInt8] {
        let line = Array(pending[..<count])
        pending.removeFirst(count + skipping)
        searched = 0
        return line
    }

    private mutating func fill() {
        let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            var got = read(STDIN_FILENO, buffer.baseAddress, buffer.count)
            while got < 0, errno == EINTR { got = read(STDIN_FILENO, buffer.baseAddress, buffer.count) }
            count = max(0, got)
        }
        if piece.isEmpty { isAtEnd = true }
        pending += piece
    }
}
