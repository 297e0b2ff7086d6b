import Hashing
import JSON
import Objects
import Testing

@testable import Pipelines

@Suite struct StageKeyTests {
    private let base = Samples.inputs()

    @Test func `equal inputs have equal keys, whatever order they were listed in`() {
        let a = Samples.inputs(outputs: ["x", "y"])
        let b = Samples.inputs(outputs: ["y", "x"])
        #expect(StageKey(a) == StageKey(b))
        #expect(a.changes(from: b).isEmpty)
    }

    @Test(arguments: [
        Samples.inputs(commands: ["python3 train.py --fast"]), Samples.inputs(data: "b"), Samples.inputs(dim: 70),
        Samples.inputs(outputs: ["other.bin"]),
    ])
    func `any change of an input changes the key and is named`(changed: StageInputs) {
        #expect(StageKey(changed) != StageKey(base))
        #expect(!changed.changes(from: base).isEmpty)
    }

    @Test func `the key of these inputs is the same for ever`() {
        // Run caches of earlier versions are found by it: a change here needs a new format version.
        #expect(StageKey(base).description == "03b126d16aecab069dc0782d2a6762bb49b9a6515e450e006934d5af9f91542e")
    }

    @Test func `an integer and the same number are one param, as for DVC`() {
        var number = base
        number.params[0].value = .number(50)
        #expect(StageKey(number) == StageKey(base))
        number.params[0].value = .number(50.5)
        #expect(StageKey(number) != StageKey(base))
    }

    @Test func `changes read as sentences`() {
        let now = Samples.inputs(commands: ["python3 train.py", "ls"], data: "b", dim: 70, outputs: [])
        #expect(
            now.changes(from: base).map(\.description) == [
                "dep data.csv changed: \(Samples.file("a").digest.id.description.prefix(8)) → "
                    + "\(Samples.file("b").digest.id.description.prefix(8))",
                "param train.dim changed: 50 → 70",
                "out model.bin is gone",
                "command 2 is new: ls",
            ])
    }

    @Test func `the value of a declared variable is in the key but in no message`() {
        var before = base
        before.environment = [InputVariable(name: "TOKEN", valueHash: SHA256.hash(Array("secret-1".utf8)))]
        var after = base
        after.environment = [InputVariable(name: "TOKEN", valueHash: SHA256.hash(Array("secret-2".utf8)))]
        #expect(after.changes(from: before).map(\.description) == ["env TOKEN changed"])
    }
}
