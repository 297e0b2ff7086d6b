import Files
import HTTP
import JSON
import TestSupport
import Testing
import Threads

/// import-url and update, from a web server and from folders.
@Suite struct ImportURLTests {
    let project: TemporaryProject

    init() throws {
        project = try TemporaryProject()
        try project.succeed("init")
    }

    /// A file with a version that a test can change.
    private final class Page: Sendable {
        private let content = Guarded((text: "one\n", etag: "\"1\""))

        func change(_ text: String, etag: String) { content.withLock { $0 = (text, etag) } }

        func answer(_ request: TestServer.Request) -> TestServer.Response {
            let (text, etag) = content.withLock { $0 }
            switch request.path {
            case "/a b.txt":
                if request.headers["If-None-Match"] == etag { return TestServer.Response(.notModified) }
                return TestServer.Response(headers: ["ETag": etag], text: text)
            case "/moved": return TestServer.Response(.found, headers: ["Location": "/a%20b.txt"])
            case "/secret": return TestServer.Response(.forbidden)
            case "/broken":
                let body = [UInt8](repeating: 7, count: 500_000)
                return TestServer.Response(body: body, fault: .resetAfter(bodyBytes: 200_000))
            default: return TestServer.Response(.notFound)
            }
        }
    }

    @Test func `a file is imported with its version, and updated when that changes`() throws {
        let page = Page()
        let server = try TestServer(page.answer)
        defer { server.stop() }
        let imported = try project.run("import-url", "\(server.origin)/a%20b.txt")
        #expect(imported.stdout == "imported  a b.txt  4 B    from \(server.origin)/a%20b.txt\n")
        #expect(
            try project.read("a b.txt.repro").hasSuffix(
                "source:\n  url: \"\(server.origin)/a%20b.txt\"\n  etag: \"\\\"1\\\"\"\n"))
        #expect(try project.run("update").stdout.hasPrefix("same  a b.txt"))
        #expect(server.requests.last?.headers["If-None-Match"] == "\"1\"")
        page.change("two!\n", etag: "\"2\"")
        #expect(try project.run("update", "--dry-run").stdout.hasPrefix("would change  a b.txt  5 B"))
        #expect(try project.read("a b.txt") == "one\n")
        let json = try JSONValue(parsing: project.run("update", "a b.txt.repro", "--json").stdout)
        #expect(json["imports"][0]["source"]["etag"] == .string("\"2\""))
        #expect(try project.read("a b.txt") == "two!\n")
        #expect(try project.run("status", "--check").status == 0)
    }

    @Test func `an edited import is not overwritten, and adding it makes it one's own`() throws {
        let page = Page()
        let server = try TestServer(page.answer)
        defer { server.stop() }
        try project.succeed("import-url", "\(server.origin)/moved", "in/data.txt")
        page.change("two\n", etag: "\"2\"")
        try project.write("in/data.txt", "mine\n")
        #expect(try project.run("update", "in/data.txt").status == 4)
        #expect(try project.read("in/data.txt") == "mine\n")
        try project.succeed("add", "in/data.txt")
        #expect(try !project.read("in/data.txt.repro").contains("source"))
        let not = try project.run("update", "in/data.txt")
        #expect(
            not.stderr == """
                error: in/data.txt was not imported
                hint: `repro add` records changes of your own data

                """)
    }

    @Test func `what cannot be had leaves nothing`() throws {
        let page = Page()
        let server = try TestServer(page.answer)
        defer { server.stop() }
        let failures = [
            ("/none", 3, "there is nothing at \(server.origin)/none\nhint: check the address; a file may have moved"),
            ("/secret", 7, "\(server.origin)/secret may not be read: 403 Forbidden"),
            (
                "/", 2,
                "\(server.origin)/ has no name that a file here could have\n"
                    + "hint: say where it should go, with --out PATH"
            ),
            (
                "/%2e%2e", 2,
                "\(server.origin)/%2e%2e has no name that a file here could have\n"
                    + "hint: say where it should go, with --out PATH"
            ),
        ]
        for (path, status, message) in failures {
            let result = try project.run("import-url", server.origin + path)
            #expect(result.status == Int32(status))
            #expect(result.stderr == "error: \(message)\n")
        }
        #expect(try project.run("import-url", "\(server.origin)/broken").status == 6)
        #expect(try project.run("import-url", "ftp://host/x").status == 2)
        #expect(try project.run("import-url", "http://user:hidden@host/x").stderr.contains("hidden") == false)
        #expect(try project.run("import-url", "\(server.origin)/a%20b.txt", "../outside").status == 2)
        #expect(try project.run("import-url", "\(server.origin)/a%20b.txt", ".repro/config.yaml").status == 2)
        #expect(try project.files().allSatisfy { $0.hasPrefix(".repro/") })
        #expect(try project.files(below: ".repro/tmp") == [])
    }

    @Test func `a file or folder of this machine is imported, and taken again when it changes`() throws {
        try project.write("../elsewhere/raw/a", "1")
        try project.write("../elsewhere/raw/in/b", "22")
        #expect(
            try project.run("import-url", "../elsewhere/raw", "data").stdout
                == "imported  data  3 B  2 files  from ../elsewhere/raw\n")
        #expect(try project.run("import-url", "../elsewhere/raw", "data").status == 4)
        try project.write("../elsewhere/raw/a", "333")
        let updated = try project.shell("mkdir sub && cd sub && repro update ../data")
        #expect(updated.stdout == "changed  data  5 B  2 files  from ../elsewhere/raw\n")
        #expect(try project.read("data/a") == "333")
        project.remove("../elsewhere")
        let gone = try project.run("update")
        #expect(gone.stderr == "error: there is nothing at ../elsewhere/raw\nhint: check the path\n")
        #expect(gone.status == 3)
        #expect(try project.read("data/a") == "333")
        #expect(try project.run("import-url", ".", "x").status == 2)
    }

    @Test func `moving an import keeps where it is from`() throws {
        try project.write("../elsewhere/a", "1")
        try project.succeed("import-url", "../elsewhere/a")
        try project.succeed("move", "a", "b")
        #expect(try project.read("b.repro").hasSuffix("source:\n  url: \"../elsewhere/a\"\n"))
    }
}
