import CCurl
import HTTP
package import Threads

/// Sends HTTP requests and receives the replies: HTTP/1.1 and HTTP/2, with connections kept for the next request.
///
/// Blocks the calling thread; any number of threads may call at once. All network I/O runs on one thread of the
/// client's own; bodies are read and handed over on the caller's, so that a slow disk delays nobody else. A body in
/// either direction is never in memory as a whole unless it was given or asked for so.
package final class HTTPClient: Sendable {
    private let loop: TransferLoop
    private let options: HTTPClientOptions

    package init(options: HTTPClientOptions = HTTPClientOptions()) throws {
        if let reason = ccurl_load() { throw HTTPClientError.libraryMissing(reason: String(cString: reason)) }
        self.options = options
        loop = try TransferLoop(maxConnectionsPerHost: options.maxConnectionsPerHost)
    }

    deinit { loop.stop() }

    /// The whole reply, in memory.
    package func send(_ request: HTTPRequest, cancellation: Cancellation? = nil) throws -> HTTPReply {
        let transfer = try Transfer(request, options: options, collectsBody: true)
        return try drive(transfer, request, cancellation) { _ in }
    }

    /// Hands the body of a reply with a status of 2xx over in pieces, as it comes; the body of any other reply is in
    /// what is returned. When `receive` throws, the transfer ends and the error is thrown on.
    package func send(
        _ request: HTTPRequest, cancellation: Cancellation? = nil, receive: ([UInt8]) throws -> Void
    ) throws -> HTTPReply {
        let transfer = try Transfer(request, options: options, collectsBody: false)
        return try drive(transfer, request, cancellation, receive)
    }

    private func drive(
        _ transfer: Transfer, _ request: HTTPRequest, _ cancellation: Cancellation?, _ receive: ([UInt8]) throws -> Void
    ) throws -> HTTPReply {
        loop.start(transfer)
        do {
            while true {
                if cancellation?.isCancelled == true { throw HTTPClientError.cancelled }
                switch transfer.nextEvent(timeout: cancellationCheckInterval) {
                case nil: continue
                case .received(let pieces):
                    loop.resume(transfer)
                    for piece in pieces { try receive(piece) }
                case .wantsBody(let offset):
                    guard case .source(let source) = request.body else { throw HTTPClientError.cancelled }
                    transfer.supply(try source.read(offset, bodyPieceBytes))
                    loop.resume(transfer)
                case .ended(let reply): return try reply.get()
                }
            }
        } catch {
            loop.cancel(transfer)
            transfer.waitUntilEnded()
            throw error
        }
    }
}

/// How soon a cancellation is noticed while nothing happens.
private let cancellationCheckInterval: Duration = .milliseconds(100)
/// How much of a body is read at once.
private let bodyPieceBytes = 512 << 10
