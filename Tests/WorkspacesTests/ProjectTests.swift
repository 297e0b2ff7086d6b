import Diagnostics
import Files
import TestSupport
import Testing
import Workspaces

@Suite struct ProjectTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `a new project has its settings and its rules for Git`() throws {
        let project = try Project.create(at: folder.path)
        #expect(project.isInitialised)
        #expect(try folder.names(in: ".repro") == [".gitignore", "config.yaml", "locks", "tmp"])
        #expect(project.storeFolder == folder[".repro/store"])
        #expect(project.config == Config())
    }

    @Test func `creating a project again overwrites nothing`() throws {
        _ = try Project.create(at: folder.path)
        try folder.write("version: 1\nexperiment: mine\n", to: ".repro/config.yaml")
        #expect(try Project.create(at: folder.path).config.experiment == "mine")
    }

    @Test func `a project is found from a folder inside it`() throws {
        _ = try Project.create(at: folder.path)
        try folder.write("stages:\n", to: "sub/dvc.yaml")
        #expect(try Project.require(from: folder["sub/deep"]).root == folder.path)
    }

    @Test func `a folder with only a pipeline file is a project`() throws {
        try folder.write("stages:\n", to: "sub/dvc.yaml")
        let project = try Project.require(from: folder["sub/deep"])
        #expect(project.root == folder["sub"])
        #expect(!project.isInitialised)
    }

    @Test func `no project is an error that says what to do`() {
        let error = #expect(throws: WorkspaceError.self) { try Project.require(from: folder.path) }
        #expect(error?.message == "no project in \(folder.path) or above it")
        #expect(error?.hint == "run `repro init` in your project's folder")
        #expect(error?.kind == .notFound)
    }

    @Test func `settings are read, and this machine's win`() throws {
        try folder.write(
            "version: 1\nstore: {path: ../shared, links: [hardlink, copy], compression: never}\nrun: {jobs: 3}\n",
            to: ".repro/config.yaml")
        try folder.write("run:\n  jobs: 8\n", to: ".repro/config.local.yaml")
        let project = try Project(root: folder.path)
        #expect(project.storeFolder == folder["../shared"])
        #expect(project.config.links == [.hardlink, .copy])
        #expect(!project.config.compresses)
        #expect(project.config.jobs == 8)
    }
}

@Suite struct ConfigErrorTests {
    static let mistakes: [(source: String, text: String)] = [
        (
            "version: 1\nstroe: {}\n",
            "config.yaml:2:1: there is no setting `stroe`\nhint: did you mean `store`?"
        ),
        (
            "store:\n  zzzzzz: 1\n",
            """
            config.yaml:2:3: there is no setting `store.zzzzzz`
            hint: known here: store.path, store.links, store.compression
            """
        ),
        ("run:\n  jobs: many\n", "config.yaml:2:9: setting `run.jobs` is `many`, not a number from 1"),
        ("run: [1]\n", "config.yaml:1:6: setting `run` is a list, not a mapping"),
        (
            "store:\n  links: [reflink, hard]\n",
            "config.yaml:2:20: setting `store.links` is `hard`, not one of reflink, hardlink, symlink, copy"
        ),
        (
            "version: 2\n",
            "config.yaml:1:10: the config has version 2; this program reads version 1\nhint: use a newer `repro`"
        ),
    ]

    @Test(arguments: mistakes)
    func `a mistake is shown with its place`(source: String, text: String) {
        var config = Config()
        let error = #expect(throws: WorkspaceError.self) {
            try config.read(Array(source.utf8), file: "config.yaml")
        }
        #expect(error?.description == text)
        #expect(error?.kind == .invalidInput)
    }

    @Test func `an empty file means the defaults`() throws {
        var config = Config()
        try config.read([], file: "config.yaml")
        #expect(config == Config())
    }
}
