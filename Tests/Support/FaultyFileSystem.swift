package import Files
import Synchronization

/// Counts the calls to a file system, and makes the n-th of them fail.
package final class FaultyFileSystem: Sendable {
    package enum Failure: Sendable, CaseIterable {
        /// One call says that the disk is full; the next ones work.
        case diskFull
        /// One call says input/output error; the next ones work.
        case inputOutput
        /// Half of a write reaches the disk, the rest does not fit.
        case tornWrite
        /// This call and all later ones fail: as after `kill -9`, nothing is cleaned up.
        case crash
    }

    fileprivate struct State {
        var calls: [FileCall] = []
        var failure: Failure?
        var failingCall = Int.max
    }

    private let state = Mutex(State())

    /// Lets everything through until told otherwise.
    package init() {}

    /// From now on, the `count`-th call (from 1) fails.
    package func fail(atCall count: Int, with failure: Failure) {
        state.withLock {
            $0.calls = []
            $0.failingCall = count
            $0.failure = failure
        }
    }

    package func forgetCalls() { state.withLock { $0.calls = [] } }

    /// All calls since the last `fail` or `forgetCalls`.
    package var calls: [FileCall] { state.withLock { $0.calls } }

    package func count(of action: FileAction) -> Int { calls.count { $0.action == action } }

    package var fileSystem: FileSystem { FileSystem { call in self.state.withLock { $0.fault(for: call) } } }
}

extension FaultyFileSystem.State {
    fileprivate mutating func fault(for call: FileCall) -> Fault? {
        calls.append(call)
        switch failure {
        case nil: return nil
        case .crash: return calls.count >= failingCall ? .tear(.inputOutput) : nil
        case .diskFull: return calls.count == failingCall ? .fail(.diskFull) : nil
        case .inputOutput: return calls.count == failingCall ? .fail(.inputOutput) : nil
        case .tornWrite: return calls.count == failingCall ? .tear(.diskFull) : nil
        }
    }
}
