import Diagnostics
import Files
import Pipelines
import Testing

@Suite struct TemplateTests {
    private let params = "a: {b: [10, x], t: true, n: null, f: 1.0e-5}\nname: model\nlist: [p, q]\n"

    private func command(_ text: String, params: String? = nil) throws -> [String]? {
        try stages("stages:\n  x:\n    cmd: \(text)\n", ["params.yaml": params ?? self.params]).first?.commands
    }

    @Test(arguments: [
        ("run ${name} ${a.b[0]} ${a.b.1} ${ a.t }", "run model 10 x true"), ("${a.n}-${a.f}", "None-1e-05"),
        ("echo \\${HOME} ${name}", "echo ${HOME} model"), ("echo ${HOME", "echo ${HOME"), ("echo $HOME", "echo $HOME"),
        ("${a.b[-1]}", "x"), ("${name}", "model"),
    ])
    func `values are replaced as DVC replaces them`(text: String, expected: String) throws {
        #expect(try command(text) == [expected])
    }

    @Test func `a mapping in a command becomes its options`() throws {
        let params = """
            o: {lr: 0.1, deep: {x: it's, y: [1, a b, true]}, on: true, off: false, none: null, s: ok, e: {}}
            """
        #expect(
            try command("run ${o}", params: params) == [
                "run --lr 0.1 --deep.x 'it'\"'\"'s' --deep.y 1 'a b' True --on --none None --s ok"
            ])
        #expect(try command("${o.deep}", params: "o: {deep: {x: 1}}") == ["--x 1"])
    }

    @Test func `the config of DVC says how flags and lists become options`() throws {
        let files = [
            "params.yaml": "o: {on: true, off: false, l: [1, a]}",
            ".dvc/config": "[core]\n    bool = x\n[parsing]\n    bool = boolean_optional\n    list = append\n",
        ]
        let text = "stages: {x: {cmd: '${o}'}}"
        #expect(try stages(text, files).first?.commands == ["--on --no-off --l 1 --l a"])
        let local = [".dvc/config.local": "[parsing]\nlist = nargs\n"]
        #expect(try stages(text, files.merging(local) { $1 }).first?.commands == ["--on --no-off --l 1 a"])
    }

    @Test func `every value of a stage and the names of its paths are templates`() throws {
        let text = """
            stages:
              x:
                wdir: ${d}
                cmd: c
                deps: ["${f}.txt"]
                params: ["${k}", "${f}.yaml": ["${k}"]]
                outs: ["${f}": {cache: "${no}"}]
                frozen: ${no}
                desc: about ${f}
            """
        let stage = try #require(try stages(text, ["params.yaml": "{d: dir, f: file, k: key, no: false}"]).first)
        #expect(stage.workingDirectory.description == "dir")
        #expect(stage.dependencies.map(\.path.description) == ["dir/file.txt"])
        #expect(stage.params.map(\.file.description) == ["dir/params.yaml", "dir/file.yaml"])
        #expect(stage.params.flatMap(\.keys).map(\.name) == ["key", "key"])
        #expect(stage.outputs.first?.path.description == "dir/file")
        #expect(stage.outputs.first?.isCached == false)
        #expect(stage.summary == "about file")
    }

    @Test(arguments: [
        (
            "echo ${nane}",
            "repro.yaml:3:15: stage x: `cmd`: ${nane} is not defined\nhint: did you mean ${name}?"
        ),
        (
            "|\n      one\n      two ${name} ${a.c}",
            "repro.yaml:5:19: stage x: `cmd`: ${a.c} is not defined\nhint: did you mean ${a.b}?"
        ),
        (
            "echo ${PATH}",
            "repro.yaml:3:15: stage x: `cmd`: ${PATH} is not defined\n"
                + "hint: define it in params.yaml or `vars`; write \\${…} to leave it to the shell"
        ),
        (
            "echo ${}",
            "repro.yaml:3:15: stage x: `cmd`: ${} cannot be read\n"
                + "hint: write ${name}, ${name.part} or ${list[0]}; write \\${…} to leave it to the shell"
        ),
        (
            "echo ${list}",
            "repro.yaml:3:15: stage x: `cmd`: ${list} is a list, and only a text or a number can stand here\n"
                + "hint: name one value of it, as ${name[0]}"
        ),
    ])
    func `a template that cannot be replaced is shown with its place`(text: String, expected: String) {
        let error = #expect(throws: PipelineLanguageError.self) { try command(text) }
        #expect(error?.description == expected)
    }

    @Test(arguments: ["a.", "a..b", "a[", "a[]", "a]b", "[0]", ".a", "a[0]b", "a[b.c]", " ", "a[${b}]"])
    func `what is no path of names cannot be read`(expression: String) {
        #expect(throws: PipelineLanguageError.self) { try command("'echo ${\(expression)}'") }
    }
}

@Suite struct VarsTests {
    private func command(_ vars: String, cmd: String, _ files: [String: String] = [:]) throws -> String? {
        try stages("vars: \(vars)\nstages:\n  x:\n    cmd: \(cmd)\n", files).first?.commands.first
    }

    @Test func `values come from params.yaml, files, parts of files and the file itself`() throws {
        let files = [
            "params.yaml": "p: 1\nshared: {a: 1}", "v.json": #"{"j": 2, "shared": {"b": 2}}"#,
            "w.yaml": "x: 3\ny: 4\nz: {k: 5}",
        ]
        #expect(
            try command(
                "[v.json, 'w.yaml:x,z', {i: 6, shared: {c: 3}}]",
                cmd: "${p}${j}${x}${z.k}${i} ${shared.a}${shared.b}${shared.c}", files) == "12356 123")
    }

    @Test func `the same file may be listed twice, and params.yaml too`() throws {
        #expect(
            try command(
                "[params.yaml, v.yaml, v.yaml, 'w.yaml:a', 'w.yaml:b']", cmd: "${a}${b}${c}${p}",
                ["params.yaml": "p: 0", "v.yaml": "c: 1", "w.yaml": "{a: 2, b: 3}"]) == "2310")
    }

    @Test func `a stage has vars of its own, relative to its wdir`() throws {
        let text = """
            vars: [{g: {a: 1}}]
            stages:
              x:
                wdir: sub
                vars: [local.yaml, {g: {b: 2}}]
                cmd: ${l} ${g.a} ${g.b}
              y: {cmd: "${g.a}"}
            """
        #expect(try stages(text, ["sub/local.yaml": "l: 7"]).map(\.commands) == [["7 1 2"], ["1"]])
    }

    @Test func `vars of a file in a folder may lie above it`() throws {
        let definition = try loadPipeline(
            from: .inMemory([
                "a/b/dvc.yaml": "vars: [../../params.yaml]\nstages:\n  x:\n    wdir: ../..\n    cmd: ${v}\n",
                "params.yaml": "v: 5",
            ]))
        #expect(definition.stages.first?.commands == ["5"])
        #expect(definition.stages.first?.workingDirectory == .root)
        #expect(definition.files.map(\.description) == ["a/b/dvc.yaml", "params.yaml"])
    }

    @Test(arguments: [
        (
            "[{lr: 2}]",
            "repro.yaml:1:8: vars: `lr` of vars[0] is already defined in params.yaml\n"
                + "hint: rename one of the two; vars add to each other and never override"
        ),
        ("[no.yaml]", "repro.yaml:1:8: vars: no.yaml does not exist\nhint: create it, or remove it from `vars`"),
        (
            "['params.yaml:lr']",
            "repro.yaml:1:8: vars: params.yaml is already loaded, at least in part\n"
                + "hint: list each file once, params.yaml not at all"
        ),
        ("['v.yaml:ba']", "repro.yaml:1:8: vars: v.yaml has no key `ba`\nhint: did you mean `bar`?"),
        ("['${lr}']", "repro.yaml:1:9: repro.yaml: `vars`: ${…} cannot be used here\nhint: write the value itself"),
    ])
    func `a mistake in vars is shown`(vars: String, expected: String) {
        let error = #expect(throws: PipelineLanguageError.self) {
            try command(vars, cmd: "x", ["params.yaml": "lr: 1", "v.yaml": "bar: 1"])
        }
        #expect(error?.description == expected)
    }
}
