package import HTTP
import Synchronization
import Threads

/// How many calls may be under way, learnt from how they end. Pure: told of each call's end, with the time.
///
/// One more with each round of calls in which the rate has grown; half after a failure that more patience would have
/// avoided. A round is as many calls as may be under way, so that what is measured has the width it is measured for.
struct AdaptiveWidth: Sendable, Equatable {
    private(set) var width: Int
    private let widest: Int
    private var callsInRound = 0
    private var bytesInRound = 0
    private var roundBegan: Duration
    private var bestRate = 0.0
    /// Failures of one round count once: all of them met the same moment.
    private var isPunished = false

    init(width: Int, widest: Int, now: Duration) {
        self.width = max(1, min(width, widest))
        self.widest = max(1, widest)
        roundBegan = now
    }

    mutating func succeeded(bytes: Int, now: Duration) {
        callsInRound += 1
        bytesInRound += bytes
        if callsInRound < width { return }
        let seconds = max((now - roundBegan) / .seconds(1), 1e-6)
        // Small calls count, too: there the rate is of calls.
        let rate = Double(bytesInRound + callsInRound * callBytes) / seconds
        if rate > bestRate * growthThatCounts {
            width = min(widest, width + 1)
        } else if rate < bestRate * lossThatCounts {
            width = max(1, width - 1)
        }
        // What was good long ago need not be possible now.
        bestRate = max(rate, bestRate * forgetting)
        beginRound(now)
    }

    /// The server was busy, or the network broke.
    mutating func failed(now: Duration) {
        if isPunished { return }
        width = max(1, width / 2)
        bestRate = 0
        beginRound(now)
        isPunished = true
    }

    private mutating func beginRound(_ now: Duration) {
        (callsInRound, bytesInRound, roundBegan, isPunished) = (0, 0, now, false)
    }
}

/// What a call costs besides its bytes, in bytes.
private let callBytes = 64 << 10
private let growthThatCounts = 1.03
private let lossThatCounts = 0.7
private let forgetting = 0.95

/// Lets as many calls through at once as do good; the others wait. Callers may have as many threads as they like.
///
/// Stands below the wrapper that tries again: who waits before another attempt holds no place.
package final class AdaptiveStorage: RemoteStorage {
    private let storage: any RemoteStorage
    private let state: Guarded<State>
    private let now: @Sendable () -> Duration

    private struct State: Sendable {
        var width: AdaptiveWidth
        var underWay = 0
    }

    package init(_ storage: any RemoteStorage, widest: Int, now: (@Sendable () -> Duration)? = nil) {
        let start = ContinuousClock.now
        let now = now ?? { ContinuousClock.now - start }
        self.storage = storage
        self.now = now
        state = Guarded(State(width: AdaptiveWidth(width: firstWidth, widest: widest, now: now())))
    }

    package var label: String { storage.label }
    package var isWritable: Bool { storage.isWritable }
    var width: Int { state.withLock { $0.width.width } }

    package func put(_ name: RemoteName, _ bytes: [UInt8]) throws -> PutOutcome {
        try call({ try storage.put(name, bytes) }, { _ in bytes.count })
    }

    package func get(_ name: RemoteName, _ range: ByteRange?, limitBytes: Int) throws -> [UInt8]? {
        try call({ try storage.get(name, range, limitBytes: limitBytes) }, { $0?.count ?? 0 })
    }

    package func head(_ name: RemoteName) throws -> RemoteEntry? { try call({ try storage.head(name) }, { _ in 0 }) }

    package func list(_ folder: String, page: String?) throws -> RemotePage {
        try call({ try storage.list(folder, page: page) }, { _ in 0 })
    }

    package func delete(_ name: RemoteName) throws { try call({ try storage.delete(name) }, { _ in 0 }) }

    private func call<Result>(_ body: () throws -> Result, _ bytes: (Result) -> Int) throws -> Result {
        state.wait { state -> Bool? in
            if state.underWay >= state.width.width { return nil }
            state.underWay += 1
            return true
        }
        do {
            let result = try body()
            state.withLock { state in
                state.underWay -= 1
                state.width.succeeded(bytes: bytes(result), now: now())
            }
            return result
        } catch {
            let isTransient = (error as? RemoteError)?.isTransient == true
            state.withLock { state in
                state.underWay -= 1
                if isTransient { state.width.failed(now: now()) }
            }
            throw error
        }
    }
}

private let firstWidth = 4
