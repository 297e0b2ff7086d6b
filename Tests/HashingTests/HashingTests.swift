import Hashing
import Testing

@Suite struct HashingTests {
    static let long = (0..<100_000).map { UInt8($0 % 251) }

    @Test func `XXH3 agrees with the reference implementation`() {
        #expect(XXH3.hash(Array("hello".utf8)).description == "b5e9c1ad071b3e7fc779cfaa5e523818")
        #expect(XXH3.hash([]).description == "99aa06d3014798d86001c324468d497f")
        #expect(XXH3.hash(Self.long).description == "54182c58bbb1337c42c23aeead96750d")
    }

    @Test func `SHA-256 agrees with the standard`() {
        #expect(
            SHA256.hash(Array("hello".utf8)).description
                == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
        #expect(
            SHA256.hash([]).description == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func `MD5 agrees with the standard`() {
        #expect(MD5.hash(Array("hello".utf8)).description == "5d41402abc4b2a76b9719d911017c592")
    }

    @Test(arguments: [1, 7, 64, 4096, 65_537])
    func `pieces hash to the same as the whole`(pieceBytes: Int) {
        let builder = DigestBuilder()
        for start in stride(from: 0, to: Self.long.count, by: pieceBytes) {
            let piece = Array(Self.long[start..<min(start + pieceBytes, Self.long.count)])
            builder.update(piece.span.bytes)
        }
        let digests = builder.finish()
        #expect(digests.xxh3 == XXH3.hash(Self.long))
        #expect(digests.sha256 == SHA256.hash(Self.long))
        #expect(digests.byteCount == 100_000)
    }

    @Test func `a digest survives its hexadecimal spelling`() {
        let digest = XXH3.hash(Self.long)
        #expect(XXH3Digest(hex: digest.description) == digest)
        #expect(XXH3Digest(hex: digest.description.uppercased()) == digest)
        #expect(XXH3Digest(bytes: digest.bytes) == digest)
        let sha256 = SHA256.hash(Self.long)
        #expect(SHA256Digest(hex: sha256.description) == sha256)
        let md5 = MD5.hash(Self.long)
        #expect(MD5Digest(hex: md5.description) == md5)
    }

    @Test(arguments: [
        "", "b5", "b5e9c1ad071b3e7fc779cfaa5e52381g", "b5e9c1ad071b3e7fc779cfaa5e5238180",
        "é5e9c1ad071b3e7fc779cfaa5e52381",
    ])
    func `what is not 32 hexadecimal digits is no digest`(text: String) {
        #expect(XXH3Digest(hex: text) == nil)
        #expect(MD5Digest(hex: text) == nil)
        #expect(SHA256Digest(hex: text) == nil)
    }
}
