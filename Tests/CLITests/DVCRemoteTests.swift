import Files
import HTTP
import Hashing
import Synchronization
import TestSupport
import Testing

/// Projects whose data DVC has pushed.
@Suite struct DVCRemoteTests {
    private func md5(_ text: String) -> String { MD5.hash(Array(text.utf8)).description }

    /// What Git has of a project of DVC, with its remote beside it; `layout` stands before the two digits.
    private func project(layout: String = "files/md5/", remote url: String = "../../remote") throws -> TemporaryProject
    {
        let listing =
            "[{\"md5\": \"\(md5("one\n"))\", \"relpath\": \"a.txt\"}, {\"md5\": \"\(md5("two\n"))\", \"relpath\": \"sub/b.txt\"}]"
        let hash = layout.isEmpty ? "" : "  hash: md5\n"
        let project = try TemporaryProject([
            ".dvc/config": "[core]\n    remote = origin\n['remote \"origin\"']\n    url = \(url)\n",
            "data.dvc": "outs:\n- md5: \(md5(listing)).dir\n  size: 8\n  nfiles: 2\n\(hash)  path: data\n",
            "model.bin.dvc": "outs:\n- md5: \(md5("model\n"))\n  size: 6\n\(hash)  path: model.bin\n",
        ])
        for (content, suffix) in [("one\n", ""), ("two\n", ""), ("model\n", ""), (listing, ".dir")] {
            let hex = md5(content)
            try project.write("../remote/\(layout)\(hex.prefix(2))/\(hex.dropFirst(2))\(suffix)", content)
        }
        try project.succeed("init")
        return project
    }

    @Test(arguments: ["files/md5/", ""])
    func `what DVC pushed is pulled, from where its configuration says`(layout: String) throws {
        let project = try project(layout: layout)
        let dry = try project.succeed("fetch", "--dry-run").stdout
        #expect(dry == "\(project.path("../remote")): would fetch 2 objects of DVC, and what they list\n")
        let pulled = try project.succeed("pull").stdout
        #expect(pulled.contains(": fetched 4 objects"))
        #expect(pulled.hasSuffix("  data\n  model.bin\n"))
        #expect(try project.read("data/sub/b.txt") == "two\n")
        #expect(try project.read("model.bin") == "model\n")
        #expect(try project.succeed("pull").stdout.contains(": everything is here already\n"))
        let taken = try project.succeed("import", "dvc").stdout
        #expect(taken.contains("data") && taken.contains("model.bin"))
        #expect(project.exists("data.repro"))
    }

    @Test func `a part is fetched by name, and stays in DVC's cache`() throws {
        let project = try project()
        try project.succeed("fetch", "model.bin.dvc")
        let hex = md5("model\n")
        #expect(try project.read(".dvc/cache/files/md5/\(hex.prefix(2))/\(hex.dropFirst(2))") == "model\n")
        #expect(!project.exists("model.bin"))
        #expect(try project.files(below: ".dvc/cache").count == 1)
        #expect(try project.run("fetch", "modle.bin").stderr.hasSuffix("hint: did you mean `model.bin`?\n"))
    }

    @Test func `what is damaged or gone there is named, and the rest comes`() throws {
        let project = try project()
        let (one, two) = (md5("one\n"), md5("two\n"))
        let place = "../remote/files/md5/\(one.prefix(2))/\(one.dropFirst(2))"
        project.remove(place)
        try project.write(place, "eno\n")
        project.remove("../remote/files/md5/\(two.prefix(2))/\(two.dropFirst(2))")
        let result = try project.run("fetch")
        #expect(result.status == 5)
        #expect(
            result.stderr.contains("files/md5/\(one.prefix(2))/\(one.dropFirst(2)) is damaged: its MD5 is another\n"))
        #expect(result.stderr.contains("files/md5/\(two.prefix(2))/\(two.dropFirst(2)) is not there\n"))
        try project.succeed("fetch", "model.bin")
        #expect(!project.exists(".dvc/cache/files/md5/\(one.prefix(2))/\(one.dropFirst(2))"))
    }

    @Test func `a listing that leads out of the project is not believed`() throws {
        let project = try project()
        let listing = "[{\"md5\": \"\(md5("one\n"))\", \"relpath\": \"../../evil.txt\"}]"
        let hex = md5(listing)
        try project.write("../remote/files/md5/\(hex.prefix(2))/\(hex.dropFirst(2)).dir", listing)
        try project.write("data.dvc", "outs:\n- md5: \(hex).dir\n  hash: md5\n  path: data\n")
        let result = try project.run("pull", "data")
        #expect(result.status == 5)
        #expect(!project.exists("../evil.txt") && !project.exists("../../evil.txt"))
    }

    @Test func `a web server shows it, and a remote can be named without DVC's configuration`() throws {
        let project = try project()
        let server = try TestServer { request in
            reply(to: request, try? project.readBytes("../remote" + request.path))
        }
        defer { server.stop() }
        try project.write(".dvc/config", "")
        try project.succeed("remote", "add", "mirror", server.origin, "--dvc")
        try project.succeed("pull")
        #expect(try project.read("data/a.txt") == "one\n")
        let refused = try project.run("push")
        #expect(refused.status == 2)
        #expect(
            refused.stderr == """
                error: remote mirror is DVC's: it can be fetched and pulled from, and no more
                hint: add one of Repro's own: `repro remote add NAME URL`

                """)
    }

    private func reply(to request: TestServer.Request, _ content: [UInt8]?) -> TestServer.Response {
        guard request.method == "GET", let content else { return TestServer.Response(.notFound) }
        let range = ByteRange.parse(requestHeader: request.headers["Range"], sizeBytes: UInt64(content.count))
        guard case .part(let range) = range else { return TestServer.Response(body: content) }
        return TestServer.Response(
            .partialContent, headers: ["Content-Range": range.replyHeader(of: UInt64(content.count))],
            body: Array(content[Int(range.offset)..<Int(range.end)]))
    }

    /// What Git has of a project whose remote is `version_aware`: `data` is below a folder, with two files in it.
    private func versionedProject(_ url: String, _ server: TestServer) throws -> TemporaryProject {
        func entry(_ name: String, _ content: String, _ version: Int) -> String {
            """
              - relpath: \(name)
                md5: \(md5(content))
                size: \(content.utf8.count)
                cloud:
                  origin:
                    etag: x
                    version_id: '\(version)'

            """
        }
        let files = entry("A b.txt", "one\n", 2) + entry("sub/ü+.txt", "two\n", 7)
        let cloud = "  cloud:\n    origin:\n      version_id: '1'\n"
        let project = try TemporaryProject([
            ".dvc/config":
                "[core]\n    remote = origin\n['remote \"origin\"']\n    url = \(url)\n    version_aware = true\n"
                + "    endpointurl = \(server.origin)\n    allow_anonymous_login = true\n",
            "in/data.dvc": "outs:\n- hash: md5\n  path: data\n  files:\n\(files)",
            "model.bin.dvc": "outs:\n- md5: \(md5("model\n"))\n  size: 6\n  hash: md5\n  path: model.bin\n\(cloud)",
        ])
        try project.succeed("init")
        return project
    }

    @Test(arguments: [
        ("s3://bucket/proj", "/bucket/proj/", "versionId"),
        ("gs://bucket/proj", "/storage/v1/b/bucket/o/proj/", "generation"),
    ])
    func `files are read by name and version where the remote keeps versions`(
        url: String, place: String, query: String
    ) throws {
        let versions = Mutex(["in/data/A b.txt": ["2": "one\n", "3": "eins\n"], "in/data/sub/ü+.txt": ["7": "two\n"]])
        let server = try TestServer { request in
            let name = String(request.path.dropFirst(place.count))
            let isPlace = request.path.hasPrefix(place)
            let content = versions.withLock { $0[name]?[request.query(query) ?? ""] }
            return reply(to: request, isPlace ? content.map { Array($0.utf8) } : nil)
        }
        defer { server.stop() }
        let project = try versionedProject(url, server)
        #expect(
            try project.succeed("fetch", "--dry-run").stdout.hasSuffix(
                ": would fetch 3 objects of DVC, and what they list\n"))
        let result = try project.run("pull")
        #expect(result.status == 5)
        #expect(result.stderr.contains("remote \(url): object model.bin is not there\n"))
        versions.withLock { $0["model.bin"] = ["1": "model\n"] }
        #expect(try project.succeed("pull").stdout.hasSuffix("  in/data\n  model.bin\n"))
        #expect(try project.read("in/data/A b.txt") == "one\n")
        #expect(try project.read("in/data/sub/ü+.txt") == "two\n")
        #expect(try project.read("model.bin") == "model\n")
        #expect(try project.succeed("pull").stdout.contains(": everything is here already\n"))
        try project.succeed("import", "dvc")
        #expect(project.exists("in/data.repro") && project.exists("model.bin.repro"))
    }

    @Test(arguments: [
        ("ssh://host/path", "error: remote URL `ssh://host/path` cannot be used: ssh is not a kind of remote\n"),
        (
            "remote://gone/x",
            "error: remote URL `remote://gone/x` cannot be used: it refers to a remote that there is not\n"
        ),
    ])
    func `a remote that cannot be read is explained`(url: String, message: String) throws {
        let result = try project(remote: url).run("fetch")
        #expect(result.status == 2)
        #expect(result.stderr.hasPrefix(message))
    }

    @Test func `a place that keeps no versions cannot have them`() throws {
        let project = try project()
        try project.write(
            ".dvc/config.local", "['remote \"origin\"']\n    url = https://host/x\n    version_aware = true\n")
        #expect(
            try project.run("fetch").stderr.hasPrefix(
                "error: remote option version_aware cannot be `true`: only buckets of S3 and Google keep versions\n"
            ))
    }

    @Test func `local configuration and other remotes count`() throws {
        let project = try project(remote: "/nowhere")
        try project.write(
            ".dvc/config.local",
            "['remote \"base\"']\n    url = ..\n['remote \"origin\"']\n    url = remote://base/../remote\n")
        try project.succeed("fetch", "model.bin")
        #expect(
            try project.run("fetch", "-r", "bse").stderr
                == "error: there is no remote `bse`\nhint: did you mean `base`?\n")
    }
}
