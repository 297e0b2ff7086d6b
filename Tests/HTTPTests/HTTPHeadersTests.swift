import HTTP
import Testing

@Suite struct HTTPHeadersTests {
    @Test func `names are found in any case`() {
        let headers: HTTPHeaders = ["Content-Type": "text/plain", "X-A": "1", "x-a": "2"]
        #expect(headers["content-type"] == "text/plain")
        #expect(headers["X-a"] == "1")
        #expect(headers.values(of: "x-A") == ["1", "2"])
        #expect(headers["Content"] == nil)
    }

    @Test func `setting replaces all fields of the name in the first one's place`() {
        var headers: HTTPHeaders = ["A": "1", "B": "2", "a": "3"]
        headers["a"] = "4"
        #expect(headers.fields.map { "\($0.name)=\($0.value)" } == ["a=4", "B=2"])
        headers["B"] = nil
        #expect(headers.fields.map(\.name) == ["a"])
    }

    @Test func `a value cannot begin another header`() {
        let headers: HTTPHeaders = ["A": " x\r\nSet-Cookie: y\0 "]
        #expect(headers["A"] == "x  Set-Cookie: y")
    }

    @Test(arguments: ["", "a b", "a:b", "a\r\nb", "é", "(a)"])
    func `a name that is no token is dropped`(name: String) {
        var headers = HTTPHeaders()
        headers.append(name, "x")
        headers[name] = "x"
        #expect(headers.fields.isEmpty)
    }

    @Test func `a line from the wire becomes a field`() {
        var headers = HTTPHeaders()
        headers.append(line: "ETag:  \"a:b\" \r\n")
        headers.append(line: "HTTP/1.1 200 OK\r\n")
        #expect(headers.fields.map { "\($0.name)=\($0.value)" } == ["ETag=\"a:b\""])
    }
}
