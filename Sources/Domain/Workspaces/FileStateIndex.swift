import Files
import Hashing
import Objects
import SQL
import SQLite
import Synchronization

/// Remembers the digest of each file of the workspace with its status, so that an unchanged one need not be read.
///
/// Disposable: if its database is missing, damaged, newer, locked or on a full disk, the answer is that nothing is
/// known, and content is read instead. It never makes an operation fail. Safe for several threads and processes.
final class FileStateIndex: Sendable {
    private let database: Mutex<Database?>

    /// Nil `path`: remembered only as long as this value lives.
    init(at path: AbsolutePath?, in fileSystem: FileSystem) {
        database = Mutex(Self.open(path, in: fileSystem))
    }

    /// What is known of the files directly in `folder`, in byte order of their names.
    func states(in folder: RelativePath) -> [(name: [UInt8], state: FileState)] {
        let rows = asking { connection in
            try connection.all(
                """
                SELECT device, inode, size, modified, changed, settled, id_and_sha256, name FROM files
                WHERE folder = (SELECT id FROM folders WHERE path = ?) ORDER BY name
                """, .blob(folder.bytes)
            ) { row in (name: row.bytes(7), state: FileState(row: row)) }
        }
        return (rows ?? []).compactMap { row in row.state.map { (row.name, $0) } }
    }

    /// What is known of many files: a tenth of the cost of asking for one after another.
    func states(of paths: [RelativePath]) -> [(path: RelativePath, state: FileState)] {
        let states = asking { connection in
            var folders: [RelativePath: Int64?] = [:]
            var states: [(path: RelativePath, state: FileState)] = []
            try connection.withStatement(
                """
                SELECT device, inode, size, modified, changed, settled, id_and_sha256 FROM files
                WHERE folder = ? AND name = ?
                """
            ) { statement in
                for path in paths {
                    let parent = path.parent ?? .root
                    let known =
                        try folders[parent]
                        ?? connection.first(
                            "SELECT id FROM folders WHERE path = ?", .blob(parent.bytes)
                        ) { $0.integer(0) }
                    folders.updateValue(known, forKey: parent)
                    guard let known else { continue }
                    try statement.forEachRow([.integer(known), .blob(path.name)]) { row in
                        if let state = FileState(row: row) { states.append((path, state)) }
                    }
                }
            }
            return states
        }
        return states ?? []
    }

    /// What is known of one file.
    func state(of path: RelativePath) -> FileState? { states(of: [path]).first?.state }

    /// Remembers files and forgets others, at once.
    func update(_ files: [(path: RelativePath, state: FileState)], forget: [RelativePath] = []) {
        if files.isEmpty, forget.isEmpty { return }
        let groups = Dictionary(grouping: files) { $0.path.parent ?? .root }
        asking(writing: true) { connection in
            for (folder, files) in groups {
                let key = SQLValue.blob(folder.bytes)
                try connection.execute("INSERT OR IGNORE INTO folders (path) VALUES (?)", key)
                let id = try connection.first("SELECT id FROM folders WHERE path = ?", key) { $0.integer(0) }
                try connection.withStatement("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)") {
                    for (path, state) in files { try $0.run([SQLValue(id), .blob(path.name)] + state.columns) }
                }
            }
            for path in forget {
                try connection.execute(
                    "DELETE FROM files WHERE folder = (SELECT id FROM folders WHERE path = ?) AND name = ?",
                    .blob((path.parent ?? .root).bytes), .blob(path.name))
            }
        }
        // The next process that opens it would have to read a long log first: 20 MB take it 10 ms.
        if files.count + forget.count > Self.largeUpdate { try? database.withLock { $0 }?.checkpoint() }
    }

    private static let largeUpdate = 500

    // MARK: The database

    private static let migrations = [
        """
        CREATE TABLE folders (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE);
        CREATE TABLE files (
            folder INTEGER NOT NULL, name BLOB NOT NULL, device INTEGER NOT NULL, inode INTEGER NOT NULL,
            size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL, settled INTEGER NOT NULL,
            id_and_sha256 BLOB NOT NULL, PRIMARY KEY (folder, name)) WITHOUT ROWID;
        """
    ]

    /// The database at `path`; one that cannot be used is thrown away, and if that does not help, it is in memory.
    private static func open(_ path: AbsolutePath?, in fileSystem: FileSystem) -> Database? {
        if let path {
            if let database = try? openFile(path) { return database }
            for suffix in ["", "-wal", "-shm"] {
                _ = try? fileSystem.removeFile(AbsolutePath(bytes: path.bytes + Array(suffix.utf8)))
            }
            if let database = try? openFile(path) { return database }
        }
        guard let database = try? Database.inMemory() else { return nil }
        return (try? database.migrate(migrations)) == nil ? nil : database
    }

    private static func openFile(_ path: AbsolutePath) throws -> Database {
        let options = DatabaseOptions(access: .readWriteCreate, durability: .none, lockTimeout: .seconds(2))
        let database = try Database(path: path.bytes, options: options)
        try database.migrate(migrations)
        return database
    }

    /// Nil if the database failed; it is then not asked again.
    @discardableResult
    private func asking<Result: Sendable>(
        writing: Bool = false, _ body: (any SQLConnection) throws -> Result
    ) -> Result? {
        guard let database = database.withLock({ $0 }) else { return nil }
        do {
            return try writing ? database.write(body) : database.read(body)
        } catch {
            // Locked for long: no harm. All else will not get better.
            if case DatabaseError.locked = error { return nil }
            self.database.withLock { $0 = nil }
            return nil
        }
    }
}

extension FileState {
    /// Nil for a row that we would not have written.
    fileprivate init?(row: any SQLRow) {
        let digests = row.bytes(6)
        if digests.count != 48 { return nil }
        let (hash, sha256) = digests.withUnsafeBytes { raw in
            (XXH3Digest(reading: raw, at: 0), SHA256Digest(reading: raw, at: 16))
        }
        let size = UInt64(bitPattern: row.integer(2))
        self.init(
            device: UInt64(bitPattern: row.integer(0)), inode: UInt64(bitPattern: row.integer(1)),
            modifiedNanoseconds: row.integer(3), changedNanoseconds: row.integer(4),
            digest: Digest(id: ObjectID(hash), sha256: sha256, sizeBytes: size), isSettled: row.integer(5) != 0)
    }

    fileprivate var columns: [SQLValue] {
        [
            .integer(Int64(bitPattern: device)), .integer(Int64(bitPattern: inode)),
            .integer(Int64(bitPattern: digest.sizeBytes)), .integer(modifiedNanoseconds),
            .integer(changedNanoseconds), SQLValue(isSettled),
            .blob(digest.id.hash.bytes + digest.sha256.bytes),
        ]
    }
}
