import JSON
import TestSupport
import Testing

/// Shared and unique bytes, by path, stage and run.
@Suite struct DuCommandTests {
    private struct Row: Equatable {
        let name: String
        let shared: JSONValue
        let unique: JSONValue
    }

    private func rows(_ project: TemporaryProject, _ options: String...) throws -> [Row] {
        let json = try JSONValue(parsing: project.run(["du", "--json"] + options).stdout)
        guard case .array(let rows) = json["rows"] else { return [] }
        return rows.map { Row(name: $0["name"].text(), shared: $0["sharedBytes"], unique: $0["uniqueBytes"]) }
    }

    /// Of 3,000 bytes that cannot be compressed.
    private func write(_ project: TemporaryProject, _ path: String, seed: UInt64, count: Int = 3000) throws {
        var random = SeededRandom(seed: seed)
        try project.write(path, bytes: (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }

    @Test func `what two paths have together is shared, and the rest is their own`() throws {
        let project = try TemporaryProject()
        try write(project, "one/same", seed: 1)
        try write(project, "one/own", seed: 2, count: 500)
        try write(project, "two", seed: 1)
        try project.succeed("init")
        try project.succeed("add", "one", "two")
        let found = try rows(project)
        #expect(found.map(\.name) == [#""one""#, #""two""#])
        #expect(found.map(\.shared) == [.integer(3000), .integer(3000)])
        #expect(found[1].unique == .integer(0))
        guard case .integer(let own) = found[0].unique else { return }
        // The file and the listing of the folder.
        #expect(own > 500 && own < 800)
    }

    @Test func `stages and runs share what did not change`() throws {
        let project = try TemporaryProject(["params.yaml": "a: 1\n"])
        try write(project, "data", seed: 3)
        try project.write(
            "repro.yaml",
            """
            stages:
              copy: {cmd: cp data copy, deps: [data], outs: [copy]}
              both: {cmd: cat copy params.yaml > both, deps: [copy], params: [a], outs: [both]}

            """)
        try project.succeed("init")
        try project.succeed("run", "--name", "first")
        try project.succeed("run", "--name", "second", "-S", "a=22")
        let stages = try rows(project, "--stages")
        #expect(Set(stages.map(\.name)) == [#""copy""#, #""both""#])
        #expect(stages.allSatisfy { $0.shared == .integer(0) })
        let runs = try rows(project, "--runs")
        #expect(Set(runs.map(\.name)) == [#""first""#, #""second""#])
        // The out of `copy` is in both, that of `both` in one.
        for run in runs {
            guard case .integer(let shared) = run.shared, case .integer(let unique) = run.unique else { return }
            #expect(shared >= 3000 && unique >= 3000 && unique < 4000)
        }
        #expect(try project.run("du", "--runs", "--stages").status == 2)
        let header = try project.run("du").stdout.split(separator: "\n")[0].split(separator: " ")
        #expect(header == ["path", "objects", "on", "disk", "shared", "alone"])
    }
}
