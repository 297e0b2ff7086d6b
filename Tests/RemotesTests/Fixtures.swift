import Files
import Testing
import Zstd

@testable import Remotes

/// The bytes of a file below `fixtures/`.
func fixture(_ path: String) throws -> [UInt8] {
    let root = AbsolutePath(#filePath).parent?.parent?.parent?.appending("fixtures")
    return try FileSystem.real.read(try #require(root).appending(path))
}

/// A segment with any body.
func segmentFile(_ body: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(IndexSegment.magic)
    writer.write(UInt32(body.count))
    writer.write(ZstdCompressor.compress(body))
    return writer.bytes
}
