import Hashing
import Objects
import SQL

/// The table `contents`: each digest and fingerprint once, however many runs refer to it.
///
/// A skipped stage has the same inputs and outputs as the time before, so that a run costs a few bytes a file.
private struct StoredContent {
    enum Kind: Int64 {
        /// Bytes that are no file of the workspace: a log, a patch.
        case bytes = 0
        case file = 1
        case executable = 2
        case folder = 3
    }

    var digest: Digest
    var kind: Kind
    var fileCount: Int
    var contentBytes: UInt64

    init(_ digest: Digest) {
        self.digest = digest
        self.kind = .bytes
        self.fileCount = 0
        self.contentBytes = digest.sizeBytes
    }

    init(_ fingerprint: Fingerprint) {
        self.init(fingerprint.digest)
        contentBytes = fingerprint.contentBytes
        switch fingerprint.kind {
        case .file(let isExecutable): kind = isExecutable ? .executable : .file
        case .folder(let count):
            kind = .folder
            fileCount = count
        }
    }

    init(row: any SQLRow) throws {
        guard let id = XXH3Digest(bytes: row.bytes(0)), let sha256 = SHA256Digest(bytes: row.bytes(1)),
            let kind = Kind(rawValue: row.integer(3))
        else { throw ExperimentError.damagedRecord(what: "digest", value: "number \(row.integer(6))") }
        self.digest = Digest(id: ObjectID(id), sha256: sha256, sizeBytes: UInt64(bitPattern: row.integer(2)))
        self.kind = kind
        self.fileCount = Int(row.integer(4))
        self.contentBytes = UInt64(bitPattern: row.integer(5))
    }

    var values: [SQLValue] {
        [
            .blob(digest.id.hash.bytes), .blob(digest.sha256.bytes), .integer(Int64(bitPattern: digest.sizeBytes)),
            .integer(kind.rawValue), SQLValue(fileCount), .integer(Int64(bitPattern: contentBytes)),
        ]
    }
}

extension SQLConnection {
    /// The number that stands for a digest, made if there is none.
    func ensureContent(_ digest: Digest) throws -> Int64 { try ensure(StoredContent(digest)) }

    func ensureContent(_ fingerprint: Fingerprint) throws -> Int64 { try ensure(StoredContent(fingerprint)) }

    func digest(number: Int64) throws -> Digest { try content(number: number).digest }

    func fingerprint(number: Int64) throws -> Fingerprint {
        let content = try content(number: number)
        let kind: Fingerprint.Kind =
            switch content.kind {
            case .bytes, .file: .file(isExecutable: false)
            case .executable: .file(isExecutable: true)
            case .folder: .folder(fileCount: content.fileCount)
            }
        return Fingerprint(kind: kind, digest: content.digest, contentBytes: content.contentBytes)
    }

    private func ensure(_ content: StoredContent) throws -> Int64 {
        let found = try all(
            """
            SELECT number FROM contents WHERE object = ? AND sha256 = ? AND size = ? AND kind = ? AND file_count = ?
                AND content_bytes = ?
            """, content.values
        ) { $0.integer(0) }
        if let number = found.first { return number }
        return try number(
            """
            INSERT INTO contents (object, sha256, size, kind, file_count, content_bytes) VALUES (?, ?, ?, ?, ?, ?)
            RETURNING number
            """, content.values)
    }

    private func content(number: Int64) throws -> StoredContent {
        let found = try first(
            """
            SELECT object, sha256, size, kind, file_count, content_bytes, number FROM contents WHERE number = ?
            """, .integer(number)
        ) { try StoredContent(row: $0) }
        guard let found else { throw ExperimentError.damagedRecord(what: "digest", value: "number \(number)") }
        return found
    }
}
