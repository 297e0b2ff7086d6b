import Hashing

/// Why some bytes are not a tree.
enum TreeProblem: String, Error {
    case notATree = "it does not begin like one"
    case newerVersion = "it was written by a newer program"
    case truncated = "it ends too early"
    case trailingBytes = "bytes follow its end"
    case unknownKind = "an entry is of no known kind"
    case badName = "an entry has an impossible name"
    case disorder = "its entries are not in order"
}

extension Tree {
    private static let magic = Array("RPTREE\0".utf8)
    private static let version: UInt8 = 1

    /// The one encoding of this tree.
    package func encoded() -> [UInt8] {
        var bytes = Self.magic + [Self.version]
        bytes.reserveCapacity(12 + entries.count * 80)
        bytes.append(integer: UInt32(entries.count))
        for entry in entries {
            bytes.append(entry.content.kindByte)
            bytes.append(integer: UInt16(entry.name.count))
            bytes += entry.name
            switch entry.content {
            case .file(let digest, _): bytes.append(digest)
            case .folder(let tree, let fileCount, let contentBytes):
                bytes.append(tree)
                bytes.append(integer: UInt64(fileCount))
                bytes.append(integer: contentBytes)
            case .symbolicLink(let target):
                bytes.append(integer: UInt16(target.count))
                bytes += target
            }
        }
        return bytes
    }

    /// Refuses whatever `encoded` would not have written.
    init(decoding bytes: [UInt8]) throws(TreeProblem) {
        var reader = ByteReader(bytes)
        guard try reader.take(Self.magic.count).elementsEqual(Self.magic) else { throw .notATree }
        guard try reader.integer(UInt8.self) == Self.version else { throw .newerVersion }
        let count = Int(try reader.integer(UInt32.self))
        var entries: [Entry] = []
        entries.reserveCapacity(min(count, bytes.count / 5))
        for _ in 0..<count {
            let entry = try Entry(from: &reader)
            if let previous = entries.last, !previous.name.lexicographicallyPrecedes(entry.name) { throw .disorder }
            entries.append(entry)
        }
        if !reader.isAtEnd { throw .trailingBytes }
        self.init(inOrder: entries)
    }
}

extension Tree.Content {
    fileprivate var kindByte: UInt8 {
        switch self {
        case .file(_, isExecutable: false): 1
        case .file(_, isExecutable: true): 2
        case .folder: 3
        case .symbolicLink: 4
        }
    }
}

extension Tree.Entry {
    fileprivate init(from reader: inout ByteReader) throws(TreeProblem) {
        let kind = try reader.integer(UInt8.self)
        name = Array(try reader.take(Int(try reader.integer(UInt16.self))))
        let isDots = name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8)
        if name.isEmpty || isDots || name.contains(0) || name.contains(UInt8(ascii: "/")) { throw .badName }
        switch kind {
        case 1, 2: content = .file(try reader.digest(), isExecutable: kind == 2)
        case 3:
            let tree = try reader.digest()
            guard let fileCount = Int(exactly: try reader.integer(UInt64.self)) else { throw .truncated }
            content = .folder(tree: tree, fileCount: fileCount, contentBytes: try reader.integer(UInt64.self))
        case 4: content = .symbolicLink(target: Array(try reader.take(Int(try reader.integer(UInt16.self)))))
        default: throw .unknownKind
        }
    }
}

/// Takes bytes from the front.
private struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ count: Int) throws(TreeProblem) -> ArraySlice<UInt8> {
        if rest.count < count { throw .truncated }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws(TreeProblem) -> Value {
        try take(Value.bitWidth / 8).reduce(0) { $0 << 8 | Value($1) }
    }

    mutating func digest() throws(TreeProblem) -> Digest {
        let sizeBytes = try integer(UInt64.self)
        guard let hash = XXH3Digest(bytes: Array(try take(16))), let sha256 = SHA256Digest(bytes: Array(try take(32)))
        else { throw .truncated }
        return Digest(id: ObjectID(hash), sha256: sha256, sizeBytes: sizeBytes)
    }
}

extension [UInt8] {
    fileprivate mutating func append<Value: FixedWidthInteger>(integer: Value) {
        for shift in stride(from: Value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: integer >> Value(shift)))
        }
    }

    fileprivate mutating func append(_ digest: Digest) {
        append(integer: digest.sizeBytes)
        append(integer: digest.id.hash.high)
        append(integer: digest.id.hash.low)
        self += digest.sha256.bytes
    }
}
