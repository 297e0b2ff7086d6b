import HTTP
import Testing

@Suite struct HTTPURLTests {
    @Test func `a full URL comes apart into what the wire needs`() throws {
        let url = try HTTPURL(parsing: "HTTPS://Example.COM:8443/a%20b/c?x=1&y=%2F#part")
        #expect(url.scheme == .https)
        #expect(url.host == "example.com")
        #expect(url.port == 8443)
        #expect(url.encodedPath == "/a%20b/c")
        #expect(url.encodedQuery == "x=1&y=%2F")
        #expect(url.authority == "example.com:8443")
        #expect(url.origin == "https://example.com:8443")
        #expect(url.target == "/a%20b/c?x=1&y=%2F")
        #expect(url.description == "https://example.com:8443/a%20b/c?x=1&y=%2F")
    }

    @Test(arguments: [
        ("http://host", "http://host/"),
        ("http://host:80/", "http://host/"),
        ("https://host:443", "https://host/"),
        ("http://host:443", "http://host:443/"),
        ("http://host?q", "http://host/?q"),
        ("http://host/?", "http://host/?"),
        ("http://[2001:DB8::1]:7480/x", "http://[2001:db8::1]:7480/x"),
        ("http://[::1]", "http://[::1]/"),
        ("http://bucket.localhost:7480", "http://bucket.localhost:7480/"),
    ])
    func `a URL is written in one way`(text: String, written: String) throws {
        #expect(try HTTPURL(parsing: text).description == written)
    }

    @Test(arguments: [
        ("example.com/x", HTTPURLError.noScheme("example.com/x")),
        ("", .noScheme("")),
        ("http:/host", .noScheme("http:/host")),
        ("ftp://host/", .unknownScheme("ftp")),
        ("http:///path", .noHost("http:///path")),
        ("http://:80/", .noHost("http://:80/")),
        ("http://ho_st;x/", .invalidHost("ho_st;x")),
        ("http://[::1", .invalidHost("[::1")),
        ("http://[]/", .invalidHost("[]")),
        ("http://host:0/", .invalidPort("0")),
        ("http://host:65536/", .invalidPort("65536")),
        ("http://host:+1/", .invalidPort("+1")),
        ("http://host:/", .invalidPort("")),
        ("http://user:secret@host/", .hasCredentials),
        ("http://host/a b", .invalidCharacter("http://host/a b")),
        ("http://host/\r\nX: y", .invalidCharacter("http://host/\r\nX: y")),
    ])
    func `a text that is no URL is refused with the reason`(text: String, expected: HTTPURLError) {
        #expect(throws: expected) { try HTTPURL(parsing: text) }
    }

    @Test func `every reason has its words`() {
        #expect(
            [
                HTTPURLError.invalidCharacter("a b"), .noScheme("x"), .unknownScheme("ftp"), .noHost("http://"),
                .invalidHost("a;b"), .invalidPort("99999"), .hasCredentials,
            ].map(\.description) == [
                "URL `a b` holds a space or another character that must be escaped",
                "URL `x` does not start with http:// or https://",
                "URL scheme `ftp` is neither http nor https",
                "URL `http://` names no host",
                "URL host `a;b` is not a host name",
                "URL port `99999` is not a number from 1 to 65535",
                "a URL holds a user or password",
            ])
    }

    @Test func `a raw path is escaped when it is appended`() throws {
        let url = try HTTPURL(parsing: "http://host/base")
        #expect(url.appending(path: "a b/ü?#".utf8).description == "http://host/base/a%20b/%C3%BC%3F%23")
        #expect(try HTTPURL(parsing: "http://host").appending(path: "x".utf8).description == "http://host/x")
    }
}
