import Diagnostics
import JSON
import TestSupport
import Testing

@Suite struct JSONParsingTests {
    @Test func `every kind of value is read, and integers are kept apart from numbers`() throws {
        let value = try JSONValue(parsing: #" {"a": [1, -2.5, 1e3, true, false, null, "x"], "b": {}, "c": []} "#)
        #expect(
            value
                == .object([
                    "a": .array([
                        .integer(1), .number(-2.5), .number(1000), .bool(true), .bool(false), .null, .string("x"),
                    ]),
                    "b": .object([:]), "c": .array([]),
                ]))
    }

    @Test(arguments: [
        ("NaN", true), ("Infinity", false), ("-Infinity", false),
    ])
    func `numbers that only Python writes are read`(text: String, isNaN: Bool) throws {
        guard case .number(let value) = try JSONValue(parsing: text) else {
            Issue.record("not a number")
            return
        }
        #expect(value.isNaN == isNaN)
        #expect(value.isInfinite == !isNaN)
    }

    @Test(arguments: [
        (#""\n\t\"\\\/\u0041""#, "\n\t\"\\/A"), (#""\ud83d\ude00""#, "😀"), (#""é""#, "é"),
        (#""\ud83d x""#, "\u{FFFD} x"),
    ])
    func `escapes stand for their characters`(text: String, expected: String) throws {
        #expect(try JSONValue(parsing: text) == .string(expected))
    }

    @Test func `integers beyond 64 bits stay distinct`() throws {
        #expect(try JSONValue(parsing: "9223372036854775807") == .integer(.max))
        #expect(try JSONValue(parsing: "9223372036854775808") == .number(9_223_372_036_854_775_808))
        #expect(try JSONValue(parsing: "18446744073709551615") == .string("18446744073709551615"))
        #expect(try JSONValue(parsing: "-100000000000000000000") == .number(-1e20))
    }

    @Test(arguments: [
        ("", "m.json:1:1: the JSON cannot be read: the text ends where a value is expected"),
        ("{\n  \"a\": 1,\n}", "m.json:3:1: the JSON cannot be read: a key in double quotes is expected"),
        ("[1 2]", "m.json:1:4: the JSON cannot be read: `,` or `]` is expected"),
        ("{\"a\" 1}", "m.json:1:6: the JSON cannot be read: `:` is expected after the key"),
        ("\"é\" x", "m.json:1:5: the JSON cannot be read: unexpected text after the value"),
        ("01", "m.json:1:3: the JSON cannot be read: a number must not start with 0"),
        ("\"a", "m.json:1:3: the JSON cannot be read: the text ends inside a string"),
        ("nul", "m.json:1:1: the JSON cannot be read: a value is expected"),
    ])
    func `a mistake is shown with its place`(text: String, expected: String) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8), file: "m.json") }
        #expect(error?.description == expected)
    }

    @Test func `deep nesting is refused and does not overflow the stack`() {
        let text = String(repeating: "[", count: 100_000)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.message == "values are nested more than 512 deep")
    }

    @Test func `what is written is read back`() throws {
        let value = JSONValue.object([
            "z": .array([.integer(1), .number(0.1), .string("a\"\\\n\u{1}é")]), "a": .object([:]), "n": .null,
        ])
        #expect(value.text() == #"{"z":[1,0.1,"a\"\\\n\u0001é"],"a":{},"n":null}"#)
        #expect(try JSONValue(parsing: value.text(.pretty)) == value)
        #expect(
            JSONValue.object(["a": .array([.integer(1)]), "b": .array([])]).text(.pretty)
                == "{\n  \"a\": [\n    1\n  ],\n  \"b\": []\n}")
    }

    @Test(arguments: [
        (0.1, "0.1"), (1e16, "1e+16"), (1e-5, "1e-05"), (100000, "100000.0"), (.nan, "NaN"), (-.infinity, "-Infinity"),
    ])
    func `numbers are written as Python writes them`(value: Double, expected: String) {
        #expect(JSONValue.number(value).text() == expected)
    }

    @Test func `no text can end the element of a page that it stands in`() throws {
        let text = JSONValue.string("</script>&\u{2028}é").textInMarkup()
        #expect(text == "\"\\u003c/script\\u003e\\u0026\\u2028é\"")
        #expect(try JSONValue(parsing: text) == .string("</script>&\u{2028}é"))
    }

    @Test func `garbage is refused or read, but never crashes`() {
        var random = SeededRandom(seed: 20_261_121)
        let alphabet = Array("{}[]\",:\\u0aef-+.eE19 \nNaNtrue\u{e9}".utf8) + [0xFF, 0x00]
        for _ in 0..<20_000 {
            let bytes = random.garbage(from: alphabet, maximumLength: 40)
            _ = try? JSONValue(parsing: bytes)
        }
    }
}
