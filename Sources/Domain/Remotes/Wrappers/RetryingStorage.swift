package import HTTP

/// How often, and how long after, a call that failed is made again.
package struct RetryPolicy: Sendable {
    package var attempts: Int
    package var firstWait: Duration
    package var longestWait: Duration

    package init(attempts: Int = 6, firstWait: Duration = .milliseconds(200), longestWait: Duration = .seconds(30)) {
        self.attempts = attempts
        self.firstWait = firstWait
        self.longestWait = longestWait
    }

    /// Doubles with each failure; anywhere between nothing and that ("full jitter"), so that those who failed together
    /// do not come back together. At least as long as the server asked for, unless that is more than an hour.
    func wait(afterFailure count: Int, asked: Duration?, random: Double) -> Duration {
        let bound = min(longestWait, firstWait * (1 << min(count - 1, 20)))
        return max(bound * random, min(asked ?? .zero, .seconds(3600)))
    }
}

/// Makes a call again when trying again may help: a lost connection, a server that is busy or failed.
///
/// Safe for all calls of the protocol, since writing or deleting a name twice is harmless.
package struct RetryingStorage: RemoteStorage {
    private let storage: any RemoteStorage
    private let policy: RetryPolicy
    private let sleep: @Sendable (Duration) throws -> Void
    private let random: @Sendable () -> Double

    /// `sleep` throws to give up, as when the user cancels.
    package init(
        _ storage: any RemoteStorage, policy: RetryPolicy = RetryPolicy(),
        sleep: @escaping @Sendable (Duration) throws -> Void,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.storage = storage
        self.policy = policy
        self.sleep = sleep
        self.random = random
    }

    package var label: String { storage.label }
    package var isWritable: Bool { storage.isWritable }

    package func put(_ name: RemoteName, _ bytes: [UInt8]) throws -> PutOutcome {
        try retrying { try storage.put(name, bytes) }
    }

    package func get(_ name: RemoteName, _ range: ByteRange?, limitBytes: Int) throws -> [UInt8]? {
        try retrying { try storage.get(name, range, limitBytes: limitBytes) }
    }

    package func head(_ name: RemoteName) throws -> RemoteEntry? { try retrying { try storage.head(name) } }

    package func list(_ folder: String, page: String?) throws -> RemotePage {
        try retrying { try storage.list(folder, page: page) }
    }

    package func delete(_ name: RemoteName) throws { try retrying { try storage.delete(name) } }

    private func retrying<Result>(_ call: () throws -> Result) throws -> Result {
        var failures = 0
        while true {
            do {
                return try call()
            } catch let error as RemoteError where error.isTransient && failures + 1 < policy.attempts {
                failures += 1
                try sleep(policy.wait(afterFailure: failures, asked: error.retryAfter, random: random()))
            }
        }
    }
}
