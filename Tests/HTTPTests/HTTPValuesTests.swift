import HTTP
import Testing

@Suite struct HTTPValuesTests {
    @Test func `a status knows its class and its words`() {
        #expect(HTTPStatus.notFound.description == "404 Not Found")
        #expect(HTTPStatus(code: 299).description == "299")
        #expect(HTTPStatus.partialContent.isSuccess)
        #expect(HTTPStatus.permanentRedirect.isRedirect)
        #expect(!HTTPStatus.notModified.isRedirect)
        #expect(HTTPStatus.tooManyRequests.isClientError)
        #expect(HTTPStatus.gatewayTimeout.isServerError)
    }

    @Test func `only methods that may be repeated are idempotent`() {
        #expect(HTTPMethod.allCases.filter { !$0.isIdempotent } == [.post, .patch])
        #expect(HTTPMethod(rawValue: "get") == nil)
    }

    @Test(
        arguments: [
            (nil, ByteRange.Request.all),
            ("bytes=0-9", .part(ByteRange(offset: 0, count: 10))),
            ("bytes=90-1000", .part(ByteRange(offset: 90, count: 10))),
            ("bytes=90-", .part(ByteRange(offset: 90, count: 10))),
            ("bytes=-10", .part(ByteRange(offset: 90, count: 10))),
            ("bytes=-1000", .part(ByteRange(offset: 0, count: 100))),
            ("bytes=100-", .unsatisfiable),
            ("bytes=100-200", .unsatisfiable),
            ("bytes=-0", .unsatisfiable),
            ("bytes=9-0", .all),
            ("bytes=0-1,5-6", .all),
            ("bytes=-", .all),
            ("bytes=+1-5", .all),
            ("bytes=0-99999999999999999999999", .all),
            ("items=0-1", .all),
        ] as [(String?, ByteRange.Request)])
    func `a range header asks for a part of 100 bytes`(header: String?, expected: ByteRange.Request) {
        #expect(ByteRange.parse(requestHeader: header, sizeBytes: 100) == expected)
    }

    @Test func `nothing can be asked of an empty resource`() {
        #expect(ByteRange.parse(requestHeader: "bytes=0-", sizeBytes: 0) == .unsatisfiable)
        #expect(ByteRange.parse(requestHeader: "bytes=-5", sizeBytes: 0) == .unsatisfiable)
    }

    @Test func `a range is written for both directions and read back`() {
        let range = ByteRange(offset: 10, count: 10)
        #expect(range.requestHeader == "bytes=10-19")
        #expect(range.replyHeader(of: 100) == "bytes 10-19/100")
        let parsed = ByteRange.parse(replyHeader: "bytes 10-19/100")
        #expect(parsed?.range == range)
        #expect(parsed?.sizeBytes == 100)
        #expect(ByteRange.parse(replyHeader: "bytes 10-19/*")?.sizeBytes == nil)
        #expect(ByteRange.parse(replyHeader: "bytes 19-10/100") == nil)
        #expect(ByteRange.parse(replyHeader: "bytes */100") == nil)
        #expect(ByteRange(offset: .max, count: 2).end == .max)
    }

    @Test(
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_826_154, "Tue, 29 Feb 2000 12:09:14 GMT"),
            (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        ] as [(Int64, String)])
    func `a date is written and read as servers do`(seconds: Int64, text: String) {
        #expect(HTTPDate(secondsSince1970: seconds).description == text)
        #expect(HTTPDate(parsing: text)?.secondsSince1970 == seconds)
    }

    @Test(arguments: ["", "120", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "2026-11-21"])
    func `a date in another form is not guessed at`(text: String) {
        #expect(HTTPDate(parsing: text) == nil)
    }
}
