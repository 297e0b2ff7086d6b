/// Where a server listens and what it lets a client use up.
package struct HTTPServerOptions: Sendable {
    /// A name or an address; `0.0.0.0` or `::` for every one of this machine.
    package var host = "127.0.0.1"
    /// 0: any free one.
    package var port: UInt16 = 0
    package var tls: TLSCertificate?
    /// Threads that read requests, run quick handlers and send replies.
    package var eventThreads = 2
    /// Threads that run slow handlers.
    package var workerThreads = 8
    package var maximumConnections = 4096
    /// For the request line and all header fields of one connection, and for a piece of a body.
    package var connectionMemoryBytes = 64 << 10
    /// How long a connection may stay without a whole request head: idle, or sending one letter by letter.
    package var idleTimeout: Duration = .seconds(75)
    /// A body that after `slowBodyGrace` has come at less than this many bytes a second is cut off.
    package var minimumBodyBytesPerSecond = 1024
    package var slowBodyGrace: Duration = .seconds(20)
    /// A comment is sent on an event stream that was silent for so long, to learn whether anyone still listens.
    package var eventKeepAlive: Duration = .seconds(15)

    package init() {}
}

/// A certificate chain and its private key, as PEM text.
package struct TLSCertificate: Sendable {
    package let chain: String
    let privateKey: String

    package init(chain: String, privateKey: String) {
        self.chain = chain
        self.privateKey = privateKey
    }
}

extension TLSCertificate: CustomStringConvertible, CustomReflectable {
    /// The key is a secret.
    package var description: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
