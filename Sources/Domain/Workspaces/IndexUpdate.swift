import Files
import Synchronization

/// What a piece of work learns about files, brought into the index in large portions: a transaction for each folder
/// would cost more than the walk.
final class IndexUpdate: Sendable {
    private let index: FileStateIndex
    private let pending = Mutex(Pending())

    private struct Pending {
        var states: [(path: RelativePath, state: FileState)] = []
        var vanished: [RelativePath] = []

        var count: Int { states.count + vanished.count }
    }

    /// So many are kept in memory.
    private static let portion = 20_000

    init(_ index: FileStateIndex) { self.index = index }

    func note(_ states: [(path: RelativePath, state: FileState)]) {
        take { $0.states += states }
    }

    /// They are there no more.
    func forget(_ paths: [RelativePath]) {
        if !paths.isEmpty { take { $0.vanished += paths } }
    }

    private func take(_ change: (inout Pending) -> Void) {
        let full: Pending? = pending.withLock { pending in
            change(&pending)
            if pending.count < Self.portion { return nil }
            defer { pending = Pending() }
            return pending
        }
        if let full { index.update(full.states, forget: full.vanished) }
    }

    /// Brings the rest in. What only vanished can wait until something is learned: a look alone writes nothing.
    func flush() {
        let rest = pending.withLock { pending in
            defer { pending = Pending() }
            return pending
        }
        if !rest.states.isEmpty { index.update(rest.states, forget: rest.vanished) }
    }
}
