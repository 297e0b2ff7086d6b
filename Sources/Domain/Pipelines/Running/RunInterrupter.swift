import Synchronization

/// Stops a run from another thread, such as the one that hears signals: gently the first time, at once the second.
package final class RunInterrupter: Sendable {
    package enum Force: Int, Sendable, Comparable {
        case none, gentle, immediate

        package static func < (a: Force, b: Force) -> Bool { a.rawValue < b.rawValue }
    }

    private struct State {
        var force = Force.none
        var handler: (@Sendable (Force) -> Void)?
    }

    private let state = Mutex(State())

    package init() {}

    package var force: Force { state.withLock { $0.force } }

    package func interrupt() {
        let (handler, force) = state.withLock { state in
            state.force = state.force == .none ? .gentle : .immediate
            return (state.handler, state.force)
        }
        handler?(force)
    }

    /// Calls `handler` at each interrupt from now on, and at once if there was one already.
    func onInterrupt(_ handler: @escaping @Sendable (Force) -> Void) {
        let force = state.withLock { state in
            state.handler = handler
            return state.force
        }
        if force > .none { handler(force) }
    }
}
