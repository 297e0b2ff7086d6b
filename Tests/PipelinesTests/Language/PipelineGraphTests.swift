import Diagnostics
import Files
import Pipelines
import Testing

@Suite struct PipelineGraphTests {
    private func graph(_ body: String) throws -> PipelineGraph { try PipelineGraph(stages("stages:\n" + body)) }

    private func names(_ graph: PipelineGraph, _ indices: [Int]) -> [String] {
        indices.map { graph.stages[$0].name.text }
    }

    private let diamond = """
          end: {cmd: x, deps: [l.txt, r.txt]}
          left: {cmd: x, deps: [start/file], outs: [l.txt]}
          right: {cmd: x, deps: [start], outs: [r.txt]}
          begin: {cmd: x, outs: [start]}
          alone: {cmd: x}
        """

    @Test func `stages are ordered after those they wait for`() throws {
        let graph = try graph(diamond)
        #expect(names(graph, graph.order) == ["begin", "left", "right", "end", "alone"])
        #expect(graph.upstream == [[1, 2], [3], [3], [], []])
        #expect(graph.downstream == [[], [0], [0], [1, 2], []])
        #expect(names(graph, graph.ancestors(of: [1])) == ["begin", "left"])
        #expect(names(graph, graph.descendants(of: [1, 4])) == ["left", "end", "alone"])
    }

    @Test func `an edge also comes from a folder that holds outputs, and from a params file`() throws {
        let graph = try graph(
            """
              a: {cmd: x, outs: [data/a, data/b/c]}
              b: {cmd: x, deps: [data], outs: [conf/p.yaml]}
              c: {cmd: x, params: [conf/p.yaml: [k]]}
              d: {cmd: x, deps: [data/b, database]}
            """)
        #expect(graph.upstream == [[], [0], [1], [0]])
    }

    @Test(arguments: [
        ("left", ["left"]), ("r.txt", ["right"]), ("start/file", ["begin"]), ("dvc.yaml:end", ["end"]),
        ("repro.yaml", ["end", "left", "right", "begin", "alone"]),
    ])
    func `a target is a stage, a file or a path`(target: String, expected: [String]) throws {
        let graph = try graph(diamond)
        #expect(names(graph, try graph.stages(named: target)) == expected)
    }

    @Test func `a target may be a group of generated stages`() throws {
        let graph = try graph("  g: {foreach: [a, b], do: {cmd: x}}\n  go: {cmd: x}\n")
        #expect(names(graph, try graph.stages(named: "g")) == ["g@a", "g@b"])
        let error = #expect(throws: PipelineLanguageError.self) { try graph.stages(named: "g@c") }
        #expect(error?.description == "there is no stage or out `g@c`\nhint: did you mean `g@a`?")
        #expect(error?.kind == .notFound)
    }

    @Test(arguments: [
        (
            "  a: {cmd: x, outs: [o]}\n  b: {cmd: x, outs: [./o/]}\n",
            "repro.yaml:3:22: stage b: out o is already an out of stage a, at repro.yaml:2:22\n"
                + "hint: let only one stage write it"
        ),
        (
            "  a: {cmd: x, outs: [o], metrics: [o]}\n",
            "repro.yaml:2:36: stage a: out o is given twice; the first is at repro.yaml:2:22\n"
                + "hint: remove one of the two"
        ),
        (
            "  a: {cmd: x, outs: [o/p/q]}\n  b: {cmd: x, outs: [o]}\n",
            "repro.yaml:2:22: stage a: out o/p/q lies inside o, an out of stage b, at repro.yaml:3:22\n"
                + "hint: let each stage write its own folder"
        ),
        (
            "  a: {cmd: x, deps: [o], outs: [o]}\n",
            "repro.yaml:2:22: stage a: o is both a dep and an out\n"
                + "hint: remove it from `deps`, or let another stage make it"
        ),
        (
            "  a: {cmd: x, deps: [d], outs: [d/o]}\n",
            "repro.yaml:2:22: stage a: dep d and out d/o overlap\n"
                + "hint: remove it from `deps`, or let another stage make it"
        ),
        (
            "  a: {cmd: x, deps: [3], outs: [1]}\n  b: {cmd: x, deps: [1], outs: [2]}\n"
                + "  c: {cmd: x, deps: [2], outs: [3]}\n",
            "repro.yaml:2:3: the stages wait for each other: a → b → c → a\n"
                + "hint: remove one of the `deps` or `outs` that close the circle"
        ),
    ])
    func `stages that clash are shown with both places`(body: String, expected: String) {
        let quoted = body.replacing("[1]", with: "['1']").replacing("[2]", with: "['2']").replacing(
            "[3]", with: "['3']")
        let error = #expect(throws: PipelineLanguageError.self) { try graph(quoted) }
        #expect(error?.description == expected)
    }

    @Test func `ten thousand generated stages in a chain and a fan are planned in a second`() throws {
        let numbers = (0..<5000).map { "{n: \($0), p: \($0 - 1)}" }.joined(separator: ", ")
        let text = """
            vars: [{all: [\(numbers)]}]
            stages:
              chain:
                foreach: ${all}
                do:
                  cmd: run ${item.n}
                  deps: ["c/${item.p}.txt", src]
                  outs: ["c/${item.n}.txt"]
                  params: [a.b]
              fan:
                foreach: ${all}
                do: {cmd: "fan ${item.n}", deps: ["c/${item.n}.txt"], outs: ["f/${item.n}": {cache: false}]}
              last: {cmd: x, deps: [f]}
            """
        var graph: PipelineGraph?
        let elapsed = try ContinuousClock().measure { graph = try PipelineGraph(stages(text)) }
        #expect(graph?.order.count == 10_001)
        #expect(graph?.upstream.last?.count == 5000)
        // A debug build on a busy machine; the release build is measured in benchmarks/.
        #expect(elapsed < .seconds(20))
    }
}
