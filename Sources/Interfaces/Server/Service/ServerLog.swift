package import Diagnostics
import HTTP
import MicroHTTPD

/// Where the server says what it does. Never holds a token, a query or a body.
package struct ServerLog: Sendable {
    private let accessLine: (@Sendable (String) -> Void)?
    private let problemLine: @Sendable (String) -> Void
    private let clock: Clock

    /// `access` nil: requests are not logged.
    package init(
        access: (@Sendable (String) -> Void)?, problem: @escaping @Sendable (String) -> Void, clock: Clock = .system
    ) {
        accessLine = access
        problemLine = problem
        self.clock = clock
    }

    func problem(_ text: String) { problemLine("\(clock.now()) \(text)") }

    /// `2026-11-21T10:20:30.123Z 127.0.0.1 POST /api/… 200 1234 0.52ms`
    func access(_ exchange: CompletedExchange) {
        guard let accessLine else { return }
        let request = exchange.head.map { "\($0.peer) \($0.method.rawValue) \($0.path)" } ?? "- - -"
        let tenths = Int64(exchange.duration / .microseconds(10))
        let milliseconds = "\(tenths / 100).\(tenths % 100 < 10 ? "0" : "")\(tenths % 100)ms"
        let end = exchange.wasSentWhole ? "" : " cut"
        accessLine("\(clock.now()) \(request) \(exchange.status) \(exchange.sentBytes) \(milliseconds)\(end)")
    }
}
