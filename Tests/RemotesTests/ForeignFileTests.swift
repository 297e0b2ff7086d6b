import Diagnostics
import Files
import Glibc
import TestSupport
import Testing

@testable import Remotes

/// Single files in buckets, for `import-url s3://…` and `gs://…`: with servers of our own, and with real ones where
/// `make test-remotes` has started them.
@Suite struct ForeignFileTests {
    static let buckets = StorageUnderTest.available.filter { $0 != .directory && $0 != .encryptedS3 }

    /// What a user's environment says of the server that a storage is at.
    private func machine(_ kind: StorageUnderTest, _ owner: AnyObject) -> RemoteMachine {
        func words(_ variable: String) -> [String] {
            getenv(variable).map { String(cString: $0).split(separator: " ").map(String.init) } ?? []
        }
        var variables: [String: String] = [:]
        var clock = Clock.system
        switch kind {
        case .directory, .encryptedS3: break
        case .fakeS3:
            variables["AWS_ENDPOINT_URL_S3"] = (owner as? FakeS3)?.origin
            variables["AWS_ACCESS_KEY_ID"] = "AKFAKE"
            variables["AWS_SECRET_ACCESS_KEY"] = "fake/secret"
            variables["AWS_REGION"] = "fake-region"
            clock = Clock { Timestamp(milliseconds: 1_700_000_000_000) }
        case .s3, .secondS3:
            let words = words(kind == .s3 ? "REPRO_TEST_S3" : "REPRO_TEST_S3_SECOND")
            variables["AWS_ENDPOINT_URL_S3"] = words[0]
            variables["AWS_ACCESS_KEY_ID"] = words[2]
            variables["AWS_SECRET_ACCESS_KEY"] = words[3]
        case .fakeGCS: variables["STORAGE_EMULATOR_HOST"] = (owner as? FakeGCS)?.origin
        case .gcs: variables["STORAGE_EMULATOR_HOST"] = words("REPRO_TEST_GCS")[0]
        }
        return RemoteMachine(variables: variables, home: AbsolutePath("/nonexistent"), clock: clock)
    }

    @Test(arguments: buckets)
    func `a file of a bucket comes whole, and again only when it has changed`(kind: StorageUnderTest) throws {
        let (storage, owner) = try kind.make()
        let machine = machine(kind, owner)
        let folder = try TemporaryFolder()
        // Larger than what is asked for at once.
        let content = [UInt8]((0..<20_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
        #expect(try storage.put(name("table.bin"), content) == .stored)
        let file = try #require(try ForeignFile("\(storage.label)/table.bin"))
        #expect(file.name == Array("table.bin".utf8))
        let version = try file.fetch(to: folder["file"], unless: nil, in: machine, monitor: SilentMonitor())
        let isWhole = try FileSystem.real.read(folder["file"]) == content
        #expect(isWhole)
        let known = try #require(version)
        let again = try file.fetch(to: folder["again"], unless: known, in: machine, monitor: SilentMonitor())
        #expect(again == nil)
        #expect(try folder.names() == ["file"])
        let none = try #require(try ForeignFile("\(storage.label)/none.bin"))
        let error = #expect(throws: ForeignError.self) {
            try none.fetch(to: folder["none"], unless: nil, in: machine, monitor: SilentMonitor())
        }
        #expect(error == .notThere("\(storage.label)/none.bin"))
        #expect(try folder.names() == ["file"])
        withExtendedLifetime(owner) {}
    }
}
