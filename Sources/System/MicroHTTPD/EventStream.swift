import CMicroHTTPD
import Synchronization

/// One listener of server-sent events: what is sent to it waits in a bounded queue until the connection takes it.
package final class EventStream: Sendable {
    /// A listener that is so far behind is cut off; it will connect again and ask for what it missed.
    package static let maximumQueuedBytes = 1 << 20

    private struct State {
        var queue: [UInt8] = []
        var isClosed = false
        var isGone = false
        /// Suspended, because the queue was empty.
        var waiting: ConnectionHandle?
        var connection: ConnectionHandle?
        var lastSent = ContinuousClock.now
    }

    private let state: Mutex<State>

    package init() { state = Mutex(State()) }

    /// Whether anyone still listens.
    package var isOpen: Bool { state.withLock { !$0.isClosed && !$0.isGone } }

    /// Sends one event. `data` may have several lines. Never waits.
    package func send(event: String? = nil, id: String? = nil, data: String) {
        var text = ""
        if let id { text += "id: \(Self.oneLine(id))\n" }
        if let event { text += "event: \(Self.oneLine(event))\n" }
        for line in data.split(separator: "\n", omittingEmptySubsequences: false) { text += "data: \(line)\n" }
        append(text + "\n")
    }

    /// What is queued is still sent; then the connection ends.
    package func close() { change { $0.isClosed = true } }

    func sendComment(ifSilentSince moment: ContinuousClock.Instant) {
        if state.withLock({ $0.lastSent < moment }) { append(":\n\n") }
    }

    private func append(_ text: String) {
        change { state in
            if state.isClosed || state.isGone { return }
            state.queue += text.utf8
            state.lastSent = .now
            if state.queue.count > Self.maximumQueuedBytes { state.isClosed = true }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            // Inside the lock: afterwards the connection may be gone.
            if let waiting = state.waiting {
                state.waiting = nil
                mhd_resume(waiting.pointer)
            }
        }
    }

    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }

    // MARK: The connection's side

    func attach(to connection: ConnectionHandle) { state.withLock { $0.connection = connection } }

    /// As the library's reader: suspends the connection when there is nothing to send.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        state.withLock { state in
            if state.queue.isEmpty {
                if state.isClosed { return Int(mhdReaderEnd) }
                state.waiting = state.connection
                if let connection = state.connection { mhd_suspend(connection.pointer) }
                return 0
            }
            let count = min(buffer.count, state.queue.count)
            state.queue.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            state.queue.removeFirst(count)
            return count
        }
    }

    func detach() {
        state.withLock { state in
            state.isGone = true
            state.waiting = nil
            state.connection = nil
        }
    }
}

/// The library's handle of a connection. It is valid from the request's begin to its end, and the library may be
/// called with it from any thread, hence `@unchecked Sendable`.
struct ConnectionHandle: @unchecked Sendable {
    let pointer: OpaquePointer
}

let mhdReaderEnd = -1
let mhdReaderFailed = -2
