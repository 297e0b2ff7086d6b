import Files
import FoundationEssentials
import JSON
import Pipelines
import TestSupport
import Testing
import Workspaces
import YAML

@testable import Operations

/// A project that real DVC 3.67 ran, of which Git has everything but the data: that is in DVC's cache.
@Suite struct DVCStateTests {
    let project: PipelineProject

    init() throws {
        project = try PipelineProject("", files: [:])
        _ = try FileSystem.real.removeFile(project.folder["repro.yaml"])
        try copy(AbsolutePath(#filePath + "/../../../fixtures/formats/dvc-3"), to: project.folder.path)
    }

    private func copy(_ source: AbsolutePath, to target: AbsolutePath) throws {
        try FileSystem.real.makeFolders(target)
        for entry in try FileSystem.real.openFolder(source).entries() {
            let name = RelativePath(unchecked: entry.name)
            if entry.status.kind == .folder {
                try copy(source.appending(name), to: target.appending(name))
            } else {
                try FileSystem.real.writeAtomically(
                    FileSystem.real.read(source.appending(name)), to: target.appending(name))
            }
        }
    }

    /// As if this project had never seen Repro.
    private func forgetOurState() throws {
        for name in [".repro", "repro.lock"] { try FileSystem.real.removeTree(project.folder[name]) }
        _ = try Project.create(at: project.folder.path)
    }

    private func actions() throws -> [String] {
        try showStatus([], in: project.surroundings()).steps.map { step in
            switch step.action {
            case .skip: "\(step.stage.name) skip"
            case .frozen: "\(step.stage.name) frozen"
            case .restore: "\(step.stage.name) restore"
            case .run: "\(step.stage.name) run"
            case .waits: "\(step.stage.name) waits"
            }
        }
    }

    @Test func `a params file that is missing hides nothing of the other stages`() throws {
        let pipeline = try project.folder.read("dvc.yaml")
        try project.folder.write(pipeline.replacing("- lr", with: "- other.yaml:"), to: "dvc.yaml")
        let steps = try showStatus([], in: project.surroundings()).steps
        #expect(steps.map(\.stage.name.text) == ["prep", "train", "eval"])
        #expect(steps[1].action.reasons == [.cannotRun("params file other.yaml does not exist")])
    }

    @Test func `what is missing comes from DVC's cache, and nothing runs`() throws {
        #expect(try actions() == ["prep restore", "train restore", "eval restore"])
        #expect(try FileSystem.real.status(of: project.folder["raw"]) == nil)
        #expect(project.states(try project.run()) == ["prep cached", "train cached", "eval cached"])
        #expect(try project.folder.read("raw/ü b.txt") == "drei\n")
        #expect(try project.folder.read("prepared/sub/x.txt") == "x\n")
        #expect(try project.folder.read("metrics.json") == "{\"lines\":2}\n")
        #expect(project.states(try project.run()) == ["prep skipped", "train skipped", "eval skipped"])
    }

    @Test func `a workspace that DVC left is up to date at once`() throws {
        try project.run()
        try forgetOurState()
        #expect(try actions() == ["prep skip", "train skip", "eval skip"])
        #expect(project.states(try project.run()) == ["prep skipped", "train skipped", "eval skipped"])
        // From here on our own lock file speaks: DVC's may go.
        _ = try FileSystem.real.removeFile(project.folder["dvc.lock"])
        #expect(project.states(try project.run()) == ["prep skipped", "train skipped", "eval skipped"])
    }

    @Test func `an out that was believed can be restored later`() throws {
        try project.run()
        try forgetOurState()
        try project.run()
        try FileSystem.real.removeTree(project.folder[".dvc/cache"])
        try FileSystem.real.removeTree(project.folder["prepared"])
        #expect(project.states(try project.run()) == ["prep cached", "train skipped", "eval skipped"])
    }

    @Test func `what changed since DVC ran is not believed`() throws {
        try project.run()
        try forgetOurState()
        let params = try project.folder.read("params.yaml")
        try project.folder.write(params.replacing("dim: 5", with: "dim: 6"), to: "params.yaml")
        #expect(try actions() == ["prep skip", "train run", "eval waits"])
        try project.folder.write("four\n", to: "raw/b.txt")
        #expect(try actions() == ["prep run", "train waits", "eval waits"])
    }

    @Test func `one is 1.0 and True in params, as for DVC`() throws {
        try project.run()
        try forgetOurState()
        let params = try project.folder.read("params.yaml")
        try project.folder.write(params.replacing("deep: true", with: "deep: 1.0"), to: "params.yaml")
        #expect(try actions() == ["prep skip", "train skip", "eval skip"])
    }

    @Test func `a damaged object of DVC's cache is not believed`() throws {
        try project.folder.write("daMAGE\n", to: ".dvc/cache/files/md5/e2/013d33b7d7be93feb5bcf96889439c")
        let actions = try actions()
        #expect(actions == ["prep restore", "train run", "eval waits"])
    }

    @Test func `with lock dvc, the lock file and the cache are as DVC would have left them`() throws {
        try project.run()
        let expected = try YAMLDocument(parsing: Array(project.folder.read("dvc.lock").utf8), file: "dvc.lock").root
            .value
        try forgetOurState()
        let cache = project.folder[".dvc/cache/files"]
        func objects() throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: cache.description).filter { $0.count > 10 }.sorted()
        }
        // DVC also keeps metrics of `cache: false`, and the data that its own commands track.
        let kept = try objects().filter {
            !$0.contains("c2/8dfa30") && !$0.contains("6e/6cdf") && !$0.contains("20/94b6")
        }
        for name in ["dvc.lock", ".dvc/cache"] { try FileSystem.real.removeTree(project.folder[name]) }
        try project.folder.write("lock: dvc\n", to: ".repro/config.yaml")
        #expect(project.states(try project.run()) == ["prep ran", "train ran", "eval ran"])
        let written = try YAMLDocument(parsing: Array(project.folder.read("dvc.lock").utf8), file: "dvc.lock").root
            .value
        #expect(written == expected)
        let made = Set(try objects())
        #expect(kept.filter { !made.contains($0) } == [])
    }

    @Test func `with lock dvc, a stage that a colleague ran with DVC is believed`() throws {
        try project.run()
        try project.folder.write("lock: dvc\n", to: ".repro/config.yaml")
        let theirs = try project.folder.read("dvc.lock")
        let params = try project.folder.read("params.yaml")
        try project.run { $0.overrides = ["train.dim=9"] }
        #expect(try project.folder.read("dvc.lock").contains("dim: 9"))
        // They go back, by Git; our run cache is lost, and our lock file still says 9.
        try project.folder.write(params, to: "params.yaml")
        try project.folder.write(theirs, to: "dvc.lock")
        try FileSystem.real.removeTree(project.folder[".repro/store/run-cache"])
        #expect(project.states(try project.run()) == ["prep skipped", "train cached", "eval skipped"])
    }

    @Test func `text that DVC 2 hashed without its carriage returns is believed`() throws {
        let old = try PipelineProject("", files: ["in.txt": "a\r\nb\r\n", "out.txt": "a\r\nb\r\n", ".dvc/config": ""])
        _ = try FileSystem.real.removeFile(old.folder["repro.yaml"])
        try old.folder.write(
            "stages:\n  s:\n    cmd: cp in.txt out.txt\n    deps: [in.txt]\n    outs: [out.txt]\n", to: "dvc.yaml")
        // The MD5 of "a\nb\n".
        let claim = "{md5: dd8c6a395b5dd36c56d23275028f526c, size: 6, path: "
        try old.folder.write(
            "s:\n  cmd: cp in.txt out.txt\n  deps:\n  - \(claim)in.txt}\n  outs:\n  - \(claim)out.txt}\n",
            to: "dvc.lock")
        #expect(old.states(try old.run()) == ["s skipped"])
    }
}
