import Diagnostics
import Files
import Pipelines
import Testing

@Suite struct GeneratedStageTests {
    @Test(arguments: [
        ("[a, 1, true, 1.5, null, a]", ["x@a go a", "x@1 go 1", "x@true go true", "x@1.5 go 1.5", "x@None go None"]),
        ("${list}", ["x@p go p", "x@q go q"]), ("['${name}', b]", ["x@model go model", "x@b go b"]), ("[]", []),
    ])
    func `foreach over texts is named by them`(list: String, expected: [String]) throws {
        let made = try stages(
            "stages:\n  x:\n    foreach: \(list)\n    do: {cmd: \"go ${item}\"}\n",
            ["params.yaml": "list: [p, q]\nname: model"])
        #expect(made.map { "\($0.name) \($0.commands[0])" } == expected)
    }

    @Test func `foreach over mappings is named by position, over a mapping by key`() throws {
        let text = """
            stages:
              list:
                foreach: [{n: a, v: 1}, {n: b, v: 2}]
                do: {cmd: "${item.n} ${item.v}", outs: ["${item.n}.txt"]}
              map:
                foreach: {2020: {v: 1}, us: {v: 2}}
                do: {cmd: "${key} ${item.v}", wdir: "${key}"}
            """
        let made = try stages(text)
        #expect(made.map(\.name.text) == ["list@0", "list@1", "map@2020", "map@us"])
        #expect(made.map(\.commands) == [["a 1"], ["b 2"], ["2020 1"], ["us 2"]])
        #expect(made[3].workingDirectory.description == "us")
    }

    @Test func `a matrix makes every combination, named by its values`() throws {
        let text = """
            stages:
              mx:
                matrix:
                  model: [x, y]
                  data: ["${d}", {v: 2}]
                cmd: ${key} ${item.model} ${item.data.v}
            """
        let made = try stages(text, ["params.yaml": "d: {v: 1}"])
        #expect(made.map(\.name.text) == ["mx@x-data0", "mx@x-data1", "mx@y-data0", "mx@y-data1"])
        #expect(made.map(\.commands) == [["x-data0 x 1"], ["x-data1 x 2"], ["y-data0 y 1"], ["y-data1 y 2"]])
    }

    @Test(arguments: [
        (
            "{foreach: [a], do: {cmd: x, vars: [{item: 1}]}}",
            "repro.yaml:1:48: vars: `item` is set by foreach or matrix and cannot be defined"
        ),
        ("{matrix: {a: x}, cmd: y}", "repro.yaml:1:26: stage g: `matrix.a` needs a list, not text"),
        (
            "{foreach: [a], do: {cmd: '${itme}'}}",
            "repro.yaml:1:39: stage g@a: `cmd`: ${itme} is not defined\nhint: did you mean ${item}?"
        ),
        (
            "{matrix: {a: [x]}, do: {cmd: y}}",
            "repro.yaml:1:32: stage g: `do` cannot stand beside `matrix`\n"
                + "hint: `do` belongs to `foreach`; with `matrix`, write the stage's keys beside it"
        ),
    ])
    func `a mistake in a generator is shown`(body: String, expected: String) {
        let error = #expect(throws: PipelineLanguageError.self) { try stages("stages: {g: \(body)}\n") }
        #expect(error?.description == expected)
    }

    @Test func `a matrix that explodes is refused`() {
        let list = (0..<1000).map(String.init).joined(separator: ", ")
        let error = #expect(throws: PipelineLanguageError.self) {
            try stages("stages: {g: {matrix: {a: [\(list)], b: [\(list)]}, cmd: x}}")
        }
        #expect(error?.message == "stage g: the matrix makes more than 200000 stages")
    }
}
