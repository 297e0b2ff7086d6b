import Diagnostics
package import Files
package import Objects
import Workspaces

/// What a run would do with each stage: a plain value, which a dry run prints and a real run begins with.
package struct PipelinePlan: Sendable {
    /// A class, so that it is handed on without a copy of all that is in it: a plan may have thousands.
    package final class Step: Sendable {
        package let stage: Stage
        package let action: Action
        /// Nil while a stage above must run first.
        package let inputs: StageInputs?
        /// Steps of this plan that must be done before.
        package let waitsFor: [Int]

        init(stage: Stage, action: Action, inputs: StageInputs?, waitsFor: [Int]) {
            self.stage = stage
            self.action = action
            self.inputs = inputs
            self.waitsFor = waitsFor
        }
    }

    package enum Action: Sendable {
        case skip(outputs: [LockedOutput])
        /// It is frozen, and its outs are there.
        case frozen
        case restore(outputs: [LockedOutput], reasons: [StageReason])
        case run(reasons: [StageReason])
        /// Something above runs first; whether this one must run shows only then. `reasons` are what is certain already.
        case waits(for: [StageName], reasons: [StageReason])

        package var isSettled: Bool {
            switch self {
            case .skip, .frozen: true
            case .restore, .run, .waits: false
            }
        }

        package var reasons: [StageReason] {
            switch self {
            case .skip, .frozen: []
            case .restore(_, let reasons), .run(let reasons): reasons
            case .waits(let upstream, let reasons): reasons + upstream.map(StageReason.upstream)
            }
        }
    }

    /// In an order in which each comes after all that it waits for.
    package let steps: [Step]
}

extension PipelineParts {
    /// What a plan does about stages that could not run.
    package enum Troubles: Sendable {
        case thrown
        /// Each is the reason of its stage: whoever only looks sees all the others, too.
        case shown
    }

    /// Decides about `stages` as things are now; changes nothing.
    ///
    /// - `stages` come in topological order, with the numbers (among them) of the stages that each needs.
    /// - `known` is what some paths will hold, though the workspace lacks them: it is on its way.
    /// - `seen` is what `Workspace.unchangedFiles` found a moment ago, if it was asked.
    /// - `troubles`: what is done about a stage that could not run at all: a dep that no stage makes is absent, a param is
    ///   not in its file.
    /// - `isForced` says which are to run whatever has changed.
    package func plan(
        _ stages: [(stage: Stage, waitsFor: [Int])], known: [RelativePath: Fingerprint] = [:],
        seen: [RelativePath: Fingerprint] = [:], troubles: Troubles = .thrown, isForced: (StageName) -> Bool
    ) throws -> PipelinePlan {
        let paths = stages.flatMap { $0.stage.dependencies.map(\.path) + $0.stage.outputs.map(\.path) }
        let seen = seen.merging(workspace.unchangedFiles(paths.filter { seen[$0] == nil })) { first, _ in first }
        var steps: [PipelinePlan.Step] = []
        var predicted = known
        // Outs of the stages so far, and those of them that some stage is going to write: what is there now says
        // nothing.
        var produced = PathSet()
        var uncertain = PathSet()
        for (stage, waitsFor) in stages {
            let blocking = stage.dependencies.contains { dependency in
                predicted[dependency.path] == nil && uncertain.overlaps(dependency.path)
            }
            let step: PipelinePlan.Step
            do {
                step =
                    try blocking && !stage.isFrozen
                    ? waitingStep(stage, waitsFor, after: steps, produced, seen, isForced(stage.name))
                    : decidedStep(stage, waitsFor, predicted, seen, isForced(stage.name))
            } catch let error as any UserFacingError where troubles == .shown {
                let action = PipelinePlan.Action.run(reasons: [.cannotRun(error.message)])
                step = PipelinePlan.Step(stage: stage, action: action, inputs: nil, waitsFor: waitsFor)
            }
            if case .restore(let outputs, _) = step.action {
                for output in outputs { predicted[output.path] = output.fingerprint }
            }
            for output in stage.outputs {
                produced.insert(output.path)
                if !step.action.isSettled { uncertain.insert(output.path) }
            }
            steps.append(step)
        }
        return PipelinePlan(steps: steps)
    }

    private func decidedStep(
        _ stage: Stage, _ waitsFor: [Int], _ predicted: [RelativePath: Fingerprint],
        _ seen: [RelativePath: Fingerprint], _ isForced: Bool
    ) throws -> PipelinePlan.Step {
        if stage.isFrozen {
            for output in try readOutputs(of: stage, seen: seen) where output.fingerprint == nil {
                throw StageError.frozenOutputMissing(stage: stage.name, path: output.path, location: stage.location)
            }
            return PipelinePlan.Step(stage: stage, action: .frozen, inputs: nil, waitsFor: waitsFor)
        }
        let inputs = try readInputs(of: stage, predicted: predicted, seen: seen)
        let action: PipelinePlan.Action =
            switch try decide(stage, inputs: inputs, isForced: isForced, seen: seen) {
            case .skip: .skip(outputs: lock.current.stages[stage.name]?.outputs ?? [])
            case .restore(let outputs, let reasons): .restore(outputs: outputs, reasons: reasons)
            case .run(let reasons): .run(reasons: reasons)
            }
        return PipelinePlan.Step(stage: stage, action: action, inputs: inputs, waitsFor: waitsFor)
    }

    /// A stage below one that runs: its deps are not known yet, but all else is, and is checked now.
    private func waitingStep(
        _ stage: Stage, _ waitsFor: [Int], after steps: [PipelinePlan.Step], _ produced: PathSet,
        _ seen: [RelativePath: Fingerprint], _ isForced: Bool
    ) throws -> PipelinePlan.Step {
        // What a stage above makes counts as unchanged: then what differs all the same is certain.
        let locked = lock.current.stages[stage.name]
        let assumed = Dictionary(
            (locked?.inputs.dependencies ?? []).filter { produced.overlaps($0.path) }.map { ($0.path, $0.fingerprint) },
            uniquingKeysWith: { first, _ in first })
        var known = stage
        known.dependencies.removeAll { produced.overlaps($0.path) && assumed[$0.path] == nil }
        let inputs = try readInputs(of: known, predicted: assumed, seen: seen)
        let reasons = StageDecider(
            stage: known, inputs: inputs, locked: locked, presentOutputs: try readOutputs(of: stage, seen: seen),
            isForced: isForced
        ).reasons().filter { $0 != .neverRun }
        let upstream = waitsFor.filter { !steps[$0].action.isSettled }.map { steps[$0].stage.name }
        return PipelinePlan.Step(
            stage: stage, action: .waits(for: upstream, reasons: reasons), inputs: nil, waitsFor: waitsFor)
    }
}
