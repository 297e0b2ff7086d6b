import Files
import Hashing
import Objects
import SQL
import SQLite
import Synchronization

/// What was wrong with the file-state index, and is forgotten.
package enum IndexDamage: Sendable, Equatable {
    case none
    case entries(Int)
    case whole
}

/// Remembers the digest of each file of the workspace with its status, so that an unchanged one need not be read.
///
/// Disposable: if its database is missing, damaged, newer, locked or on a full disk, the answer is that nothing is
/// known, and content is read instead. It never makes an operation fail. Safe for several threads and processes.
final class FileStateIndex: Sendable {
    private let path: AbsolutePath?
    private let fileSystem: FileSystem
    private let database: Mutex<Database?>

    /// Nil `path`: remembered only as long as this value lives.
    init(at path: AbsolutePath?, in fileSystem: FileSystem) {
        self.path = path
        self.fileSystem = fileSystem
        database = Mutex(Self.open(path, in: fileSystem))
    }

    /// What is known of the files directly in `folder`, in byte order of their names.
    func states(in folder: RelativePath) -> [(name: [UInt8], state: FileState)] {
        let rows = asking { connection in
            try connection.all(
                """
                SELECT device, inode, size, modified, changed, settled, id_and_sha256, sum, name FROM files
                WHERE folder = (SELECT id FROM folders WHERE path = ?) ORDER BY name
                """, .blob(folder.bytes)
            ) { row in (name: row.bytes(8), state: FileState(row: row)) }
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
                SELECT device, inode, size, modified, changed, settled, id_and_sha256, sum FROM files
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
                try connection.withStatement("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)") {
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

    // MARK: Notes

    /// What was noted of content that has this digest; nil if nothing was.
    func note(_ kind: String, on digest: Digest) -> [UInt8]? {
        let found = asking { connection in
            try connection.first(
                "SELECT note FROM notes WHERE kind = ? AND id_and_sha256 = ?", .text(kind), .blob(digest.bytes)
            ) { $0.bytes(0) }
        }
        return found ?? nil
    }

    func remember(_ note: [UInt8], _ kind: String, on digest: Digest) {
        asking(writing: true) { connection in
            try connection.execute(
                "INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", .text(kind), .blob(digest.bytes), .blob(note))
        }
    }

    // MARK: Verifying

    /// Forgets entries that are damaged, and answers how many there were. If the database itself is, all is forgotten.
    func verify() -> IndexDamage {
        var isSound = false
        var damaged: [(folder: Int64, name: [UInt8])] = []
        asking { connection in
            isSound = try connection.first("PRAGMA quick_check(1)") { $0.text(0) == "ok" } ?? false
            let rows = try connection.all(
                """
                SELECT device, inode, size, modified, changed, settled, id_and_sha256, sum, name, folder FROM files
                """
            ) { row in FileState(row: row) == nil ? (row.integer(9), row.bytes(8)) : nil }
            damaged = rows.compactMap { $0 }
        }
        guard isSound else {
            guard let path, database.withLock({ $0 }) != nil || (try? fileSystem.status(of: path)) != nil else {
                return .none
            }
            database.withLock { $0 = nil }
            Self.remove(path, in: fileSystem)
            return .whole
        }
        if damaged.isEmpty { return .none }
        asking(writing: true) { connection in
            for (folder, name) in damaged {
                try connection.execute(
                    "DELETE FROM files WHERE folder = ? AND name = ?", .integer(folder), .blob(name))
            }
        }
        return .entries(damaged.count)
    }

    // MARK: The database

    private static let migrations = [
        """
        CREATE TABLE folders (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE);
        CREATE TABLE files (
            folder INTEGER NOT NULL, name BLOB NOT NULL, device INTEGER NOT NULL, inode INTEGER NOT NULL,
            size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL, settled INTEGER NOT NULL,
            id_and_sha256 BLOB NOT NULL, PRIMARY KEY (folder, name)) WITHOUT ROWID;
        """,
        """
        DROP TABLE files;
        CREATE TABLE files (
            folder INTEGER NOT NULL, name BLOB NOT NULL, device INTEGER NOT NULL, inode INTEGER NOT NULL,
            size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL, settled INTEGER NOT NULL,
            id_and_sha256 BLOB NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (folder, name)) WITHOUT ROWID;
        CREATE TABLE notes (
            kind TEXT NOT NULL, id_and_sha256 BLOB NOT NULL, note BLOB NOT NULL,
            PRIMARY KEY (kind, id_and_sha256)) WITHOUT ROWID;
        """,
    ]

    /// The database at `path`; one that cannot be used is thrown away, and if that does not help, it is in memory.
    private static func open(_ path: AbsolutePath?, in fileSystem: FileSystem) -> Database? {
        if let path {
            if let database = try? openFile(path) { return database }
            remove(path, in: fileSystem)
            if let database = try? openFile(path) { return database }
        }
        guard let database = try? Database.inMemory() else { return nil }
        return (try? database.migrate(migrations)) == nil ? nil : database
    }

    private static func remove(_ path: AbsolutePath, in fileSystem: FileSystem) {
        for suffix in ["", "-wal", "-shm"] {
            _ = try? fileSystem.removeFile(AbsolutePath(bytes: path.bytes + Array(suffix.utf8)))
        }
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

extension Digest {
    fileprivate var bytes: [UInt8] { id.hash.bytes + sha256.bytes }
}

extension FileState {
    /// Nil for a row that we would not have written: it may be damaged.
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
        if row.integer(7) != sum(of: digests) { return nil }
    }

    fileprivate var columns: [SQLValue] {
        let digests = digest.bytes
        return [
            .integer(Int64(bitPattern: device)), .integer(Int64(bitPattern: inode)),
            .integer(Int64(bitPattern: digest.sizeBytes)), .integer(modifiedNanoseconds),
            .integer(changedNanoseconds), SQLValue(isSettled), .blob(digests), .integer(sum(of: digests)),
        ]
    }

    /// Another one for each change of a single column, and so for each flipped bit: every step can be undone.
    private func sum(of digests: [UInt8]) -> Int64 {
        var sum: UInt64 = 0
        func take(_ word: UInt64) { sum = (sum << 7 | sum >> 57) &+ word &* 0x9E37_79B9_7F4A_7C15 }
        take(device)
        take(inode)
        take(digest.sizeBytes)
        take(UInt64(bitPattern: modifiedNanoseconds))
        take(UInt64(bitPattern: changedNanoseconds))
        take(isSettled ? 1 : 0)
        digests.withUnsafeBytes { raw in
            for offset in stride(from: 0, to: raw.count, by: 8) {
                take(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            }
        }
        return Int64(bitPattern: sum)
    }
}
