import Diagnostics
import Files
import JSON
import Pipelines
import Testing

@Suite struct ReadParamsTests {
    private let files: [String: String] = [
        "params.yaml": "lr: 0.1\ntrain:\n  dim: 50\n  layers: [1, 2]\n  opt: {name: adam, none: {}}\nseed: null\n",
        "p.json": #"{"a": {"x1": 1, "y": NaN}}"#,
    ]

    /// What a stage with these `params` reads, as `file: key=value …`.
    private func read(_ params: String) throws -> [String] {
        let stage = try #require(try stages("stages: {s: {cmd: x, params: \(params)}}", files).first)
        let values = try readParams(stage.params, from: .inMemory(files))
        return values.sorted { $0.key < $1.key }.map { file, values in
            "\(file): " + values.map { "\($0.key)=\($0.value.text())" }.joined(separator: " ")
        }
    }

    @Test(arguments: [
        ("[lr, train.dim]", ["params.yaml: lr=0.1 train.dim=50"]),
        ("[train]", ["params.yaml: train.dim=50 train.layers=[1,2] train.opt.name=\"adam\" train.opt.none={}"]),
        ("[train.layers.1, train.d*, train.dim]", ["params.yaml: train.layers.1=2 train.dim=50"]),
        (
            "[lr, {p.json: }]", ["p.json: a.x1=1 a.y=NaN", "params.yaml: lr=0.1"]
        ),
        ("[p.json: ['a.x?']]", ["p.json: a.x1=1"]), ("[seed]", ["params.yaml: seed=null"]),
    ])
    func `values come with dotted keys in the order asked for`(params: String, expected: [String]) throws {
        #expect(try read(params) == expected)
    }

    @Test(arguments: [
        (
            "[train.dmi]",
            "repro.yaml:1:31: params.yaml has no param `train.dmi`\nhint: did you mean `train.dim`?"
        ),
        (
            "[q.yaml: [a]]",
            "repro.yaml:1:31: params file q.yaml does not exist\nhint: create it, or remove it from `params`"
        ),
        (
            "['train.*']",
            "repro.yaml:1:31: `train.*` must mean one param of params.yaml, but means 3: train.dim, train.layers, "
                + "train.opt\nhint: name one of them"
        ),
    ])
    func `a param that is not there is an error`(params: String, expected: String) {
        let error = #expect(throws: ParamError.self) { try read(params) }
        #expect(error?.description == expected)
    }

    @Test func `a file that holds no mapping is an error`() {
        let error = #expect(throws: ParamError.self) {
            try ParamReader(files: .inMemory(["p.yaml": "- a\n"])).readAll(of: RelativePath(parsing: "p.yaml"))
        }
        #expect(error?.description == "params file p.yaml does not hold a mapping\nhint: write `key: value` lines")
    }
}
