import Diagnostics
import Experiments
import Files
import Git
import Processes
import Threads

/// What happens beside a run's own work: which code it uses is asked of Git, and the machine is measured.
final class RunHelpers: Sendable {
    private let machine: MachineMonitor?
    private let code: Thread?

    /// A patch beyond this is not kept; that something was changed is.
    private static let patchLimitBytes = 16 << 20

    init(_ recorder: Recorder, _ context: RunContext, _ options: RunOptions, recordsCode: Bool) {
        machine = options.systemMetricsInterval.map { interval in
            MachineMonitor(
                folder: context.workingDirectory, environment: context.environment,
                interval: max(interval, .milliseconds(100))
            ) { values, _ in
                for (name, value) in values { recorder.log(name, value, step: nil) }
            }
        }
        code = recordsCode ? Thread.start(name: "git") { Self.recordCode(recorder, context) } : nil
    }

    /// Waits for both.
    func stop() {
        machine?.stop()
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
