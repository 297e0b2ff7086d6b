import Files
import Objects
import Pipelines
import Workspaces

/// Files that are known by their fingerprints alone, wherever the workspace has gone since: read from the store.
struct RecordedFiles: Sendable {
    private let workspace: Workspace
    private let outputs: [RelativePath: Fingerprint]

    init(_ outputs: [LockedOutput], in workspace: Workspace) {
        self.workspace = workspace
        self.outputs = Dictionary(outputs.map { ($0.path, $0.fingerprint) }, uniquingKeysWith: { a, _ in a })
    }

    /// Nil if the path is not recorded, or no file, or not in the store.
    func read(_ path: RelativePath) throws -> [UInt8]? {
        guard case .file(let digest, _)? = try content(at: path), try workspace.store.contains(digest) else {
            return nil
        }
        return try workspace.store.read(digest)
    }

    /// The entries of a recorded folder; nil if this is none.
    func list(_ folder: RelativePath) -> [ProjectFiles.Entry]? {
        guard let content = (try? content(at: folder)) ?? nil, case .folder(let digest, _, _) = content,
            let tree = try? workspace.store.readTree(digest)
        else { return nil }
        return tree.entries.map { entry in
            var isFolder = false
            if case .folder = entry.content { isFolder = true }
            return ProjectFiles.Entry(name: entry.name, isFolder: isFolder)
        }
    }

    private func content(at path: RelativePath) throws -> Tree.Content? {
        var candidate: RelativePath? = path
        while let folder = candidate {
            if let fingerprint = outputs[folder], let below = path.relative(to: folder) {
                return try? workspace.content(at: below, in: fingerprint)
            }
            candidate = folder.parent
        }
        return nil
    }
}
