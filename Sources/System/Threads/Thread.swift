import CLinux
import Glibc
import Synchronization

/// How many processor cores this process may use: what `nproc` prints.
package let coreCount = max(1, Int(linux_core_count()))

/// A thread of the operating system that runs one body.
///
/// All our code blocks (SQLite, files, children), so it runs on threads like this and never on Swift's cooperative
/// pool. A thread that nobody joins ends by itself.
package struct Thread: Sendable {
    private let handle: Handle

    /// Runs `body` on a new thread. `name` is shown by `top -H` and debuggers, cut to 15 bytes.
    ///
    /// When the system has no thread left, waits for one; after ten seconds the process stops, because nothing that
    /// needs a thread could go on.
    package static func start(name: String, _ body: @escaping @Sendable () -> Void) -> Thread {
        for _ in 0..<1000 {
            if let thread = startIfPossible(name: name, body) { return thread }
            usleep(10_000)
        }
        fatalError("the system has no thread left for `\(name)`")
    }

    /// The same, but nil at once when the system has no thread left.
    static func startIfPossible(name: String, _ body: @escaping @Sendable () -> Void) -> Thread? {
        let work = Unmanaged.passRetained(Work(name: name, body: body))
        var id = pthread_t()
        guard pthread_create(&id, nil, runWork, work.toOpaque()) == 0 else {
            work.release()
            return nil
        }
        return Thread(handle: Handle(id))
    }

    /// Waits until the body has returned and the thread is gone. May be called often, and by several threads.
    package func join() { handle.join() }
}

/// What a new thread is given.
private final class Work: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}

// A global function: closures that become C callbacks compile in some places where they then trap.
private func runWork(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
    linux_name_thread(work.name)
    work.body()
    return nil
}

/// Owns a pthread until it is joined, or detaches it.
private final class Handle: Sendable {
    private let unjoined: Mutex<pthread_t?>

    init(_ id: pthread_t) { unjoined = Mutex(id) }

    deinit {
        unjoined.withLock { if let id = $0 { pthread_detach(id) } }
    }

    func join() {
        // Waiting inside the lock makes a second joiner wait for the first one, which is what it asked for.
        unjoined.withLock { id in
            if let running = id { pthread_join(running, nil) }
            id = nil
        }
    }
}
