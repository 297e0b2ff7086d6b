import Diagnostics
package import Files
import Objects
import SQL

extension SQLExperimentStore: ArtifactIndex {
    package func putArtifact(_ artifact: Artifact) throws {
        try database.write { connection in
            let path = artifact.path
            let isFolder = try connection.firstArtifact(below: path) != nil
            if path.isRoot || isFolder { throw ArtifactError.isFolder(path) }
            var parent = path.parent
            while let folder = parent, !folder.isRoot {
                if try connection.artifact(folder) != nil { throw ArtifactError.parentIsFile(path) }
                parent = folder.parent
            }
            try connection.execute(
                """
                INSERT INTO artifacts VALUES (?, ?, ?)
                ON CONFLICT (path) DO UPDATE SET content = excluded.content, modified_ms = excluded.modified_ms
                """, .blob(path.bytes), .integer(try connection.ensureContent(artifact.digest)),
                .integer(artifact.modifiedAt.milliseconds))
        }
    }

    package func artifact(_ path: RelativePath) throws -> Artifact? {
        try database.read { try $0.artifact(path) }
    }

    package func listArtifacts(in folder: RelativePath) throws -> [ArtifactEntry] {
        try database.read { connection in
            var entries: [ArtifactEntry] = []
            var next = try connection.firstArtifact(below: folder)
            // From name to name: what is deep in a sub-folder is stepped over, not read.
            while let found = next, let relative = found.path.relative(to: folder), let name = relative.components.first
            {
                let isFile = relative.components.count == 1
                entries.append(ArtifactEntry(name: Array(name), sizeBytes: isFile ? found.sizeBytes : nil))
                let start = folder.isRoot ? [] : folder.bytes + [slash]
                // After `name/…` comes what is greater than `name` and the byte after the slash.
                next = try connection.firstArtifact(
                    atOrAfter: start + name + [isFile ? 0 : slash + 1], below: folder)
            }
            return entries
        }
    }

    package func artifacts(atOrBelow path: RelativePath) throws -> [Artifact] {
        try database.read { connection in
            if let file = try connection.artifact(path) { return [file] }
            let below = range(below: path)
            return try connection.all(
                "SELECT path, content, modified_ms FROM artifacts WHERE path >= ? AND path < ? ORDER BY path",
                .blob(below.start), .blob(below.end)
            ) { try connection.artifact(row: $0) }
        }
    }

    package func removeArtifacts(atOrBelow path: RelativePath) throws -> Int {
        try database.write { try $0.removeArtifacts(atOrBelow: path) }
    }

    package func artifactFolder(of run: RunID) throws -> RelativePath {
        try database.read { try $0.artifactFolder(of: run) }
    }
}

extension SQLConnection {
    @discardableResult
    func removeArtifacts(atOrBelow path: RelativePath) throws -> Int {
        let below = range(below: path)
        return try execute(
            "DELETE FROM artifacts WHERE path = ? OR (path >= ? AND path < ?)", .blob(path.bytes), .blob(below.start),
            .blob(below.end))
    }

    /// Below the folder of its experiment: that of its number, unless a client chose one when it made the experiment.
    func artifactFolder(of run: RunID) throws -> RelativePath {
        let found = try first(
            """
            SELECT e.id, e.artifact_location FROM runs r JOIN experiments e ON e.id = r.experiment WHERE r.id = ?
            """, .text(run.text)
        ) { (experiment: $0.integer(0), location: $0.isNull(1) ? "" : $0.text(1)) }
        guard let found else { throw ExperimentError.noSuchRun(reference: run.text, nearest: nil) }
        let scheme = "mlflow-artifacts:"
        let isChosen = found.location.hasPrefix(scheme)
        let folder = isChosen ? String(found.location.dropFirst(scheme.count)) : "\(found.experiment)"
        let parts = folder.split(separator: "/").map(String.init) + [run.text, "artifacts"]
        return try RelativePath(parsing: Array(parts.joined(separator: "/").utf8))
    }

    fileprivate func artifact(_ path: RelativePath) throws -> Artifact? {
        try first("SELECT path, content, modified_ms FROM artifacts WHERE path = ?", .blob(path.bytes)) {
            try artifact(row: $0)
        }
    }

    fileprivate func artifact(row: any SQLRow) throws -> Artifact {
        Artifact(
            path: RelativePath(unchecked: row.bytes(0)), digest: try digest(number: row.integer(1)),
            modifiedAt: Timestamp(milliseconds: row.integer(2)))
    }

    fileprivate func firstArtifact(below folder: RelativePath) throws -> (path: RelativePath, sizeBytes: UInt64)? {
        try firstArtifact(atOrAfter: range(below: folder).start, below: folder)
    }

    fileprivate func firstArtifact(
        atOrAfter start: [UInt8], below folder: RelativePath
    ) throws -> (path: RelativePath, sizeBytes: UInt64)? {
        try first(
            """
            SELECT a.path, c.size FROM artifacts a JOIN contents c ON c.number = a.content
            WHERE a.path >= ? AND a.path < ? ORDER BY a.path LIMIT 1
            """, .blob(start), .blob(range(below: folder).end)
        ) { (RelativePath(unchecked: $0.bytes(0)), UInt64(bitPattern: $0.integer(1))) }
    }
}

/// All paths below a folder begin with it and a slash; the byte after the slash bounds them.
private func range(below folder: RelativePath) -> (start: [UInt8], end: [UInt8]) {
    // A path never starts with the byte 255: it is not UTF-8. Only the root's range needs such an end.
    if folder.isRoot { return ([1], [255]) }
    return (folder.bytes + [slash], folder.bytes + [slash + 1])
}

private let slash = UInt8(ascii: "/")
