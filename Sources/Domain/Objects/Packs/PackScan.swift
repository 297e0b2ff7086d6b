import Files

/// The records of a pack, found without its index: for when that is damaged or lost.
///
/// A head that is damaged is passed over: its check tells where the next whole one begins.
struct PackScan {
    private(set) var entries: [PackEntry] = []
    /// Whether every byte belongs to a record.
    private(set) var isWhole = false
    private(set) var packBytes: UInt64 = 0

    /// Reads the whole pack into memory, which is bounded by the size of a full one.
    init(_ file: borrowing OpenFile) throws(FileError) {
        let bytes = try file.read(at: 0, count: Int(clamping: try file.status().sizeBytes))
        packBytes = UInt64(bytes.count)
        bytes.withUnsafeBytes { scan($0) }
    }

    private mutating func scan(_ raw: UnsafeRawBufferPointer) {
        let magic = PackFormat.packMagic
        isWhole = raw.count >= magic.count && raw.prefix(magic.count).elementsEqual(magic)
        var offset = magic.count
        var known: Set<ObjectID> = []
        while offset < raw.count {
            guard let head = PackRecordHead(reading: raw, at: offset),
                offset + PackRecordHead.byteCount + Int(head.storedBytes) <= raw.count
            else {
                isWhole = false
                offset += 1
                continue
            }
            let entry = PackEntry(
                id: head.digest.id, offset: UInt32(offset), storedBytes: head.storedBytes,
                sizeBytes: UInt32(head.digest.sizeBytes), isCompressed: head.isCompressed)
            if known.insert(entry.id).inserted { entries.append(entry) }
            offset = Int(entry.end)
        }
    }
}
