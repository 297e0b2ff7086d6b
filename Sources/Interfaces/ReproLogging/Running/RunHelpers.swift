import Diagnostics
import Experiments
import Files
import Git
import Processes
import Threads

/// What happens beside a run's own work: which code it uses is asked of Git, and the machine is measured.
final class RunHelpers: Sendable {
    private let stopping = Mailbox<Void>()
    private let sampler: Thread?
    private let code: Thread?

    /// A patch beyond this is not kept; that something was changed is.
    private static let patchLimitBytes = 16 << 20

    init(_ recorder: Recorder, _ context: RunContext, _ options: RunOptions, recordsCode: Bool) {
        let stopping = stopping
        sampler = options.systemMetricsInterval.map { interval in
            Thread.start(name: "system metrics") {
                var sampler = MachineSampler(folder: context.workingDirectory, environment: context.environment)
                var isLast = false
                while true {
                    for (name, value) in sampler.sample() { recorder.log("system/\(name)", value, step: nil) }
                    if isLast { break }
                    isLast = stopping.receive(timeout: max(interval, .milliseconds(100))) != nil
                }
            }
        }
        code = recordsCode ? Thread.start(name: "git") { Self.recordCode(recorder, context) } : nil
    }

    /// Waits for both.
    func stop() {
        stopping.send(())
        sampler?.join()
        code?.join()
    }

    private static func recordCode(_ recorder: Recorder, _ context: RunContext) {
        // Outside a repository, or without Git, there is nothing to record.
        guard
            let repository = try? GitRepository.find(
                containing: context.workingDirectory, environment: context.environment),
            let head = try? repository.head(), let dirty = try? repository.dirtyPatch(limitBytes: patchLimitBytes)
        else { return }
        recorder.set(git: GitState(commit: head.commit, branch: head.branch, isDirty: dirty.isDirty))
        if let patch = dirty.patch, !patch.isEmpty {
            recorder.add(.file(OutgoingFile(place: .patch, content: .bytes(patch), modifiedAt: context.clock.now())))
        }
    }
}
