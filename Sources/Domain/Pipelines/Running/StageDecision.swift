import Files
import Objects

/// What is to be done with a stage, now that its inputs are known.
package enum StageDecision: Sendable, Equatable {
    /// Inputs and outs are what the lock file says.
    case skip
    /// Its outs can be had without running it; `outputs` are theirs.
    case restore(outputs: [LockedOutput], reasons: [StageReason])
    case run(reasons: [StageReason])

    package var reasons: [StageReason] {
        switch self {
        case .skip: []
        case .restore(_, let reasons), .run(let reasons): reasons
        }
    }
}

/// What the workspace holds at the path of an out; nil: nothing.
struct PresentOutput: Equatable {
    let path: RelativePath
    let fingerprint: Fingerprint?
}

/// Decides whether a stage is skipped, restored or run. Reads nothing itself: the facts are handed in.
struct StageDecider {
    var stage: Stage
    var inputs: StageInputs
    var locked: LockedStage?
    var presentOutputs: [PresentOutput]
    var isForced: Bool

    /// Why the stage is not as its lock file entry says; empty if it is.
    func reasons() -> [StageReason] {
        if isForced { return [.forced] }
        if let outside = stage.externalDependencies.first { return [.outsideProject(outside.text)] }
        if stage.runsEachTime { return [.alwaysChanged] }
        guard let locked else { return [.neverRun] }
        return inputs.changes(from: locked.inputs).map(StageReason.inputChanged) + outputReasons(locked)
    }

    /// `cached` finds what the run cache has for a key; `isComplete` says whether outs are whole in the store.
    func decide(
        cached: (StageKey) throws -> [LockedOutput]?, isComplete: ([LockedOutput]) throws -> Bool
    ) rethrows -> StageDecision {
        let reasons = reasons()
        if reasons.isEmpty { return .skip }
        if isForced || stage.runsEachTime { return .run(reasons: reasons) }
        if stage.externalOutputs.isEmpty, let locked, inputs == locked.inputs,
            locked.outputs.map(\.path) == inputs.outputs.map(\.path),
            try isComplete(locked.outputs)
        {
            return .restore(outputs: locked.outputs, reasons: reasons)
        }
        if stage.usesRunCache, let outputs = try cached(StageKey(inputs)), try isComplete(outputs) {
            return .restore(outputs: outputs, reasons: reasons)
        }
        return .run(reasons: reasons)
    }

    private func outputReasons(_ locked: LockedStage) -> [StageReason] {
        let present = presentOutputs.count < 2 ? presentOutputs : presentOutputs.sorted { $0.path < $1.path }
        // Nearly always all of them are as they were.
        if present.elementsEqual(locked.outputs, by: { $0.path == $1.path && $0.fingerprint == $1.fingerprint }) {
            return []
        }
        let recorded = Dictionary(
            locked.outputs.map { ($0.path, $0.fingerprint) }, uniquingKeysWith: { first, _ in first })
        return present.compactMap { output in
            guard let was = recorded[output.path] else { return .outputUnrecorded(output.path) }
            guard let now = output.fingerprint else { return .outputMissing(output.path) }
            return now == was ? nil : .outputChanged(output.path)
        }
    }
}

extension Stage {
    /// Marked so, or with nothing that could be seen to change, or with a dep where no change can be seen.
    package var runsEachTime: Bool {
        alwaysChanged || !externalDependencies.isEmpty
            || (dependencies.isEmpty && params.isEmpty && outputs.isEmpty && environment.isEmpty)
    }

    /// Whether what it makes depends on its key alone and is kept, so that it can be given back later.
    package var usesRunCache: Bool {
        isDeterministic && !runsEachTime && !outputs.isEmpty && externalOutputs.isEmpty
            && outputs.allSatisfy { $0.isKept && !$0.persists }
    }
}

extension Output {
    /// Whether its content goes into the store: metrics and plots always do, for runs are compared by them.
    package var isKept: Bool { isCached || role != .output }
}
