import HTTP
import Testing

@Suite struct PercentEncodingTests {
    @Test func `only unreserved characters stand for themselves`() {
        #expect(PercentEncoding.component.encode("aZ09-._~ /+%é") == "aZ09-._~%20%2F%2B%25%C3%A9")
        #expect(PercentEncoding.path.encode("a/b c") == "a/b%20c")
    }

    @Test func `every byte survives a round trip`() {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(PercentEncoding.decode(PercentEncoding.component.encode(bytes)) == bytes)
        #expect(PercentEncoding.decode(PercentEncoding.path.encode(bytes)) == bytes)
    }

    @Test(arguments: ["%", "%1", "a%zz", "%+1"])
    func `a broken escape is refused`(text: String) {
        #expect(PercentEncoding.decode(text) == nil)
    }

    @Test func `decoding happens once`() {
        #expect(PercentEncoding.decode("%252e") == Array("%2e".utf8))
    }

    @Test func `a query is read and written`() {
        let items = [QueryItem("a", "1 2"), QueryItem("b", "x&y=z"), QueryItem("c", "")]
        #expect(QueryItem.encode(items) == "a=1%202&b=x%26y%3Dz&c=")
        #expect(QueryItem.parse("a=1%202&b=x%26y%3Dz&c=") == items)
        #expect(QueryItem.parse("a=1+2&&c") == [QueryItem("a", "1 2"), QueryItem("c", "")])
        #expect(QueryItem.parse("a=b=c") == [QueryItem("a", "b=c")])
        #expect(QueryItem.parse("a=%ff") == nil)
        #expect(QueryItem.parse("") == [])
    }
}
