import Glibc
import Synchronization

/// Standard output or standard error: what it is connected to, and the bytes on their way there.
///
/// Writing never throws. A reader that went away (`repro runs | head`) makes the rest be dropped in silence: what a
/// command does matters more than who listens. Any other failure, such as a full disk, is kept for the end of the
/// program, which then reports it.
final class TextStream: Sendable {
    let palette: Palette
    /// Whether a person is watching: progress and live views are drawn only then.
    let isTerminal: Bool
    private let descriptor: Int32
    private let state = Mutex(State())

    private struct State {
        var buffer: [UInt8] = []
        /// The first errno of a failed write.
        var failure: Int32?
    }

    private static let bufferBytes = 1 << 16

    init(descriptor: Int32, isTerminal: Bool, isColored: Bool) {
        self.descriptor = descriptor
        self.isTerminal = isTerminal
        palette = Palette(isColored: isColored)
    }

    /// Standard output or error with colours if it is a terminal that has them and nobody asked for none.
    convenience init(descriptor: Int32, environment: [String: String], allowsColor: Bool) {
        let isTerminal = isatty(descriptor) == 1
        let isDumb = environment["TERM"] == "dumb"
        let noColor = !(environment["NO_COLOR"] ?? "").isEmpty
        self.init(
            descriptor: descriptor, isTerminal: isTerminal && !isDumb,
            isColored: isTerminal && !isDumb && !noColor && allowsColor)
    }

    /// Columns of the terminal now; nil if this is none: nothing is cut then.
    var width: Int? {
        guard isTerminal else { return nil }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Lines of the terminal now.
    var height: Int? {
        guard isTerminal else { return nil }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return 24 }
        return Int(size.ws_row)
    }

    func line(_ text: String = "") { write(text + "\n") }

    func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            state.withLock { state in
                state.buffer.append(contentsOf: bytes)
                if state.buffer.count >= Self.bufferBytes { flush(&state) }
            }
        }
    }

    func write(bytes: some Sequence<UInt8>) {
        state.withLock { state in
            state.buffer.append(contentsOf: bytes)
            if state.buffer.count >= Self.bufferBytes { flush(&state) }
        }
    }

    func paint(_ text: String, _ style: Style) -> String { palette.paint(text, style) }

    /// Sends all that was written; returns the errno of the first write that failed so far, except for a reader that
    /// went away.
    @discardableResult
    func flush() -> Int32? {
        state.withLock { state in
            flush(&state)
            return state.failure == EPIPE ? nil : state.failure
        }
    }

    private func flush(_ state: inout State) {
        defer { state.buffer.removeAll(keepingCapacity: true) }
        if state.failure != nil { return }
        var sent = 0
        while sent < state.buffer.count {
            let count = state.buffer.withUnsafeBytes { bytes -> (written: Int, errno: Int32) in
                let written = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
                return (written, errno)
            }
            if count.written >= 0 {
                sent += count.written
            } else if count.errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&waiting, 1, -1)
            } else if count.errno != EINTR {
                state.failure = count.errno
                return
            }
        }
    }
}
