import Files
import JSON
import TestSupport
import Testing

/// The projects of fixtures/projects that can be run, edit by edit: the stages that run are those that DVC 3.67 ran.
/// `make compare-with-dvc` asks DVC again.
@Suite struct FixtureProjectsTests {
    static let folder = AbsolutePath(#filePath + "/../../../fixtures/projects")

    @Test(arguments: [
        "run-chain", "run-crlf", "run-folders", "run-foreach", "run-frozen", "run-itself", "run-lines", "run-matrix",
        "run-params", "run-subfolder", "run-tools", "run-uncached", "run-wild",
    ])
    func `after each edit those stages run that DVC would run`(name: String) throws {
        let project = try TemporaryProject()
        let source = Self.folder.appending(name)
        let copying = try project.shell("cp -r '\(source)/.' . && rm -f edits.json stages.json")
        #expect(copying.status == 0)
        guard case .array(let steps) = try JSONValue(parsing: FileSystem.real.read(source.appending("edits.json")))
        else {
            Issue.record("edits.json is not a list")
            return
        }
        for case .object(let step) in steps {
            guard case .string(let edit)? = step["edit"], case .array(let expected)? = step["ran"] else { continue }
            #expect(try project.shell(edit).status == 0)
            #expect(try ran(project) == expected.map { $0.text() }, "after: \(edit)")
        }
    }

    private func ran(_ project: TemporaryProject) throws -> [String] {
        let output = try project.succeed("run", "--json").stdout
        guard case .object(let report) = try JSONValue(parsing: Array(output.utf8)),
            case .array(let stages)? = report["stages"]
        else { return [] }
        return stages.compactMap { stage -> String? in
            guard case .object(let stage) = stage, stage["state"] == .string("ran") else { return nil }
            return stage["stage"]?.text()
        }.sorted()
    }
}
