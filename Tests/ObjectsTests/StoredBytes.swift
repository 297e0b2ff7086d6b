import Files
import Objects
import TestSupport

/// Contents that take each way through the store.
enum StoredBytes {
    static let empty: [UInt8] = []
    static let small = Array("a few bytes".utf8)
    /// Worth compressing.
    static let text = repeated(toCount: 100_000)
    /// Not worth compressing, and too large to be held in memory.
    static let noise = randomBytes(count: 1_200_000, seed: 1)
    /// Worth compressing, and too large to be held in memory.
    static let longText = repeated(toCount: 1_200_000)

    static let all = [empty, small, text, noise, longText]

    /// Not worth compressing: `noise` over and over.
    static func longNoise(count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count { bytes += noise.prefix(count - bytes.count) }
        return bytes
    }

    /// The same for the same seed.
    static func randomBytes(count: Int, seed: UInt64) -> [UInt8] {
        var state = seed
        let words = (0...count / 4).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt32(truncatingIfNeeded: state >> 32)
        }
        return words.withUnsafeBytes { Array($0.prefix(count)) }
    }

    private static func repeated(toCount count: Int) -> [UInt8] {
        let block = randomBytes(count: 5000, seed: 2).map { 97 + $0 % 13 }
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += block }
        return Array(bytes.prefix(count))
    }
}

extension TemporaryFolder {
    /// The store at `store/`.
    func openStore(compresses: Bool = true, in fileSystem: FileSystem = .real) throws -> ObjectStore {
        try ObjectStore.openOrCreate(at: self["store"], compresses: compresses, in: fileSystem)
    }

    /// The file that holds an object, in whichever form.
    func objectFile(_ digest: Digest) throws -> AbsolutePath {
        let digits = digest.id.description
        let plain = self["store/objects/\(digits.prefix(2))/\(digits.dropFirst(2))"]
        if try FileSystem.real.status(of: plain) != nil { return plain }
        return AbsolutePath(plain.description + ".zst")
    }
}
