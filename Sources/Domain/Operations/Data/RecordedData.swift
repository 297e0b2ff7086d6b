import Diagnostics
package import Files
import Git
package import Objects
import Pipelines
import Workspaces

/// A path of the workspace whose content is recorded: by a pointer file, or in the lock file as an out of a stage.
package struct RecordedData: Sendable, Equatable {
    package enum Source: Sendable, Equatable {
        case pointer
        case stage(String)
    }

    package var path: RelativePath
    package var fingerprint: Fingerprint
    package var source: Source
    /// False: the record asks for no copy in the store (`--no-store`, `cache: false`).
    package var isStored: Bool
}

extension OpenProject {
    /// All that is recorded now, in byte order of the paths, and the pointer files that cannot be read.
    func recordedData() throws -> (data: [RecordedData], problems: [any UserFacingError]) {
        let scan = try workspace.pointerFiles()
        var data = scan.pointers.map {
            RecordedData(path: $0.path, fingerprint: $0.fingerprint, source: .pointer, isStored: $0.isStored)
        }
        let lock = try LockFileStore(root: project.root, locks: project.locksFolder, fileSystem: project.fileSystem)
        data += recordedData(in: lock.current)
        return (data.sorted { $0.path < $1.path }, scan.problems)
    }

    func recordedData(in lock: LockFile) -> [RecordedData] {
        lock.stages.flatMap { name, stage in
            let uncached = Set(stage.inputs.outputs.filter { !$0.isCached }.map(\.path))
            return stage.outputs.map { output in
                RecordedData(
                    path: output.path, fingerprint: output.fingerprint, source: .stage(name.text),
                    isStored: !uncached.contains(output.path))
            }
        }
    }

    /// A path as the user typed it, from the working directory.
    func projectPath(_ text: [UInt8]) throws -> RelativePath {
        let shown = String(decoding: text, as: UTF8.self)
        if text.isEmpty { throw PathError.empty }
        if text.contains(0) { throw PathError.containsNUL(shown) }
        let absolute = AbsolutePath(bytes: text, relativeTo: surroundings.workingDirectory)
        guard let path = absolute.relative(to: project.root) else { throw PathError.outsideProject(shown) }
        return path
    }

    /// The same, but the name of a pointer file stands for what it describes.
    func dataPath(_ text: [UInt8]) throws -> RelativePath {
        let path = try projectPath(text)
        if let subject = PointerFile.subject(of: path), try workspace.pointer(of: subject) != nil { return subject }
        return path
    }

    /// The Git work tree that the project is in.
    func gitRepository() throws -> GitRepository? {
        try GitRepository.find(
            containing: project.root, environment: surroundings.environment, fileSystem: project.fileSystem)
    }
}

extension [RecordedData] {
    /// The record of exactly this path or of a folder above it.
    func covering(_ path: RelativePath) -> RecordedData? {
        last { path.isAtOrBelow($0.path) }
    }

    /// For a path that nothing covers.
    func unknown(_ path: RelativePath) -> DataError {
        .notRecorded(path, nearest: nearestName(to: path.description, among: map(\.path.description)))
    }
}
