package import Files
import Threads

/// Measures the machine while something goes on, from a thread of its own: `system/cpu_utilization_percentage` and the
/// others of `MachineSampler`.
package final class MachineMonitor: Sendable {
    private let stopping = Mailbox<Void>()
    private let thread: Thread

    /// `log` is given the numbers of a moment, and which one it is, from 0 on.
    package init(
        folder: AbsolutePath, environment: [String: String], interval: Duration,
        log: @escaping @Sendable (_ values: [(name: String, value: Double)], _ step: Int64) -> Void
    ) {
        let stopping = stopping
        thread = Thread.start(name: "system metrics") {
            var sampler = MachineSampler(folder: folder, environment: environment)
            var step: Int64 = 0
            var isLast = false
            while true {
                log(sampler.sample().map { ("system/" + $0.name, $0.value) }, step)
                if isLast { break }
                step += 1
                isLast = stopping.receive(timeout: interval) != nil
            }
        }
    }

    deinit { stopping.send(()) }

    /// After the last measurement.
    package func stop() {
        stopping.send(())
        thread.join()
    }
}
