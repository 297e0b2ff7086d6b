import Hashing

/// Where each object of one pack lies, as it is in the index file: 29 bytes for an object, found in a few steps.
struct PackIndex: Sendable {
    /// The file's content.
    let bytes: [UInt8]
    let count: Int
    /// How long the pack must be.
    let packBytes: UInt64

    private static let fanOutStart = 20
    private static let idsStart = fanOutStart + 256 * 4
    private static let idBytes = 16
    private static let placeBytes = 13

    /// Of objects that all differ.
    init(_ entries: [PackEntry], packBytes: UInt64) {
        let entries = entries.sorted { $0.id < $1.id }
        var counts = [UInt32](repeating: 0, count: 256)
        for entry in entries { counts[Int(entry.id.hash.high >> 56)] += 1 }
        var bytes = PackFormat.indexMagic
        bytes.reserveCapacity(Self.idsStart + entries.count * (Self.idBytes + Self.placeBytes))
        bytes.append(bigEndian: packBytes)
        bytes.append(bigEndian: UInt32(entries.count))
        var total: UInt32 = 0
        for count in counts {
            total += count
            bytes.append(bigEndian: total)
        }
        for entry in entries {
            bytes.append(bigEndian: entry.id.hash.high)
            bytes.append(bigEndian: entry.id.hash.low)
        }
        for entry in entries {
            bytes.append(bigEndian: entry.offset)
            bytes.append(bigEndian: entry.storedBytes)
            bytes.append(bigEndian: entry.sizeBytes)
            bytes.append(entry.isCompressed ? 1 : 0)
        }
        self.bytes = bytes
        self.packBytes = packBytes
        count = entries.count
    }

    /// Nil unless `bytes` are an index of that name, to the last bit.
    init?(decoding bytes: [UInt8], named name: PackName) {
        guard PackName(of: bytes) == name, bytes.starts(with: PackFormat.indexMagic), bytes.count >= Self.idsStart
        else { return nil }
        let (packBytes, count) = bytes.withUnsafeBytes {
            ($0.bigEndian(UInt64.self, at: 8), Int($0.bigEndian(UInt32.self, at: 16)))
        }
        guard bytes.count == Self.idsStart + count * (Self.idBytes + Self.placeBytes) else { return nil }
        let counts = bytes.withUnsafeBytes { raw in
            (0..<256).map { Int(raw.bigEndian(UInt32.self, at: Self.fanOutStart + 4 * $0)) }
        }
        guard counts.last == count, zip(counts, counts.dropFirst()).allSatisfy({ $0 <= $1 }) else { return nil }
        self.bytes = bytes
        self.packBytes = packBytes
        self.count = count
    }

    /// What the pack is called that this index is of: the same records have the same name.
    var name: PackName { PackName(of: bytes) }

    func entry(for id: ObjectID) -> PackEntry? {
        bytes.withUnsafeBytes { raw -> PackEntry? in
            let first = Int(id.hash.high >> 56)
            var low = first == 0 ? 0 : fanOut(first - 1, raw)
            var high = fanOut(first, raw)
            while low < high {
                let middle = (low + high) / 2
                let found = Self.id(middle, raw)
                if found == id { return entry(middle, raw) }
                if found < id { low = middle + 1 } else { high = middle }
            }
            return nil
        }
    }

    /// In ascending order of ids.
    var entries: [PackEntry] { bytes.withUnsafeBytes { raw in (0..<count).map { entry($0, raw) } } }

    private func fanOut(_ first: Int, _ raw: UnsafeRawBufferPointer) -> Int {
        Int(raw.bigEndian(UInt32.self, at: Self.fanOutStart + 4 * first))
    }

    private static func id(_ number: Int, _ raw: UnsafeRawBufferPointer) -> ObjectID {
        ObjectID(XXH3Digest(reading: raw, at: idsStart + number * idBytes))
    }

    private func entry(_ number: Int, _ raw: UnsafeRawBufferPointer) -> PackEntry {
        let place = Self.idsStart + count * Self.idBytes + number * Self.placeBytes
        return PackEntry(
            id: Self.id(number, raw), offset: raw.bigEndian(UInt32.self, at: place),
            storedBytes: raw.bigEndian(UInt32.self, at: place + 4),
            sizeBytes: raw.bigEndian(UInt32.self, at: place + 8),
            isCompressed: raw[place + 12] == 1)
    }
}

/// The name of a pack and of its index: XXH3-128 of the index's bytes, so that an index proves itself, and one that is
/// made again from its pack proves that nothing is lost.
struct PackName: Hashable, Comparable, Sendable, CustomStringConvertible {
    let hash: XXH3Digest

    init(of index: [UInt8]) { hash = XXH3.hash(index) }

    /// From a file's name without its suffix; nil for what we would not have given.
    private init?(_ name: ArraySlice<UInt8>) {
        let text = String(decoding: name, as: UTF8.self)
        guard let hash = XXH3Digest(hex: text), hash.description == text else { return nil }
        self.hash = hash
    }

    /// From a file's name that ends in `suffix`.
    init?(_ file: [UInt8], suffix: String) {
        guard file.count > suffix.utf8.count, file.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) else {
            return nil
        }
        self.init(file.dropLast(suffix.utf8.count))
    }

    static func < (a: PackName, b: PackName) -> Bool { a.hash < b.hash }

    var description: String { hash.description }
}
