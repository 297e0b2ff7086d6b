import Diagnostics
import Files
import Git
import JSON
import Objects
import Pipelines
import Threads
import Workspaces
import YAML

/// The workspace at one moment, in the store: the code with all uncommitted changes, and the data that stages read.
///
/// Outs that the store can give back are not in it: in the new tree they are restored as in any workspace.
struct TreeSnapshot {
    let opened: OpenProject
    let pipeline: LoadedPipeline

    /// Puts all that a run needs into the store, and names it.
    func take() throws -> [LockedOutput] {
        var wanted = Set(try code())
        for stage in pipeline.graph.stages {
            for dependency in stage.dependencies where pipeline.graph.producer(of: dependency.path) == nil {
                if !isCovered(dependency.path, by: wanted) { wanted.insert(dependency.path) }
            }
            for output in stage.outputs where stage.isFrozen || output.persists || !output.isKept {
                wanted.insert(output.path)
            }
        }
        // A folder brings what is in it: placed apart as well, the two would be in each other's way.
        let present = try wanted.sorted().filter { path in
            if let folder = path.parent, isCovered(folder, by: wanted) { return false }
            return try opened.project.fileSystem.statusFollowingLinks(of: opened.project.root.appending(path)) != nil
        }
        return try mapConcurrently(present, width: Self.width) { path in
            LockedOutput(path: path, fingerprint: try opened.workspace.keep(path))
        }
    }

    /// Puts files of a snapshot into another project.
    static func place(_ files: [LockedOutput], in workspace: Workspace) throws {
        try forEachConcurrently(files, width: width) { file in
            try workspace.place(file.fingerprint, at: file.path, unsaved: .overwrite)
        }
    }

    private static let width = max(4, coreCount)

    /// What Git tracks, or would if it were added; outside Git, everything. Without outs and without our own folder.
    private func code() throws -> [RelativePath] {
        let root = opened.project.root
        let repository = try GitRepository.find(
            containing: root, environment: opened.surroundings.environment, fileSystem: opened.project.fileSystem)
        guard let repository, let place = root.relative(to: repository.root) else {
            return try everything(below: .root)
        }
        return try repository.files(below: place).compactMap { $0.relative(to: place) }.filter(belongs)
    }

    private func everything(below folder: RelativePath) throws -> [RelativePath] {
        let entries = try opened.project.fileSystem.openFolder(opened.project.root.appending(folder)).entries()
        return try entries.flatMap { entry -> [RelativePath] in
            let path = folder.appending(name: entry.name)
            if !belongs(path) { return [] }
            return entry.status.kind == .folder ? try everything(below: path) : [path]
        }
    }

    private func belongs(_ path: RelativePath) -> Bool {
        let name = path.name
        if Self.neverCode.contains(where: { path.isAtOrBelow($0) }) || name.elementsEqual(".git".utf8) { return false }
        return pipeline.graph.producer(of: path) == nil
    }

    private static let neverCode = [".repro", ".git", ".dvc/cache", ".dvc/tmp"].map {
        RelativePath(unchecked: Array($0.utf8))
    }

    private func isCovered(_ path: RelativePath, by wanted: Set<RelativePath>) -> Bool {
        var candidate: RelativePath? = path
        while let next = candidate {
            if wanted.contains(next) { return true }
            candidate = next.parent
        }
        return false
    }
}

extension OpenProject {
    /// A project of its own at `root`, for one run of this project: it has its own workspace, lock file and index, and
    /// shares the store and the record of runs.
    func makeTree(at root: AbsolutePath) throws -> OpenProject {
        let files = project.fileSystem
        try files.makeFolders(root.appending(Project.folderName))
        let settings = YAMLText.document([
            "version": .integer(Config.version),
            "store": .object([
                "path": .string(project.storeFolder.description),
                "links": .array(project.config.links.map { .string($0.rawValue) }),
                "compression": .string(project.config.compresses ? "auto" : "never"),
            ]),
        ])
        let tree = try Project(root: root, in: files)
        try files.writeAtomically(Array(settings.utf8), to: tree.configFile)
        return try OpenProject(tree: Project.create(at: root, in: files), of: self)
    }
}
