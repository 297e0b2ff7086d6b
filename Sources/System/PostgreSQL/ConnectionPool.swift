import Threads

/// The connections to one database: made when they are needed, kept for the next, never more than some.
final class ConnectionPool: Sendable {
    private struct State: Sendable {
        var idle: [PostgreSQLConnection] = []
        var takenCount = 0
    }

    private let address: PostgreSQLAddress
    private let most: Int
    private let state = Guarded(State())

    init(_ address: PostgreSQLAddress, most: Int) {
        self.address = address
        self.most = most
    }

    /// Waits while all are in use. Whoever takes one gives it back.
    func take() throws(PostgreSQLError) -> PostgreSQLConnection {
        let kept = state.wait { state -> PostgreSQLConnection?? in
            if state.takenCount == most { return nil }
            state.takenCount += 1
            return .some(state.idle.popLast())
        }
        if let kept { return kept }
        do throws(PostgreSQLError) {
            return try PostgreSQLConnection(address)
        } catch {
            state.withLock { $0.takenCount -= 1 }
            throw error
        }
    }

    func giveBack(_ connection: PostgreSQLConnection) {
        // One in the middle of something is of no use to others.
        let isGood = connection.isUsable && !connection.isInTransaction
        state.withLock { state in
            state.takenCount -= 1
            if isGood { state.idle.append(connection) }
        }
    }

    /// Where one connection is lost the server may have been stopped, and the others with it.
    func forgetIdle(if isLost: Bool) {
        if isLost { state.withLock { $0.idle = [] } }
    }
}
