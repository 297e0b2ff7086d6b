import Files
import Hashing
package import Objects
import SQL

/// What keeps an object alive, as far as runs do.
extension SQLExperimentStore {
    package func references(to object: ObjectID) throws -> [ObjectReference] {
        try database.read { connection in
            let contents = try connection.all(
                "SELECT number FROM contents WHERE object = ?", .blob(object.hash.bytes)
            ) { $0.integer(0) }
            var references: [ObjectReference] = []
            for content in contents { references += try connection.references(toContent: content) }
            return references
        }
    }
}

extension SQLConnection {
    fileprivate func references(toContent content: Int64) throws -> [ObjectReference] {
        let patches = try all(
            "SELECT id, name FROM runs WHERE git_patch = ? ORDER BY number", .integer(content)
        ) { ObjectReference(run: RunID($0.text(0)), runName: $0.text(1), place: .patch) }
        let logs = try all(
            """
            SELECT r.id, r.name, k.name FROM stages s JOIN runs r ON r.number = s.run JOIN keys k ON k.number = s.stage
            WHERE s.log = ? ORDER BY r.number, s.position
            """, .integer(content)
        ) { ObjectReference(run: RunID($0.text(0)), runName: $0.text(1), place: .log(stage: $0.text(2))) }
        let files = try all(
            """
            SELECT r.id, r.name, k.name, p.path, f.role
            FROM stage_files f JOIN runs r ON r.number = f.run JOIN keys k ON k.number = f.stage
                JOIN paths p ON p.number = f.path
            WHERE f.content = ? ORDER BY r.number, f.stage, f.role, f.position
            """, .integer(content)
        ) { reference($0) }
        let listed = try all(
            """
            SELECT r.id, r.name, k.name, p.path, f.role
            FROM listed_files f JOIN skips s ON s.list = f.list JOIN runs r ON r.number = s.run
                JOIN keys k ON k.number = f.stage JOIN paths p ON p.number = f.path
            WHERE f.content = ? ORDER BY r.number, f.stage, f.role, f.position
            """, .integer(content)
        ) { reference($0) }
        return patches + logs + files + listed
    }

    private func reference(_ row: any SQLRow) -> ObjectReference {
        let path = RelativePath(unchecked: row.bytes(3))
        return ObjectReference(
            run: RunID(row.text(0)), runName: row.text(1),
            place: row.integer(4) == FileRole.input.rawValue
                ? .input(stage: row.text(2), path: path) : .output(stage: row.text(2), path: path))
    }
}
