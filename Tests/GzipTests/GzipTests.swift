import TestSupport
import Testing

@testable import Gzip

@Suite struct GzipTests {
    /// gzip itself is the judge.
    @Test(arguments: [0, 1, 1000, 300_000]) func `gzip reads what was compressed`(count: Int) throws {
        var random = SeededRandom(seed: 7)
        let bytes = (0..<count).map { $0 % 3 == 0 ? UInt8(truncatingIfNeeded: random.next()) : 65 }
        let small = Gzip.compress(bytes)
        let project = try TemporaryProject()
        try project.write("bytes.gz", bytes: small)
        let result = try project.shell("gzip --decompress bytes.gz")
        #expect(result.status == 0, "\(result.stderr)")
        #expect(try project.readBytes("bytes") == bytes)
        if count > 1000 { #expect(small.count < count * 3 / 4) }
    }
}
