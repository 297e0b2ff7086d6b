import Files
import Objects
import Testing

@testable import Pipelines

@Suite struct StageDeciderTests {
    private let inputs = Samples.inputs()
    private var locked: LockedStage { LockedStage(inputs: inputs, outputs: [Samples.output("model.bin", "m")]) }

    @Test func `a stage that is as its lock says is skipped`() {
        #expect(decide(locked: locked, current: "m") == .skip)
    }

    @Test func `a stage that is not in the lock runs`() {
        #expect(decide(locked: nil, current: nil) == .run(reasons: [.neverRun]))
    }

    @Test func `a missing out is restored from the store`() {
        let reason = StageReason.outputMissing(Samples.path("model.bin"))
        #expect(decide(locked: locked, current: nil) == .restore(outputs: locked.outputs, reasons: [reason]))
    }

    @Test func `a missing out that the store does not have makes the stage run`() {
        let reason = StageReason.outputMissing(Samples.path("model.bin"))
        #expect(decide(locked: locked, current: nil, stored: []) == .run(reasons: [reason]))
    }

    @Test func `an out changed by hand is given back`() {
        let reason = StageReason.outputChanged(Samples.path("model.bin"))
        #expect(decide(locked: locked, current: "x") == .restore(outputs: locked.outputs, reasons: [reason]))
    }

    @Test func `changed inputs that the run cache knows are restored`() {
        let changed = Samples.inputs(dim: 70)
        let outputs = [Samples.output("model.bin", "m70")]
        let decision = decide(inputs: changed, locked: locked, current: "m", cache: [StageKey(changed): outputs])
        #expect(decision == .restore(outputs: outputs, reasons: decision.reasons))
        #expect(decision.reasons.map(\.description) == ["param train.dim changed: 50 → 70"])
    }

    @Test func `force runs whatever is known`() {
        let decision = decide(locked: locked, current: "m", isForced: true, cache: [StageKey(inputs): locked.outputs])
        #expect(decision == .run(reasons: [.forced]))
    }

    @Test func `a stage marked always_changed always runs`() {
        var stage = Samples.stage()
        stage.alwaysChanged = true
        #expect(decide(stage: stage, locked: locked, current: "m") == .run(reasons: [.alwaysChanged]))
    }

    @Test func `a stage with a dep outside the project always runs, for nothing says whether that changed`() {
        var stage = Samples.stage()
        stage.externalDependencies = [ExternalPath(text: "s3://bucket/data.csv", location: Samples.nowhere)]
        #expect(
            decide(stage: stage, locked: locked, current: "m")
                == .run(reasons: [.outsideProject("s3://bucket/data.csv")]))
    }

    @Test func `a stage with a persisting out is never taken from the run cache`() {
        var stage = Samples.stage()
        stage.outputs[0].persists = true
        let changed = Samples.inputs(dim: 70)
        let decision = decide(
            stage: stage, inputs: changed, locked: locked, current: "m",
            cache: [StageKey(changed): [Samples.output("model.bin", "m70")]])
        #expect(decision == .run(reasons: decision.reasons))
    }

    private func decide(
        stage: Stage = Samples.stage(), inputs: StageInputs? = nil, locked: LockedStage?, current: String?,
        isForced: Bool = false, cache: [StageKey: [LockedOutput]] = [:], stored: Set<String> = ["m", "m70"]
    ) -> StageDecision {
        let path = Samples.path("model.bin")
        let decider = StageDecider(
            stage: stage, inputs: inputs ?? self.inputs, locked: locked,
            presentOutputs: [PresentOutput(path: path, fingerprint: current.map { Samples.file($0) })],
            isForced: isForced)
        let known = Set(stored.map { Samples.file($0) })
        return decider.decide(cached: { cache[$0] }, isComplete: { $0.allSatisfy { known.contains($0.fingerprint) } })
    }
}
