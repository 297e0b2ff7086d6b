import Files
import Objects
import TestSupport

/// Contents that take each way through the store.
enum StoredBytes {
    static let empty: [UInt8] = []
    static let small = Array("a few bytes".utf8)
    /// Worth compressing.
    static let text = (0..<100_000).map { UInt8(97 + ($0 * $0 / 7) % 13) }
    /// Not worth compressing, and too large to be held in memory.
    static let noise = randomBytes(count: 2_000_000, seed: 1)
    /// Worth compressing, and too large to be held in memory.
    static let longText = (0..<2_000_000).map { UInt8(97 + ($0 * $0 / 7) % 13) }

    static let all = [empty, small, text, noise, longText]

    /// The same for the same seed.
    static func randomBytes(count: Int, seed: UInt64) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
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
