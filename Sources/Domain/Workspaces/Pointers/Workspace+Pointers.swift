package import Diagnostics
package import Files

/// The pointer files of a project, and what kept others from being read.
package struct PointerScan: Sendable {
    /// In byte order of the paths that they describe.
    package var pointers: [PointerFile] = []
    /// Pointers that are damaged, folders that cannot be listed.
    package var problems: [any UserFacingError] = []
}

extension Workspace {
    /// Every pointer file of the project. Folders that a pointer describes are not looked into: they hold data.
    package func pointerFiles() throws -> PointerScan {
        var scan = PointerScan()
        var pending = [RelativePath.root]
        while let folder = pending.popLast() {
            let entries: [(name: [UInt8], isFolder: Bool)]
            do {
                let open = try files.openFolder(project.root.appending(folder))
                entries = try open.namesAndFolders()
                for entry in entries { open.removeIfAbandoned(entry.name) }
            } catch {
                // One that was removed meanwhile has no pointers.
                if error.reason != .notFound { scan.problems.append(error) }
                continue
            }
            if !folder.isRoot, entries.contains(where: { Self.projectFolders.contains($0.name) }) { continue }
            var tracked: Set<[UInt8]> = []
            for entry in entries where !entry.isFolder && PointerFile.isPointer(entry.name) {
                let place = folder.appending(name: entry.name)
                if let subject = PointerFile.subject(of: place) { tracked.insert(subject.name) }
                read(place, into: &scan)
            }
            for entry in entries where entry.isFolder && !tracked.contains(entry.name) {
                if !Self.foldersWithoutPointers.contains(entry.name) {
                    pending.append(folder.appending(name: entry.name))
                }
            }
        }
        scan.pointers.sort { $0.path < $1.path }
        return scan
    }

    private func read(_ place: RelativePath, into scan: inout PointerScan) {
        do {
            if let pointer = try pointer(at: place) { scan.pointers.append(pointer) }
        } catch let error as any UserFacingError {
            scan.problems.append(error)
        } catch {
            preconditionFailure("files and YAML fail with errors for people")
        }
    }

    private static let projectFolders = [Project.folderName, ".dvc"].map { Array($0.utf8) }
    private static let foldersWithoutPointers = Set(
        [".git", ".hg", ".svn", ".dvc", Project.folderName, "node_modules", "__pycache__", "site-packages"]
            .map { Array($0.utf8) })

    /// The pointer that describes `path`; nil if there is none.
    package func pointer(of path: RelativePath) throws -> PointerFile? {
        try pointer(at: PointerFile.place(for: path))
    }

    private func pointer(at place: RelativePath) throws -> PointerFile? {
        do {
            return try files.readIfPresent(project.root.appending(place)).map {
                try PointerFile(parsing: $0, at: place)
            }
        } catch let error as FileError where error.reason == .isAFolder {
            return nil
        }
    }

    /// Durable on return. One that says the same already is left alone.
    package func write(_ pointer: PointerFile) throws {
        let text = Array(pointer.text().utf8)
        let path = project.root.appending(pointer.place)
        if try files.readIfPresent(path) != text { try files.writeAtomically(text, to: path) }
    }

    /// False if there is none.
    @discardableResult
    package func removePointer(of path: RelativePath) throws -> Bool {
        try files.removeFile(project.root.appending(PointerFile.place(for: path)))
    }
}
