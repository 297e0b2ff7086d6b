import Curl
import Diagnostics
import Files
import Glibc
import HTTP
import TestSupport
import Testing
import Threads

@testable import Remotes

/// Every kind of remote that can be written, held to the contract of `RemoteStorage`. Real servers join when the
/// environment names them; see `make test-remotes`.
enum StorageUnderTest: String, CaseIterable, Sendable {
    case directory
    case fakeS3
    /// The same, over HTTPS and HTTP/2.
    case encryptedS3
    case fakeGCS
    /// `REPRO_TEST_S3="ENDPOINT BUCKET KEY SECRET"`
    case s3
    /// `REPRO_TEST_S3_SECOND`, as above: another implementation.
    case secondS3
    /// `REPRO_TEST_GCS="ENDPOINT BUCKET"`: an emulator, which knows neither preconditions nor empty files, nor that a
    /// part may begin at the end.
    case gcs

    static var available: [StorageUnderTest] {
        allCases.filter { $0.variable.map { getenv($0) != nil } ?? true }
    }

    private var variable: String? {
        switch self {
        case .directory, .fakeS3, .encryptedS3, .fakeGCS: nil
        case .s3: "REPRO_TEST_S3"
        case .secondS3: "REPRO_TEST_S3_SECOND"
        case .gcs: "REPRO_TEST_GCS"
        }
    }

    /// A storage that nobody else uses, and what it needs to live.
    func make() throws -> (storage: any RemoteStorage, owner: AnyObject) {
        let environment = try testEnvironment()
        let words = variable.flatMap { getenv($0) }.map { String(cString: $0).split(separator: " ").map(String.init) }
        let prefix = "conformance/" + String(UInt64.random(in: .min ... .max), radix: 36)
        switch self {
        case .directory:
            let folder = try TemporaryFolder()
            return (DirectoryStorage(folder: folder["remote"]), folder)
        case .fakeS3:
            let server = try FakeS3()
            let environment = try testEnvironment(now: 1_700_000_000)
            let credentials = S3CredentialSource.fixed(FakeS3.credentials)
            return (
                try S3Storage(server.location(), credentials: credentials, in: environment, partBytes: 5 << 20), server
            )
        case .encryptedS3:
            let server = try FakeS3()
            let proxy = try EncryptingProxy(toPort: server.port)
            let environment = try testEnvironment(now: 1_700_000_000, trusting: proxy.authority)
            let storage = S3Storage(
                try server.location(endpoint: proxy.origin), credentials: .fixed(FakeS3.credentials), in: environment,
                partBytes: 5 << 20)
            return (storage, Encrypted(server: server, proxy: proxy))
        case .fakeGCS:
            let server = try FakeGCS()
            return (
                try GCSStorage(server.location(), tokens: .anonymous(), in: environment, pieceBytes: 5 << 20), server
            )
        case .s3, .secondS3:
            let words = try #require(words)
            let location = S3Location(bucket: words[1], prefix: prefix, endpoint: try HTTPURL(parsing: words[0]))
            let key = S3Credentials(accessKeyID: words[2], secretKey: Secret(words[3]))
            return (
                S3Storage(location, credentials: .fixed(key), in: environment, partBytes: 5 << 20), environment.client
            )
        case .gcs:
            let words = try #require(words)
            let location = GCSLocation(bucket: words[1], prefix: prefix, endpoint: try HTTPURL(parsing: words[0]))
            return (
                GCSStorage(location, tokens: .anonymous(), in: environment, pieceBytes: 5 << 20), environment.client
            )
        }
    }
}

/// A server and what encrypts for it: both live as long as the storage is used.
private final class Encrypted {
    let server: FakeS3
    let proxy: EncryptingProxy

    init(server: FakeS3, proxy: EncryptingProxy) {
        self.server = server
        self.proxy = proxy
    }
}

/// Nothing of this machine but the network, and, if `now` is given, a clock that stands still.
func testEnvironment(
    _ variables: [String: String] = [:], home: AbsolutePath = AbsolutePath("/nonexistent"), now: Int64? = nil,
    trusting authority: AbsolutePath? = nil
) throws -> RemoteEnvironment {
    let clock = now.map { now in Clock { Timestamp(milliseconds: now * 1000) } } ?? .system
    var options = HTTPClientOptions()
    options.certificateAuthorities = authority?.bytes
    return RemoteEnvironment(variables: variables, home: home, clock: clock, client: try HTTPClient(options: options))
}

func name(_ text: String) throws -> RemoteName { try #require(RemoteName(text)) }

@Suite struct StorageConformanceTests {
    @Test(arguments: StorageUnderTest.available)
    func `what was put can be read, whole and in parts`(kind: StorageUnderTest) throws {
        let (storage, owner) = try kind.make()
        defer { withExtendedLifetime(owner) {} }
        let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let file = try name("packs/one.pack")
        #expect(storage.isWritable)
        #expect(try storage.put(file, content) == .stored)
        #expect(try storage.get(file, nil, limitBytes: 1 << 20) == content)
        #expect(try storage.get(file, ByteRange(offset: 0, count: 1), limitBytes: 1) == [0])
        #expect(try storage.get(file, ByteRange(offset: 500, count: 70), limitBytes: 70) == Array(content[500..<570]))
        #expect(
            try storage.get(file, ByteRange(offset: 99_990, count: 50), limitBytes: 50) == Array(content[99_990...]))
        if kind != .gcs {
            #expect(try storage.get(file, ByteRange(offset: 100_000, count: 5), limitBytes: 5) == [])
        }
        #expect(try storage.get(file, ByteRange(offset: 5, count: 0), limitBytes: 0) == [])
        #expect(try storage.head(file)?.sizeBytes == 100_000)
    }

    @Test(arguments: StorageUnderTest.available)
    func `what is there is not replaced`(kind: StorageUnderTest) throws {
        let (storage, owner) = try kind.make()
        defer { withExtendedLifetime(owner) {} }
        let file = try name("index/one.segment")
        #expect(try storage.put(file, [1, 2, 3]) == .stored)
        if kind != .gcs { #expect(try storage.put(file, [1, 2, 3]) == .alreadyThere) }
        #expect(try storage.get(file, nil, limitBytes: 10) == [1, 2, 3])
    }

    @Test(arguments: StorageUnderTest.available)
    func `many who put the same name at once all succeed`(kind: StorageUnderTest) throws {
        let (storage, owner) = try kind.make()
        defer { withExtendedLifetime(owner) {} }
        let file = try name("packs/shared.pack")
        let content = [UInt8](repeating: 9, count: 50_000)
        let waiting = RetryingStorage(storage, sleep: { _ in usleep(20_000) })
        let outcomes = try mapConcurrently(Array(0..<8), width: 8) { _ in try waiting.put(file, content) }
        #expect(outcomes.contains(.stored))
        #expect(try storage.get(file, nil, limitBytes: 1 << 20) == content)
    }

    @Test(arguments: StorageUnderTest.available)
    func `what is not there is absent, not an error`(kind: StorageUnderTest) throws {
        let (storage, owner) = try kind.make()
        defer { withExtendedLifetime(owner) {} }
        let file = try name("packs/absent.pack")
        #expect(try storage.get(file, nil, limitBytes: 10) == nil)
        #expect(try storage.get(file, ByteRange(offset: 0, count: 5), limitBytes: 10) == nil)
        #expect(try storage.head(file) == nil)
        #expect(try storage.listAll("packs").isEmpty)
        try storage.delete(file)
    }

    @Test(arguments: StorageUnderTest.available)
    func `an empty file is a file`(kind: StorageUnderTest) throws {
        if kind == .gcs { return }
        let (storage, owner) = try kind.make()
        defer { withExtendedLifetime(owner) {} }
        let file = try name("empty")
        #expect(try storage.put(file, []) == .stored)
        #expect(try storage.get(file, nil, limitBytes: 0) == [])
        #expect(try storage.get(file, ByteRange(offset: 0, count: 5), limitBytes: 5) == [])
        #expect(try storage.head(file)?.sizeBytes == 0)
    }

    @Test(arguments: StorageUnderTest.available)
    func `a folder is listed in pages, without what lies elsewhere`(kind: StorageUnderTest) throws {
        let (storage, owner) = try kind.make()
        defer { withExtendedLifetime(owner) {} }
        let names = try (0..<10).map { try name("index/number-\($0).segment") }
        for (size, file) in names.enumerated() { try storage.put(file, [UInt8](repeating: 1, count: size + 1)) }
        for other in ["top", "packs/a.pack", "index/deep/er", "index-2/b"] { try storage.put(name(other), [1]) }
        let entries = try storage.listAll("index").sorted { $0.name < $1.name }
        #expect(entries.map(\.name) == names)
        #expect(entries.map(\.sizeBytes) == (1...10).map { UInt64($0) })
        #expect(entries.allSatisfy { $0.modified != nil })
        #expect(try storage.listAll("").map(\.name.text) == ["top"])
    }

    @Test(arguments: StorageUnderTest.available)
    func `what was deleted is gone`(kind: StorageUnderTest) throws {
        let (storage, owner) = try kind.make()
        defer { withExtendedLifetime(owner) {} }
        let file = try name("packs/old.pack")
        try storage.put(file, [1])
        try storage.delete(file)
        #expect(try storage.head(file) == nil)
        #expect(try storage.put(file, [1]) == .stored)
    }

    @Test(arguments: StorageUnderTest.available)
    func `a file that is larger than allowed is not read`(kind: StorageUnderTest) throws {
        let (storage, owner) = try kind.make()
        defer { withExtendedLifetime(owner) {} }
        let file = try name("packs/large.pack")
        try storage.put(file, [UInt8](repeating: 1, count: 5000))
        let error = #expect(throws: RemoteError.self) { try storage.get(file, nil, limitBytes: 4999) }
        #expect(error == .tooLarge(remote: storage.label, name: "packs/large.pack", limitBytes: 4999))
    }

    @Test(arguments: StorageUnderTest.available)
    func `a large file arrives whole, in parts where the server has them`(kind: StorageUnderTest) throws {
        let (storage, owner) = try kind.make()
        defer { withExtendedLifetime(owner) {} }
        let block = (0..<65_536).map { UInt8(truncatingIfNeeded: $0 &* 13 >> 2) }
        let content = Array([[UInt8]](repeating: block, count: 81).joined()) + [7]
        let file = try name("packs/parts.pack")
        #expect(try storage.put(file, content) == .stored)
        #expect(try storage.head(file)?.sizeBytes == UInt64(content.count))
        let isEqual = try storage.get(file, nil, limitBytes: 1 << 30) == content
        #expect(isEqual)
        if kind != .gcs { #expect(try storage.put(file, content) == .alreadyThere) }
    }
}
