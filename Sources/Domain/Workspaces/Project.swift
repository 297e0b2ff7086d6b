package import Files

/// A folder with a pipeline, and `.repro/` in it: where everything of a project is.
///
/// Responsible for finding it, for its settings, and for the names below `.repro/`. It opens nothing.
package struct Project: Sendable {
    package let root: AbsolutePath
    package let config: Config
    /// Whether `.repro/` exists. A project that has only a `dvc.yaml` gets one when something must be written.
    package let isInitialised: Bool
    package let fileSystem: FileSystem

    /// The project whose root is `root`, with the settings that are there.
    package init(root: AbsolutePath, in fileSystem: FileSystem = .real) throws {
        self.root = root
        self.fileSystem = fileSystem
        let folder = root.appending(Self.folderName)
        isInitialised = try fileSystem.statusFollowingLinks(of: folder)?.kind == .folder
        var config = Config()
        for name in ["config.yaml", "config.local.yaml"] where isInitialised {
            guard let source = try fileSystem.readIfPresent(folder.appending(name)) else { continue }
            try config.read(source, file: "\(Self.folderName)/\(name)")
        }
        self.config = config
    }

    /// The project that holds `folder`: the nearest folder upward with `.repro/`; if there is none, the nearest with
    /// `.dvc/`, and then the nearest with a pipeline file. Nil if there is none of these.
    package static func find(from folder: AbsolutePath, in fileSystem: FileSystem = .real) throws -> Project? {
        for markers in [[folderName], [".dvc"], pipelineFiles] {
            var candidate: AbsolutePath? = folder
            while let root = candidate {
                for marker in markers where try fileSystem.statusFollowingLinks(of: root.appending(marker)) != nil {
                    return try Project(root: root, in: fileSystem)
                }
                candidate = root.parent
            }
        }
        return nil
    }

    /// As `find`, but that there is none is an error.
    package static func require(from folder: AbsolutePath, in fileSystem: FileSystem = .real) throws -> Project {
        guard let project = try find(from: folder, in: fileSystem) else { throw WorkspaceError.noProject(from: folder) }
        return project
    }

    /// Makes what is missing of `.repro/` at `root`; a file that is there is left as it is.
    package static func create(at root: AbsolutePath, in fileSystem: FileSystem = .real) throws -> Project {
        let project = try Project(root: root, in: fileSystem)
        for folder in [project.folder, project.locksFolder, project.temporaryFolder] {
            try fileSystem.makeFolders(folder)
        }
        for (name, content) in [(".gitignore", gitIgnore), ("config.yaml", firstConfig)] {
            let path = project.folder.appending(name)
            if try fileSystem.status(of: path) == nil {
                try fileSystem.writeAtomically(Array(content.utf8), to: path)
            }
        }
        return try Project(root: root, in: fileSystem)
    }

    package static let folderName = ".repro"
    package static let pipelineFiles = ["repro.yaml", "dvc.yaml"]

    /// `.repro/`.
    package var folder: AbsolutePath { root.appending(Self.folderName) }
    package var configFile: AbsolutePath { folder.appending("config.yaml") }
    /// What is true of this machine only.
    package var localConfigFile: AbsolutePath { folder.appending("config.local.yaml") }
    /// Where the objects are; another project may use the same one.
    package var storeFolder: AbsolutePath {
        config.storePath.map { AbsolutePath($0, relativeTo: root) } ?? folder.appending("store")
    }
    package var runCacheFolder: AbsolutePath { storeFolder.appending("run-cache") }
    package var trackingDatabase: AbsolutePath { folder.appending("tracking.sqlite") }
    /// Disposable.
    package var indexDatabase: AbsolutePath { folder.appending("index.sqlite") }
    /// Disposable.
    package var upToDateRecord: AbsolutePath { folder.appending("up-to-date") }
    package var locksFolder: AbsolutePath { folder.appending("locks") }
    /// For scratch folders, on the same file system as the workspace.
    package var temporaryFolder: AbsolutePath { folder.appending("tmp") }

    private static let gitIgnore = """
        # Made by `repro init`: only the settings belong in Git.
        /*
        !/.gitignore
        !/config.yaml

        """

    private static let firstConfig = """
        # Settings of this project; see docs/formats/config.md of Repro.
        version: 1

        """
}
