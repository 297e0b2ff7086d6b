import Experiments
import Files
import Hashing
import Objects
import Pipelines
import Workspaces

/// What a project remembers of the last run that found nothing to do: the next one which finds everything as it was then
/// says the same, and need neither read the pipeline nor plan it.
///
/// Disposable, as the file-state index is. What is missing, damaged, of another program, or about other stages is not used;
/// a run is never wrong or fails for it.
struct UpToDateMemory {
    private let question: XXH3Digest
    private let path: AbsolutePath
    private let opened: OpenProject
    /// Note what a full plan reads.
    let readings = ProjectReadings()
    /// What the workspace was seen to hold while `recall` looked.
    private(set) var seen: [RelativePath: Fingerprint] = [:]

    /// Nil for a run whose answer depends on more than what is here, or that must do something in any case.
    init?(_ opened: OpenProject, _ options: RunPipelineOptions) {
        let pulls = options.pulls ?? opened.project.config.pullsResults
        if options.isForced || pulls || !options.overrides.isEmpty || opened.project.config.keepsDVCLock { return nil }
        guard let question = Self.question(opened, options) else { return nil }
        self.question = question
        self.opened = opened
        path = opened.project.upToDateRecord
    }

    /// Another program may come to another answer, even one of the same version.
    private static func question(_ opened: OpenProject, _ options: RunPipelineOptions) -> XXH3Digest? {
        let program = AbsolutePath("/proc/self/exe")
        guard let status = try? FileSystem.real.statusFollowingLinks(of: program) else { return nil }
        let folder = opened.surroundings.workingDirectory.relative(to: opened.project.root) ?? .root
        let words =
            [
                "\(status.device) \(status.inode) \(status.sizeBytes) \(status.changedNanoseconds)",
                "\(options.scope)",
            ] + options.targets
        // No path has a zero in it.
        return XXH3.hash(folder.bytes + [0] + words.flatMap { Array("\($0.utf8.count) \($0)".utf8) })
    }

    /// What was said, if it would be said again.
    mutating func recall() -> UpToDateRecord? {
        guard let bytes = (try? opened.project.fileSystem.readIfPresent(path)) ?? nil,
            let record = UpToDateRecord(decoding: bytes), record.question == question,
            record.evidence.holds(
                in: opened.workspace, files: .onDisk(root: opened.project.root),
                environment: opened.surroundings.environment, seen: &seen)
        else { return nil }
        return record
    }

    /// Remembers what a run said, if it found nothing to do.
    func remember(_ prepared: PreparedRun, _ report: RunPipelineReport) {
        guard report.run.status == .finished, report.warnings.isEmpty,
            let evidence = PlanEvidence(
                of: prepared.plan, report.records, readings: readings, lock: prepared.parts.lock),
            let params = try? prepared.params(),
            let skipped = (try? opened.experiments.skippedStages(run: report.run.id)) ?? nil
        else { return }
        let record = UpToDateRecord(
            question: question, evidence: evidence, stages: report.records.map(\.stage), params: params,
            metrics: report.metrics, skippedStages: skipped)
        if let bytes = record.encoded() { try? opened.project.fileSystem.replace(path, with: bytes) }
    }
}
