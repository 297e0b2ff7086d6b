import Diagnostics
import Files
import JSON
import Pipelines
import Testing

/// The stages of one pipeline file, with other files beside it.
func stages(_ text: String, _ others: [String: String] = [:]) throws -> [Stage] {
    try loadPipeline(from: .inMemory(others.merging(["repro.yaml": text]) { $1 })).stages
}

@Suite struct LoadPipelineTests {
    @Test func `a stage is read with all its keys`() throws {
        let text = """
            stages:
              train:
                desc: Train it
                wdir: src
                cmd: [python a.py, python b.py]
                deps: [a.py, ./data/, ../shared.txt]
                params: [lr, train.dim, {other.yaml: [x]}, {whole.json: }]
                outs:
                  - model
                  - big: {cache: false, persist: true, push: false, remote: r, desc: d}
                metrics: [m.json: {cache: false}]
                plots: [p.csv: {x: step, y: loss}]
                frozen: true
                always_changed: true
                deterministic: false
                timeout: 1h30m
                retries: 2
                env: {A: 1, B: null}
                resources: {cpus: 2.5, memory: 4GiB, gpus: 1}
                meta: {anything: [1]}
            """
        let stage = try #require(try stages(text).first)
        #expect(stage.name.text == "train")
        #expect(stage.summary == "Train it")
        #expect(stage.commands == ["python a.py", "python b.py"])
        #expect(stage.workingDirectory.description == "src")
        #expect(stage.dependencies.map(\.path.description) == ["src/a.py", "src/data", "shared.txt"])
        #expect(stage.params.map(\.file.description) == ["src/params.yaml", "src/other.yaml", "src/whole.json"])
        #expect(stage.params.map { $0.keys.map(\.name) } == [["lr", "train.dim"], ["x"], []])
        #expect(stage.outputs.map(\.path.description) == ["src/model", "src/big", "src/m.json", "src/p.csv"])
        #expect(stage.outputs.map(\.role) == [.output, .output, .metric, .plot])
        #expect(stage.outputs.map(\.isCached) == [true, false, false, true])
        #expect(stage.outputs[1].persists && !stage.outputs[1].isPushed)
        #expect(stage.outputs[1].annotations == ["remote": .string("r"), "desc": .string("d")])
        #expect(stage.outputs[3].annotations == ["x": .string("step"), "y": .string("loss")])
        #expect(stage.isFrozen && stage.alwaysChanged && !stage.isDeterministic)
        #expect(stage.timeout == .seconds(5400))
        #expect(stage.retries == 2)
        #expect(stage.environment == [.init(name: "A", value: "1"), .init(name: "B", value: nil)])
        #expect(stage.resources.cpus == 2.5)
        #expect(stage.resources.memoryBytes == 4 << 30)
        #expect(stage.resources.gpus == 1)
        #expect(stage.location.description == "repro.yaml:2:3")
    }

    @Test(arguments: [
        ("cmd: |\n        a\n\n        b | c\n", ["a", "b | c"]),
        ("cmd: >-\n        a |\n        b && c\n", ["a | b && c"]),
        ("cmd:\n        - |\n          a\n          b\n        - c\n", ["a\nb\n", "c"]),
        ("cmd: \"a\\r\\nb\"\n", ["a", "b"]),
        ("cmd: 'false'\n", ["false"]),
    ])
    func `each line of a text is a command, an item of a list is one`(yaml: String, expected: [String]) throws {
        #expect(try stages("stages:\n    x:\n      \(yaml)").first?.commands == expected)
    }

    @Test func `a file with Windows line ends is read alike, and a backslash is part of a name`() throws {
        let text = "stages:\r\n  x:\r\n    cmd: |\r\n      a\r\n      b\r\n    deps:\r\n    - .\\src\\x.py\r\n"
        let stage = try #require(try stages(text).first)
        #expect(stage.commands == ["a", "b"])
        #expect(stage.dependencies.map(\.path.description) == [".\\src\\x.py"])
    }

    @Test func `options of a repeated output add up, and all params of a file win over some of them`() throws {
        let text = """
            stages:
              x:
                cmd: x
                outs: [a: {cache: false}, a: {persist: true}, a/]
                params: [lr, {params.yaml: }, {p.json: [a, b, a]}, {p.json: [c]}]
            """
        let stage = try #require(try stages(text).first)
        #expect(stage.outputs.map(\.path.description) == ["a"])
        #expect(stage.outputs.allSatisfy { !$0.isCached && $0.persists })
        #expect(stage.params.map { $0.keys.map(\.name) } == [[], ["a", "b", "c"]])
    }

    @Test func `URLs, absolute paths and paths above the project are external`() throws {
        let text = """
            stages:
              x:
                cmd: x
                deps: ["s3://b/k", /etc/hosts, ../above, here]
                outs: [/mnt/x: {cache: false}]
            """
        let stage = try #require(try stages(text).first)
        #expect(stage.externalDependencies.map(\.text) == ["s3://b/k", "/etc/hosts", "../above"])
        #expect(stage.dependencies.map(\.path.description) == ["here"])
        #expect(stage.externalOutputs.map(\.text) == ["/mnt/x"])
        #expect(stage.outputs.isEmpty)
    }

    @Test func `dvc.yaml of sub-folders are found, but not below outputs, tracked data and hidden folders`() throws {
        let file = "stages:\n  s:\n    cmd: c\n    deps: [d]\n    outs: [out]\n    params: [p]\n"
        let definition = try loadPipeline(
            from: .inMemory([
                "dvc.yaml": file, "b/dvc.yaml": file, "a/c/dvc.yaml": file, "out/dvc.yaml": file,
                "b/out/dvc.yaml": file, ".git/dvc.yaml": file, "raw.dvc": "", "raw/dvc.yaml": file,
                "node_modules/x/dvc.yaml": file,
            ]))
        #expect(definition.stages.map(\.name.text) == ["s", "a/c/dvc.yaml:s", "b/dvc.yaml:s"])
        #expect(definition.stages[1].dependencies.map(\.path.description) == ["a/c/d"])
        #expect(definition.stages[1].params.map(\.file.description) == ["a/c/params.yaml"])
        #expect(definition.files.map(\.description) == ["dvc.yaml", "a/c/dvc.yaml", "b/dvc.yaml"])
    }

    @Test func `ignored folders and projects inside the project are not looked into`() throws {
        let file = "stages:\n  s:\n    cmd: c\n"
        let definition = try loadPipeline(
            from: .inMemory([
                ".gitignore": "venv/\n/build\n*.egg-info\n# comment\n!kept.egg-info\n",
                ".dvcignore": "a/**/tmp\nlogs-[0-9]\n", "b/.gitignore": "/local\n",
                "venv/dvc.yaml": file, "x/venv/dvc.yaml": file, "build/dvc.yaml": file, "x/build/dvc.yaml": file,
                "p.egg-info/dvc.yaml": file, "kept.egg-info/dvc.yaml": file, "a/b/c/tmp/dvc.yaml": file,
                "a/tmp/dvc.yaml": file, "tmp/dvc.yaml": file, "logs-1/dvc.yaml": file, "logs-x/dvc.yaml": file,
                "b/local/dvc.yaml": file, "local/dvc.yaml": file, "sub/.dvc/config": "", "sub/dvc.yaml": file,
                "sub/deep/dvc.yaml": file,
            ]))
        #expect(
            definition.files.map(\.description) == [
                "kept.egg-info/dvc.yaml", "local/dvc.yaml", "logs-x/dvc.yaml", "tmp/dvc.yaml", "x/build/dvc.yaml",
            ])
    }

    @Test func `repro.yaml at the root stands alone`() throws {
        let definition = try loadPipeline(
            from: .inMemory(["repro.yaml": "stages: {a: {cmd: x}}", "dvc.yaml": "?!", "sub/dvc.yaml": "?!"]))
        #expect(definition.stages.map(\.name.text) == ["a"])
    }

    @Test func `what stands beside the stages is read`() throws {
        let text = """
            vars: [{dir: out, keys: [a, b]}]
            metrics: ["${dir}/m.json"]
            params: [extra.yaml]
            plots:
              - ${dir}/p.csv
              - curves: {x: step, y: {a.csv: "${keys}"}, title: T}
              - roc.png:
            artifacts:
              model: {path: "${dir}/m.bin", type: model, labels: [x], meta: {k: 1}}
            datasets: [{name: d, type: url, url: u}]
            """
        let definition = try loadPipeline(from: .inMemory(["sub/dvc.yaml": text]))
        #expect(definition.metrics.map(\.path.description) == ["sub/out/m.json"])
        #expect(definition.params.map(\.path.description) == ["sub/extra.yaml"])
        #expect(definition.plots.map(\.name) == ["out/p.csv", "curves", "roc.png"])
        #expect(
            definition.plots[1].properties == [
                "x": .string("step"), "y": .object(["a.csv": .array([.string("a"), .string("b")])]),
                "title": .string("T"),
            ])
        #expect(definition.artifacts.first?.path.description == "sub/out/m.bin")
        #expect(definition.artifacts.first?.annotations.keys == ["type", "labels", "meta"])
    }

    @Test func `an empty file has no stages, and no file at all is an error`() throws {
        #expect(try stages("# nothing yet\n").isEmpty)
        let error = #expect(throws: PipelineLanguageError.self) { try loadPipeline(from: .inMemory([:])) }
        #expect(
            error?.description
                == "the project has no pipeline: there is neither repro.yaml nor dvc.yaml\n"
                + "hint: write repro.yaml with a `stages:` section; see `repro help pipeline`")
    }
}
