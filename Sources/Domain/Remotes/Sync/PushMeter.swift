import Diagnostics
import Synchronization

/// How far a push is: what was read, without what waits to be sent.
final class PushMeter: Sendable {
    /// What a pack stands for: objects that were read since the one before it was closed, and bytes of new chunks.
    struct Share: Sendable {
        fileprivate(set) var objects = 0
        fileprivate(set) var bytes: UInt64 = 0
    }

    private struct State: Sendable {
        var read = Share()
        /// In the pack that is being filled.
        var filling = Share()
        /// In packs that are full, and not there yet.
        var unsent = Share()
        var savedBytes: UInt64 = 0
    }

    private let state = Mutex(State())
    private let remote: String
    private let plan: PushPlan
    private let monitor: any Monitor

    init(remote: String, plan: PushPlan, monitor: any Monitor) {
        self.remote = remote
        self.plan = plan
        self.monitor = monitor
    }

    func readObject() {
        state.withLock { state in
            state.read.objects += 1
            state.filling.objects += 1
        }
    }

    /// A chunk of that many bytes goes into the pack that is being filled, or is in the remote already.
    func took(bytes: UInt64, isNew: Bool) {
        state.withLock { state in
            state.read.bytes += bytes
            if isNew { state.filling.bytes += bytes } else { state.savedBytes += bytes }
        }
    }

    func closedPack() -> Share {
        state.withLock { state in
            defer { state.filling = Share() }
            state.unsent.objects += state.filling.objects
            state.unsent.bytes += state.filling.bytes
            return state.filling
        }
    }

    func sent(_ share: Share) {
        state.withLock { state in
            state.unsent.objects -= share.objects
            state.unsent.bytes -= share.bytes
        }
        report()
    }

    func report() {
        let state = state.withLock { $0 }
        let waitingObjects = state.unsent.objects + (state.filling.bytes == 0 ? 0 : state.filling.objects)
        monitor.progress(
            Progress(
                activity: "pushing to \(remote)", doneItems: state.read.objects - waitingObjects,
                totalItems: plan.missing.count,
                doneBytes: Int(clamping: state.read.bytes - state.unsent.bytes - state.filling.bytes),
                totalBytes: Int(clamping: plan.missingBytes), savedBytes: Int(clamping: state.savedBytes)))
    }
}
