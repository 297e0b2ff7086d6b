import Diagnostics
import Files
import HTTP
import TestSupport
import Testing

@testable import Remotes

@Suite struct RemoteSettingsTests {
    private let root = AbsolutePath("/project")

    @Test(arguments: [
        ("/mnt/share", RemoteSettings.Place.folder(AbsolutePath("/mnt/share"))),
        ("../share", .folder(AbsolutePath("/share"))),
        ("file:///mnt/share", .folder(AbsolutePath("/mnt/share"))),
        ("s3://bucket", .s3(bucket: "bucket", prefix: "")),
        ("s3://bucket/a//b/", .s3(bucket: "bucket", prefix: "a/b")),
        ("gs://bucket/a", .gcs(bucket: "bucket", prefix: "a")),
    ])
    func `a URL says what kind of remote it is`(url: String, place: RemoteSettings.Place) throws {
        #expect(try RemoteSettings(url: url, root: root).place == place)
    }

    @Test(arguments: [
        ("", "remote URL `` cannot be used: it is empty"),
        ("ftp://host/x", "remote URL `ftp://host/x` cannot be used: ftp is not a kind of remote"),
        ("s3://", "remote URL `s3://` cannot be used: it names no bucket"),
        ("s3://a?b/c", "remote URL `s3://a?b/c` cannot be used: it names no bucket"),
        ("https://u:p@host/", "remote URL `https://…` cannot be used: a URL holds a user or password"),
    ])
    func `a URL that is no remote is refused with the reason`(url: String, message: String) {
        let error = #expect(throws: RemoteError.self) { try RemoteSettings(url: url, root: root) }
        #expect(error?.message == message)
        #expect(error?.hint == "use s3://BUCKET/PATH, gs://BUCKET/PATH, https://HOST/PATH or the path of a folder")
    }

    @Test func `options are checked`() throws {
        let settings = try RemoteSettings(
            url: "s3://b",
            options: [
                "endpoint": "http://localhost:7480", "region": "r", "addressing": "virtual", "profile": "p",
                "key_file": "key.json", "ca_file": "/ca.pem", "anonymous": "true",
            ], root: root)
        #expect(settings.endpoint?.description == "http://localhost:7480/")
        #expect(settings.addressing == .virtualHost)
        #expect(settings.keyFile == AbsolutePath("/project/key.json"))
        #expect(settings.isAnonymous)
    }

    @Test(arguments: [
        (
            "endpoint", "localhost",
            "remote option endpoint cannot be `localhost`: URL `localhost` does not start with http:// or https://"
        ),
        ("addressing", "x", "remote option addressing cannot be `x`: use `path` or `virtual`"),
        ("anonymous", "1", "remote option anonymous cannot be `1`: use `true` or `false`"),
        (
            "color", "x",
            "remote option color cannot be `x`: the options are endpoint, region, addressing, profile, key_file, ca_file, "
                + "anonymous, dvc, version_aware"
        ),
    ])
    func `an option that cannot be is refused with the reason`(name: String, value: String, message: String) {
        let error = #expect(throws: RemoteError.self) {
            try RemoteSettings(url: "s3://b", options: [name: value], root: root)
        }
        #expect(error?.message == message)
    }

    @Test func `a remote that works passes every step, and nothing is left there`() throws {
        let folder = try TemporaryFolder()
        let checks = probeRemote(DirectoryStorage(folder: folder["remote"]))
        #expect(checks.map(\.name) == ["list", "write", "read", "clock", "delete"])
        #expect(checks.filter { !$0.isPassed }.isEmpty)
        #expect(try folder.names(in: "remote").isEmpty)
    }

    @Test func `a remote of DVC's is not written to`() throws {
        let folder = try TemporaryFolder()
        let storage = RecordingStorage(DirectoryStorage(folder: folder["remote"]))
        #expect(probeRemote(storage, isDVC: true).map(\.name) == ["list"])
        #expect(storage.count(.put) == 0)
    }

    @Test func `the first step that fails says what is wrong`() throws {
        let denied = RemoteError.denied(remote: "r", action: "write", code: "AccessDenied")
        let folder = try TemporaryFolder()
        let storage = FaultyStorage(DirectoryStorage(folder: folder.path)) { _, kind, _ in
            kind == .put ? .fail(denied) : nil
        }
        let checks = probeRemote(storage)
        #expect(checks.map(\.name) == ["list", "write"])
        #expect(checks.last?.failure as? RemoteError == denied)
    }
}
