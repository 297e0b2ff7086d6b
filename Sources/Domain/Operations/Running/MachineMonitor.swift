import Diagnostics
import Experiments
import Files
import Processes
import Threads

/// Measures the machine while a run goes on, from a thread of its own: `system/cpu_utilization_percentage` and others,
/// by the names that `ReproLogging` gives them. What is of this process alone is left out: it only waits for the stages.
final class MachineMonitor: Sendable {
    static let interval: Duration = .seconds(10)

    private let stopping = Mailbox<Void>()
    private let thread: Thread

    /// `log` is given the numbers of a moment, and which one it is.
    init(
        folder: AbsolutePath, environment: [String: String], interval: Duration = interval,
        log: @escaping @Sendable (_ values: [(name: String, value: Double)], _ step: Int64) -> Void
    ) {
        let stopping = stopping
        thread = Thread.start(name: "system metrics") {
            var sampler = MachineSampler(folder: folder, environment: environment)
            var step: Int64 = 0
            var isLast = false
            while true {
                let values = sampler.sample().filter { !$0.name.hasPrefix("process_") }
                log(values.map { ("system/" + $0.name, $0.value) }, step)
                if isLast { break }
                step += 1
                isLast = stopping.receive(timeout: interval) != nil
            }
        }
    }

    deinit { stopping.send(()) }

    /// After the last measurement.
    func stop() {
        stopping.send(())
        thread.join()
    }
}
