import Diagnostics
import Glibc
import Testing

@testable import Experiments

@Suite struct RunLivenessTests {
    static let here = HostIdentity(name: "laptop", bootID: "boot-1", processNamespace: "pid:[1]")
    let liveness = RunLiveness(host: here, startTicks: { $0 == 100 ? 5000 : nil })

    @Test(arguments: [
        // Here the kernel is asked, whatever the heartbeat says.
        (here, Int32(100), UInt64(5000), Int64(0), RunStatus.running),
        (here, 100, 5000, 86_400_000, .running),
        (here, 100, 4999, 0, .killed),
        (here, 101, 5000, 0, .killed),
        // Elsewhere only the heartbeat counts.
        (HostIdentity(name: "server", bootID: "boot-9", processNamespace: "pid:[1]"), 100, 5000, 60_000, .running),
        (HostIdentity(name: "server", bootID: "boot-9", processNamespace: "pid:[1]"), 100, 5000, 60_001, .stalled),
        (HostIdentity(name: "laptop", bootID: "boot-1", processNamespace: "pid:[2]"), 7, 1, 60_000, .running),
        (HostIdentity(name: "laptop", bootID: "boot-1", processNamespace: "pid:[2]"), 7, 1, 60_001, .stalled),
        // This machine before it was started again.
        (HostIdentity(name: "laptop", bootID: "boot-0", processNamespace: "pid:[1]"), 100, 5000, 60_001, .killed),
    ])
    func `a running run is judged by its process here and by its heartbeat elsewhere`(
        host: HostIdentity, pid: Int32, startTicks: UInt64, silence: Int64, expected: RunStatus
    ) {
        var run = makeRun(.running)
        run.owner = ProcessIdentity(host: host, pid: pid, startTicks: startTicks)
        #expect(liveness.status(of: run, now: Timestamp(milliseconds: 1000 + silence)) == expected)
    }

    @Test func `a stalled run that is heard of again is running`() {
        var run = makeRun(.stalled)
        run.owner = ProcessIdentity(
            host: HostIdentity(name: "server", bootID: "boot-9", processNamespace: ""), pid: 1, startTicks: 1)
        #expect(liveness.status(of: run, now: Timestamp(milliseconds: 2000)) == .running)
    }

    @Test(arguments: RunStatus.allCases.filter { $0 != .running && $0 != .stalled })
    func `what does not run is left as it is`(status: RunStatus) {
        var run = makeRun(status)
        run.owner = ProcessIdentity(host: Self.here, pid: 101, startTicks: 1)
        #expect(liveness.status(of: run, now: Timestamp(milliseconds: 1_000_000)) == status)
    }

    @Test func `this process is alive and known by its start`() {
        let identity = ProcessIdentity.current()
        #expect(identity.startTicks > 0)
        #expect(startTicksOfProcess(getpid()) == identity.startTicks)
        #expect(startTicksOfProcess(Int32.max) == nil)
        #expect(!identity.host.bootID.isEmpty)
        #expect(!identity.host.processNamespace.isEmpty)
    }

    private func makeRun(_ status: RunStatus) -> Run {
        Run(
            id: RunID("a"), experiment: ExperimentID(0), experimentName: "Default", name: "run1", status: status,
            startedAt: Timestamp(milliseconds: 1000), user: "ana")
    }
}

@Suite struct RunNameTests {
    @Test func `a suggested name is not taken`() {
        var generator = SystemRandomNumberGenerator()
        var taken: Set<String> = []
        for _ in 0..<10_000 { taken.insert(suggestRunName(using: &generator) { taken.contains($0) }) }
        #expect(taken.count == 10_000)
    }

    @Test func `an id is 32 hexadecimal digits`() {
        let id = RunID.random()
        #expect(id.text.count == 32)
        #expect(id.text.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        #expect(id != RunID.random())
    }
}
