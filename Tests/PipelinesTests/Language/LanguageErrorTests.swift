import Diagnostics
import Pipelines
import TestSupport
import Testing

@Suite struct LanguageErrorTests {
    @Test(arguments: [
        (
            "stages:\n",
            "repro.yaml:1:8: repro.yaml: `stages` needs a mapping of stages, not nothing"
        ),
        ("- a\n", "repro.yaml:1:1: repro.yaml: `repro.yaml` needs a mapping, not a list"),
        (
            "stage: {}\n",
            "repro.yaml:1:1: repro.yaml: unknown key `stage`\nhint: did you mean `stages`?"
        ),
        (
            "stages: {x: {cmd: a, dep: [b]}}\n",
            "repro.yaml:1:22: stage x: unknown key `dep`\nhint: did you mean `deps`?"
        ),
        (
            "stages: {x: {cmd: a, outs: [b: {cach: false}]}}\n",
            "repro.yaml:1:33: stage x: `outs`: b: unknown key `cach`\nhint: did you mean `cache`?"
        ),
        (
            "stages: {x: {deps: [b]}}\n",
            "repro.yaml:1:10: stage x: `cmd` is missing\nhint: add `cmd:` with the command that makes the outputs"
        ),
        (
            "stages: {x: {cmd: false}}\n",
            "repro.yaml:1:19: stage x: `cmd` needs text, not true or false\nhint: put it into quotes"
        ),
        (
            "stages: {x: {cmd: {a: b}}}\n",
            "repro.yaml:1:19: stage x: `cmd` needs text or a list of texts, not a mapping"
        ),
        ("stages: {x: {cmd: a, deps: b}}\n", "repro.yaml:1:28: stage x: `deps` needs a list of paths, not text"),
        (
            "stages: {x: {cmd: a, deps: [7]}}\n",
            "repro.yaml:1:29: stage x: `deps` needs text, not a number\nhint: put it into quotes"
        ),
        ("stages: {x: {cmd: a, frozen: 1}}\n", "repro.yaml:1:30: stage x: `frozen` needs true or false, not a number"),
        ("stages: {x: y}\n", "repro.yaml:1:13: stage x: `x` needs a mapping, not text"),
        (
            "stages: {x: {cmd: a, wdir: ../up}}\n",
            "repro.yaml:1:28: stage x: `wdir`: path ../up is outside the project\n"
                + "hint: use a path inside the project's folder"
        ),
        (
            "stages: {x: {cmd: a, outs: [../b]}}\n",
            "repro.yaml:1:29: stage x: out ../b is outside the project\n"
                + "hint: write to a path inside the project, or set `cache: false` on the out"
        ),
        ("stages: {x: {cmd: a, deps: ['']}}\n", "repro.yaml:1:29: stage x: `deps`: a path is empty"),
        (
            "stages: {x: {cmd: a, timeout: soon}}\n",
            "repro.yaml:1:31: stage x: `timeout`: soon is not a duration such as `90s`, `5m` or `1h30m`"
        ),
        (
            "stages: {x: {cmd: a, retries: -1}}\n",
            "repro.yaml:1:31: stage x: `retries`: -1 is not a whole number from 0 to 100"
        ),
        (
            "stages: {x: {cmd: a, resources: {memory: lots}}}\n",
            "repro.yaml:1:42: stage x: `resources.memory`: lots is not a size such as `4GiB` or `500MB`"
        ),
        (
            "stages: {x: {foreach: [1], do: {cmd: a}, deps: [b]}}\n",
            "repro.yaml:1:42: stage x: `deps` cannot stand beside `foreach`\n"
                + "hint: put `deps` under `do`, or remove `foreach`"
        ),
        ("stages: {x: {foreach: [1]}}\n", "repro.yaml:1:10: stage x: `do` is missing"),
        (
            "stages: {x: {foreach: 5, do: {cmd: a}}}\n",
            "repro.yaml:1:23: stage x: `foreach` needs a list or a mapping, not a number"
        ),
        (
            "stages: {x@1: {cmd: a}, x: {foreach: [1], do: {cmd: a}}}\n",
            "repro.yaml:1:25: stage x@1 is defined twice; the first is at repro.yaml:1:10\nhint: rename one of the two"
        ),
        ("artifacts: {m: {type: t}}\n", "repro.yaml:1:13: artifact m: `path` is missing"),
    ])
    func `a mistake is shown with its place and what to do`(text: String, expected: String) {
        let error = #expect(throws: PipelineLanguageError.self) { try stages(text) }
        #expect(error?.description == expected)
    }
}

@Suite struct LanguageGarbageTests {
    /// Pieces that make sense often enough to get far.
    private let pieces = [
        "stages:\n", "  x:\n", "  y: ", "    cmd: ", "    deps: ", "    outs:\n", "      - ", "foreach: ", "do: ",
        "matrix: ",
        "    params: ", "    vars: ", "${", "}", "${item}", "${a.b[0]}", "[", "]", "{", "}", ": ", ", ", "a", "b/c",
        "../",
        "'", "\"", "\n", "  ", "    ", "- ", "|\n", "&x ", "*x", "<<: ", "null", "5", "true", "wdir: ", "plots: ", "é",
        "metrics: ", "artifacts: ", "timeout: 5m", "resources: {cpus: 1}", "env: ", "\\${", "\t", "#", "frozen: true\n",
    ]

    @Test func `garbage is refused or read, but never crashes`() {
        var random = SeededRandom(seed: 20_261_121)
        for _ in 0..<10_000 {
            let text = (0..<random.next(below: 25)).map { _ in pieces[random.next(below: pieces.count)] }.joined()
            let files = ProjectFiles.inMemory(["dvc.yaml": text, "params.yaml": "a: {b: [1]}\n"])
            guard let definition = try? loadPipeline(from: files) else { continue }
            _ = try? PipelineGraph(definition.stages)
            for stage in definition.stages { _ = try? readParams(stage.params, from: files) }
        }
    }
}
