import Files
import Objects
import TestSupport
import Workspaces

/// A project in a folder of its own, and its workspace.
struct WorkspaceFixture {
    let folder: TemporaryFolder
    let project: Project

    init(config: String = "version: 1\n", in fileSystem: FileSystem = .real) throws {
        folder = try TemporaryFolder()
        _ = try Project.create(at: folder.path)
        try folder.write(config, to: ".repro/config.yaml")
        project = try Project(root: folder.path, in: fileSystem)
    }

    /// As a new process would open it.
    func open() throws -> Workspace { try Workspace.open(project) }

    /// With calls that can fail.
    func open(in fileSystem: FileSystem) throws -> Workspace {
        try Workspace.open(Project(root: folder.path, in: fileSystem))
    }

    func writeFolder() throws {
        try folder.write("one", to: "data/a.txt")
        try folder.write("two", to: "data/sub/b.txt")
        try folder.write("three", to: "data/sub/deep/c.txt")
        try FileSystem.real.symbolicLink(at: folder["data/link"], to: Array("sub/b.txt".utf8))
        try FileSystem.real.setPermissions(folder["data/a.txt"], 0o755)
    }

    /// All paths below a folder, with content, mode and link targets, for comparing.
    func listing(_ name: String) throws -> [String] {
        var lines: [String] = []
        try list(RelativePath(parsing: name), into: &lines)
        return lines
    }

    private func list(_ path: RelativePath, into lines: inout [String]) throws {
        let absolute = folder.path.appending(path)
        let files = FileSystem.real
        guard let status = try files.status(of: absolute) else { return }
        switch status.kind {
        case .folder:
            lines.append("\(path)/")
            for name in try files.openFolder(absolute).names() { try list(path.appending(name: name), into: &lines) }
        case .symbolicLink: lines.append("\(path) -> \(String(decoding: try files.readLink(absolute), as: UTF8.self))")
        default:
            let text = String(decoding: try files.read(absolute), as: UTF8.self)
            lines.append("\(path)\(status.isExecutable ? "*" : "") = \(text)")
        }
    }
}

func path(_ text: String) throws -> RelativePath { try RelativePath(parsing: text) }
