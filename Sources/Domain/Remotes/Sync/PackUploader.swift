import Threads

/// Sends packs on threads of its own, while the next ones are filled.
///
/// Holds one pack for each thread and one more; who has another waits. After an error nothing more is sent.
final class PackUploader: Sendable {
    private let state = Guarded(State())
    private let threads: [Thread]

    private struct State: Sendable {
        var waiting: Upload?
        var underWay = 0
        var isClosed = false
        var error: (any Error)?
        var networkBytes: UInt64 = 0
        var requests = 0

        struct Upload: Sendable {
            let pack: Pack
            let sent: @Sendable () -> Void
        }

        var isIdle: Bool { waiting == nil && underWay == 0 }

        mutating func take() -> Upload? {
            guard error == nil, let upload = waiting else { return nil }
            waiting = nil
            underWay += 1
            return upload
        }

        mutating func ended(_ outcome: Result<Int, any Error>) {
            underWay -= 1
            requests += 1
            switch outcome {
            case .success(let bytes): networkBytes += UInt64(bytes)
            case .failure(let problem): error = error ?? problem
            }
        }
    }

    init(storage: any RemoteStorage, options: TransferOptions) {
        let state = state
        threads = (0..<options.jobs).map { number in
            Thread.start(name: "upload \(number)") {
                while true {
                    state.wait { $0.isClosed || ($0.waiting != nil && $0.error == nil) ? true : nil }
                    if let upload = state.withLock({ $0.take() }) {
                        let outcome = Result { try Self.send(upload.pack, storage, options) }
                        if case .success = outcome { upload.sent() }
                        state.withLock { $0.ended(outcome) }
                    } else if state.withLock({ $0.isClosed }) {
                        return
                    }
                }
            }
        }
    }

    /// Takes the pack over; waits while there is no room. Throws what any pack has failed with. `sent` is called when it is
    /// there, on any thread.
    func send(_ pack: Pack, sent: @escaping @Sendable () -> Void = {}) throws {
        state.wait { $0.waiting == nil || $0.error != nil ? true : nil }
        try state.withLock { state in
            if let error = state.error { throw error }
            state.waiting = State.Upload(pack: pack, sent: sent)
        }
    }

    /// Waits until all packs so far are in the remote.
    func drain() throws -> (networkBytes: UInt64, requests: Int) {
        state.wait { $0.isIdle || ($0.error != nil && $0.underWay == 0) ? true : nil }
        return try state.withLock { state in
            if let error = state.error { throw error }
            return (state.networkBytes, state.requests)
        }
    }

    /// Ends the threads, when what is under way has ended. Must be called, once.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.waiting = nil
        }
        for thread in threads { thread.join() }
    }

    /// How many bytes were sent: none if the pack was there, left by a push that was cut off.
    private static func send(_ pack: Pack, _ storage: any RemoteStorage, _ options: TransferOptions) throws -> Int {
        try options.checkCancellation()
        if pack.bytes.count > worthAskingBytes, try storage.head(pack.name)?.sizeBytes == UInt64(pack.bytes.count) {
            return 0
        }
        return try storage.put(pack.name, pack.bytes) == .stored ? pack.bytes.count : 0
    }
}

/// Sending less than that again costs less than asking.
private let worthAskingBytes = 1 << 20
