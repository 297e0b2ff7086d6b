import Glibc

/// A value behind a lock on which threads can wait: a mutex and a condition variable around one state.
///
/// `Synchronization.Mutex` is the choice where nobody waits; it has no condition variable, hence this.
package final class Guarded<State: Sendable>: @unchecked Sendable {
    // Sendable because `state` is read and written only between lock and unlock of `mutex`, and the two pointers never
    // change. They are allocated, not stored inline, because POSIX forbids moving either object.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private var state: State

    package init(_ state: State) {
        self.state = state
        mutex = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        changed.initialize(to: pthread_cond_t())
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Reads or changes the state, alone, and wakes those who wait. `body` must not use this value again.
    package func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(mutex)
        }
        return try body(&state)
    }

    /// Tries `attempt` now and after each change, until it answers something.
    @discardableResult
    package func wait<Result>(_ attempt: (inout State) -> Result?) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = attempt(&state) { return result }
            pthread_cond_wait(changed, mutex)
        }
    }

    /// The same, but nil when `timeout` has passed without an answer; a zero timeout tries once.
    @discardableResult
    package func wait<Result>(timeout: Duration, _ attempt: (inout State) -> Result?) -> Result? {
        var deadline = monotonicTime(after: timeout)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = attempt(&state) { return result }
            if pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { return attempt(&state) }
        }
    }
}

private func monotonicTime(after timeout: Duration) -> timespec {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let (seconds, attoseconds) = max(timeout, .zero).components
    let nanoseconds = now.tv_nsec + Int(attoseconds / 1_000_000_000)
    let longest: Int64 = 1 << 40  // More than 30,000 years: a `timeout` beyond it must not overflow.
    return timespec(
        tv_sec: now.tv_sec + Int(min(seconds, longest)) + nanoseconds / 1_000_000_000,
        tv_nsec: nanoseconds % 1_000_000_000)
}
