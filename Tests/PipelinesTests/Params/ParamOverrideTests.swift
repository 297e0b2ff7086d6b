import Diagnostics
import Files
import JSON
import Pipelines
import Testing

@Suite struct ParamOverrideTests {
    private let params = "# all\ntrain:\n  dim: 50  # size\n  lr: 0.1\n\"a.b\": 1\nlist: [1, {x: 2}]\n"

    private func apply(_ overrides: String...) throws -> [String: String] {
        let files = ProjectFiles.inMemory(["params.yaml": params, "p.json": "{\"k\": {\"v\": 1}}\n"])
        let changed = try edited(
            overrides.map(ParamOverride.init(parsing:)), in: files, defaultFile: RelativePath(parsing: "params.yaml"))
        return Dictionary(
            uniqueKeysWithValues: changed.map { ($0.file.description, String(decoding: $0.content, as: UTF8.self)) })
    }

    @Test(arguments: [
        ("train.dim=70", "dim: 50", "dim: 70"), ("train.dim=text: x", "dim: 50", "dim: 'text: x'"),
        ("train.lr=1e-5", "lr: 0.1", "lr: 1.0e-05"), ("train.lr=", "lr: 0.1", "lr: ''"),
        ("train.lr=a=b", "lr: 0.1", "lr: a=b"), ("list=[3, z]", "[1, {x: 2}]", "[3, z]"),
        ("list.1.x=z", "x: 2", "x: z"),
        ("a.b=2", "\"a.b\": 1", "\"a.b\": 2"), ("+train.new=true", "lr: 0.1\n", "lr: 0.1\n  new: true\n"),
        ("~train.lr", "  lr: 0.1\n", ""), ("train={}", "train:\n  dim: 50  # size\n  lr: 0.1", "train: {}"),
        ("train.d*=1", "dim: 50", "dim: 1"),
    ])
    func `an override changes the text of its param only`(override: String, old: String, new: String) throws {
        #expect(try apply(override) == ["params.yaml": params.replacing(old, with: new)])
    }

    @Test func `several overrides go to their files, and a file that stays as it is is not written`() throws {
        #expect(
            try apply("p.json:k.v=[1, \"a\"]", "+p.json:k.w=x", "train.dim=50")
                == ["p.json": "{\"k\": {\"v\": [1,\"a\"], \"w\": \"x\"}}\n"])
    }

    @Test(arguments: [
        ("train.dmi=1", "params.yaml has no param `train.dmi`\nhint: did you mean `train.dim`?"),
        ("other=1", "params.yaml has no param `other`\nhint: to add it, write -S +other=value"),
        ("+train.dim=1", "params.yaml already has a param `train.dim`\nhint: to change it, write -S train.dim=value"),
        ("q.yaml:a=1", "params file q.yaml does not exist\nhint: create it, or remove it from `params`"),
        ("train", "`train` does not set a param\nhint: write -S key=value, or -S file.yaml:key=value"),
        ("=1", "`=1` does not set a param\nhint: write -S key=value, or -S file.yaml:key=value"),
    ])
    func `an override that cannot be is refused`(override: String, expected: String) {
        let error = #expect(throws: ParamError.self) { try apply(override) }
        #expect(error?.description == expected)
    }
}
