import HTTP
import MicroHTTPD
import Synchronization

/// What Prometheus asks at `/metrics`.
final class ServerCounters: Sendable {
    private struct Key: Hashable {
        let method: String
        let status: Int
    }

    private struct State {
        var requests: [Key: Int] = [:]
        var seconds = 0.0
        var finished = 0
        var buckets = [Int](repeating: 0, count: ServerCounters.bounds.count)
        var receivedBytes = 0
        var sentBytes = 0
    }

    /// Seconds.
    private static let bounds = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10]

    private let state = Mutex(State())

    func count(_ exchange: CompletedExchange) {
        let seconds = exchange.duration / .seconds(1)
        let key = Key(method: exchange.head?.method.rawValue ?? "none", status: exchange.status)
        state.withLock { state in
            state.requests[key, default: 0] += 1
            state.seconds += seconds
            state.finished += 1
            state.receivedBytes += exchange.receivedBytes
            state.sentBytes += exchange.sentBytes
            for (index, bound) in Self.bounds.enumerated() where seconds <= bound { state.buckets[index] += 1 }
        }
    }

    /// How many requests are over.
    var finishedCount: Int { state.withLock { $0.finished } }

    /// The text format, version 0.0.4.
    func text() -> String {
        state.withLock { state in
            var lines = ["# TYPE repro_http_requests_total counter"]
            for (key, count) in state.requests.sorted(by: {
                ($0.key.method, $0.key.status) < ($1.key.method, $1.key.status)
            }) {
                lines.append("repro_http_requests_total{method=\"\(key.method)\",status=\"\(key.status)\"} \(count)")
            }
            lines.append("# TYPE repro_http_request_seconds histogram")
            for (bound, count) in zip(Self.bounds, state.buckets) {
                lines.append("repro_http_request_seconds_bucket{le=\"\(bound)\"} \(count)")
            }
            lines += [
                "repro_http_request_seconds_bucket{le=\"+Inf\"} \(state.finished)",
                "repro_http_request_seconds_sum \(state.seconds)",
                "repro_http_request_seconds_count \(state.finished)",
                "# TYPE repro_http_received_bytes_total counter",
                "repro_http_received_bytes_total \(state.receivedBytes)",
                "# TYPE repro_http_sent_bytes_total counter",
                "repro_http_sent_bytes_total \(state.sentBytes)",
            ]
            return lines.joined(separator: "\n") + "\n"
        }
    }
}
