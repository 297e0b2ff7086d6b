import Experiments
import Files
import Objects
import TestSupport
import Testing

@testable import Operations

@Suite struct DivergenceTests {
    @Test func `another param leads to the stage that has it, and down to the metric`() throws {
        let project = try PipelineProject()
        try project.run { $0.name = "a" }
        try project.run {
            $0.name = "b"
            $0.overrides = ["by=5"]
        }
        let found = try #require(try project.divergence("a", "b", metric: "value"))
        // The param is a part of the command.
        #expect(found.cause == .commands)
        #expect(found.stage == "double")
        #expect(found.course == ["double", "report"])
        #expect(found.params.map(\.name) == ["by"])
    }

    @Test func `another file leads to its rows`() throws {
        let project = try PipelineProject(
            """
            stages:
              pick:
                cmd: tail -n 1 table.csv > picked.txt
                deps: [table.csv]
                outs: [picked.txt]
              report:
                cmd: |-
                  echo "{\\"value\\": $(cat picked.txt)}" > report.json
                deps: [picked.txt]
                metrics: [report.json]

            """, files: ["table.csv": "n\n1\n2\n3\n"])
        try project.run { $0.name = "a" }
        try project.folder.write("n\n1\n5\n4\n", to: "table.csv")
        try project.run { $0.name = "b" }
        // As if both versions were tracked: what a stage reads is not kept by itself.
        let store = try OpenProject(project.surroundings()).store
        for content in ["n\n1\n2\n3\n", "n\n1\n5\n4\n"] { _ = try store.put(Array(content.utf8)) }
        let found = try #require(try project.divergence("a", "b", metric: "value"))
        #expect(found.cause == .files)
        #expect(found.stage == "pick")
        #expect(found.course == ["pick", "report"])
        #expect(found.files.map(\.path) == ["table.csv"])
        let difference = try #require(found.files.first?.difference)
        #expect(difference.rowsBefore == 3...4)
        #expect(difference.rowsAfter == 3...4)
        #expect(difference.lineBefore == "2")
        #expect(difference.lineAfter == "5")
        #expect(difference.bytesBefore == 4..<7)
    }

    @Test func `a stage that makes something else from the same is not deterministic`() throws {
        let project = try PipelineProject(
            """
            stages:
              draw:
                cmd: cat count >> n; cat n > drawn.txt
                deps: [seed.txt]
                outs: [drawn.txt]

            """, files: ["seed.txt": "1\n", "count": "x"])
        try project.run { $0.name = "a" }
        try project.run {
            $0.name = "b"
            $0.isForced = true
        }
        let found = try #require(try project.divergence("a", "b", metric: nil))
        #expect(found.cause == .outputs)
        #expect(found.stage == "draw")
        #expect(found.files.map(\.path) == ["drawn.txt"])
    }

    @Test func `runs that are the same part nowhere`() throws {
        let project = try PipelineProject()
        try project.run { $0.name = "a" }
        try project.run { $0.name = "b" }
        #expect(try project.divergence("a", "b", metric: "value") == nil)
    }

    @Test(
        arguments: [
            ("a\nb\nc\n", "a\nX\nc\n", 2...2, 2...2), ("a\nb\n", "a\nb\nc\n", nil, 3...3),
            ("a\nb\nc\n", "a\nc\n", 2...2, nil), ("a", "ab", 1...1, 1...1), ("", "x\n", nil, 1...1),
            ("same\nold 1\nold 2\nend", "same\nnew\nend", 2...3, 2...2),
        ] as [(String, String, ClosedRange<Int>?, ClosedRange<Int>?)])
    func `rows that differ are whole rows`(
        before: String, after: String, rowsBefore: ClosedRange<Int>?, rowsAfter: ClosedRange<Int>?
    ) throws {
        let difference = try #require(ContentDifference.between(Array(before.utf8), Array(after.utf8)))
        #expect(difference.isText)
        #expect(difference.rowsBefore == rowsBefore)
        #expect(difference.rowsAfter == rowsAfter)
    }

    @Test func `of bytes that are no text the range is told`() throws {
        let difference = try #require(ContentDifference.between([1, 0, 2, 3], [1, 0, 9, 9, 3]))
        #expect(!difference.isText)
        #expect(difference.bytesBefore == 2..<3)
        #expect(difference.bytesAfter == 2..<4)
        #expect(difference.rowsBefore == nil)
        #expect(ContentDifference.between([1], [1]) == nil)
    }
}

extension PipelineProject {
    fileprivate func divergence(_ base: String, _ other: String, metric: String?) throws -> RunDivergence? {
        let opened = try OpenProject(surroundings())
        return try findDivergence(
            of: try opened.requireRun(other), from: try opened.requireRun(base), metric: metric,
            experiments: opened.experiments, objects: opened.store)
    }
}
