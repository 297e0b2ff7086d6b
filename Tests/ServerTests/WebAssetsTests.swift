import Files
import TestSupport
import Testing

@testable import Server

/// The files of the page, as they are served.
@Suite struct WebAssetsTests {
    let server: ServerUnderTest

    init() throws { server = try ServerUnderTest(tokens: "read viewer aaaaaaaaaaaaaaaa\n") }

    @Test(arguments: ["/", "/runs", "/runs/calm-otter", "/experiments", "/login"])
    func `every view's URL answers with the page, which holds no data and may run no script but ours`(
        path: String
    ) throws {
        let reply = try server.send("GET", path)
        #expect(reply.status == 200)
        #expect(reply.header("Content-Type") == "text/html; charset=utf-8")
        #expect(reply.header("Cache-Control") == "no-cache")
        #expect(reply.header("X-Content-Type-Options") == "nosniff")
        let policy = try #require(reply.header("Content-Security-Policy"))
        #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'"))
        #expect(policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe"))
        #expect(!reply.text.contains("/assets/-/"))
    }

    @Test func `a file is kept for ever below the version, and sent small to who can read that`() throws {
        let script = try #require(
            try server.send("GET", "/").text.split(separator: "\"").first { $0.hasSuffix("main.js") })
        let reply = try server.send("GET", String(script), headers: ["Accept-Encoding: gzip, zstd"])
        #expect(reply.status == 200)
        #expect(reply.header("Cache-Control") == "public, max-age=31536000, immutable")
        #expect(reply.header("Content-Encoding") == "zstd")
        let old = try server.send("GET", String(script), headers: ["Accept-Encoding: br, gzip, deflate"])
        #expect(old.header("Content-Encoding") == "gzip")
        #expect(old.body.starts(with: [0x1F, 0x8B]))
        let plain = try server.send("GET", String(script))
        #expect(plain.body.count > old.body.count)
        #expect(plain.header("Content-Encoding") == nil)
        #expect(plain.body.count > reply.body.count)
        #expect(plain.header("Content-Type") == "text/javascript; charset=utf-8")
        let tag = try #require(plain.header("ETag"))
        #expect(try server.send("GET", String(script), headers: ["If-None-Match: \(tag)"]).status == 304)
        let other = "/assets/0000000000000000/main.js"
        #expect(try server.send("GET", other).status == 404)
    }

    @Test(arguments: ["../secret", "%2e%2e/secret", "a/../../secret", "..%2fsecret", "%252e%252e/secret"])
    func `no path leaves the folder that the files come from`(path: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("secret", to: "secret")
        try folder.write("<script src=/assets/-/a.js></script>", to: "web/index.html")
        try folder.write("first", to: "web/a.js")
        var options = ServerOptions(version: "0")
        options.assets = folder.path.appending("web")
        let server = try ServerUnderTest(options: options)
        #expect(try server.send("GET", "/assets/now/\(path)").status != 200)
        #expect(try server.send("GET", "/assets/now/a.js").text == "first")
        try folder.write("second", to: "web/a.js")
        #expect(try server.send("GET", "/assets/now/a.js").text == "second")
        #expect(try server.send("GET", "/").text == "<script src=/assets/now/a.js></script>")
    }

    @Test(arguments: [
        ("zstd", true), ("gzip, zstd;q=0.5", true), ("gzip", false), ("zstd;q=0", false), ("zstd2", false), ("", false),
    ]) func `an encoding is used only if it is asked for`(header: String, isAccepted: Bool) {
        #expect(WebAssets.accepts("zstd", header) == isAccepted)
    }
}
