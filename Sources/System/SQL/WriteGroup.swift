import Threads

/// Lets threads that want to write at the same moment share one transaction, and so one commit.
///
/// Whoever comes while nobody writes leads: it carries out what waits, its own among it, and tells the others. Each body
/// is kept or undone by itself, as if it were alone.
package final class WriteGroup: Sendable {
    private struct State: Sendable {
        var waiting: [WriteJob] = []
        var isLed = false
    }

    private let state = Guarded(State())

    package init() {}

    /// Runs `body` in a transaction that `perform` makes, here or on another thread; returns when it is committed.
    package func run<T: Sendable>(
        _ body: (any SQLConnection) throws -> T, perform: ([WriteJob]) -> Void
    ) throws -> T {
        try withoutActuallyEscaping(body) { body in
            var result: T?
            let job = WriteJob { result = try body($0) }
            state.withLock { $0.waiting.append(job) }
            // Either another one has done it, or it is our turn to lead.
            let led = state.wait { state -> [WriteJob]? in
                if job.isDone { return [] }
                if state.isLed { return nil }
                state.isLed = true
                defer { state.waiting = [] }
                return state.waiting
            }
            if !led.isEmpty {
                perform(led)
                // The closures must be gone when their owners go on.
                for each in led { each.body = nil }
                state.withLock { state in
                    for each in led { each.isDone = true }
                    state.isLed = false
                }
            }
            if let error = job.error { throw error }
            guard let result else { throw WriteGroupError.notPerformed }
            return result
        }
    }
}

/// One body that waits for a transaction, and how it ended.
///
/// `@unchecked Sendable`: the thread that leads has it for itself from the moment it takes it to the moment it says,
/// under the group's lock, that it is done; the one whose body it is waits meanwhile.
package final class WriteJob: @unchecked Sendable {
    fileprivate var body: ((any SQLConnection) throws -> Void)?
    fileprivate var isDone = false
    package fileprivate(set) var error: (any Error)?

    fileprivate init(_ body: @escaping (any SQLConnection) throws -> Void) { self.body = body }

    /// Runs the body; an error is kept for its owner and also thrown.
    package func run(on connection: any SQLConnection) throws {
        do {
            try body?(connection)
        } catch {
            self.error = error
            throw error
        }
    }

    /// Before it is run once more.
    package func reset() { error = nil }

    package func fail(_ error: any Error) { self.error = error }
}

enum WriteGroupError: Error { case notPerformed }
