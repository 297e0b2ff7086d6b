import Diagnostics
import JSON
import TOML
import TestSupport
import Testing

@Suite struct TOMLTests {
    private func json(_ text: String) throws -> String {
        JSONValue.object(try TOMLDocument(parsing: Array(text.utf8), file: "p.toml").root).text()
    }

    @Test(arguments: [
        (
            "a = 1\nb = -2\nc = +3\nd = 1_000\ne = 0xFF\nf = 0o17\ng = 0b11",
            #"{"a":1,"b":-2,"c":3,"d":1000,"e":255,"f":15,"g":3}"#
        ),
        (
            "a = 1.5\nb = 1e3\nc = -2.5E-3\nd = inf\ne = -inf\nf = nan",
            #"{"a":1.5,"b":1000.0,"c":-0.0025,"d":Infinity,"e":-Infinity,"f":NaN}"#
        ),
        ("a = true\nb = false", #"{"a":true,"b":false}"#),
        (#"a = "x\t\"\u00e9\U0001F600""# + "\nb = 'C:\\x'", "{\"a\":\"x\\t\\\"é😀\",\"b\":\"C:\\\\x\"}"),
        (
            "a = \"\"\"\none\n  two \\\n   three\"\"\"\"\nb = '''\nx'y\\n'''",
            #"{"a":"one\n  two three\"","b":"x'y\\n"}"#
        ),
        (
            "a = 1979-05-27T07:32:00Z\nb = 1979-05-27 07:32:00\nc = 1979-05-27\nd = 07:32:00",
            #"{"a":"1979-05-27T07:32:00Z","b":"1979-05-27 07:32:00","c":"1979-05-27","d":"07:32:00"}"#
        ),
        ("a = [1, [2, 3], # c\n  \"x\",\n]\nb = []", #"{"a":[1,[2,3],"x"],"b":[]}"#),
        ("a = {b = 1, c.d = 2}\ne = {}", #"{"a":{"b":1,"c":{"d":2}},"e":{}}"#),
        ("a.b.c = 1\na.b.d = 2\n\"x.y\" . 'z' = 3", #"{"a":{"b":{"c":1,"d":2}},"x.y":{"z":3}}"#),
        ("[a]\nx = 1\n[a.b]\ny = 2 # c\n[c.d]\n[c]\nz = 3", #"{"a":{"x":1,"b":{"y":2}},"c":{"d":{},"z":3}}"#),
        ("[[a]]\nx = 1\n[a.b]\ny = 2\n[[a]]\n[[a.c]]\nz = 3", #"{"a":[{"x":1,"b":{"y":2}},{"c":[{"z":3}]}]}"#),
        ("\u{FEFF}a = 1\r\n[b]\r\nc = 'd'\r\n", #"{"a":1,"b":{"c":"d"}}"#), ("# nothing\n", "{}"),
    ])
    func `a document is read`(text: String, expected: String) throws {
        #expect(try json(text) == expected)
    }

    @Test(arguments: [
        ("a = 1\na = 2\n", "p.toml:2:1: key `a` is given twice\nhint: remove one of the two"),
        ("[a]\n[a]\n", "p.toml:2:2: key `a` is given twice\nhint: remove one of the two"),
        ("a = {b = 1}\na.c = 2\n", "p.toml:2:1: key `a` is given twice\nhint: remove one of the two"),
        ("a.b = 1\n[a]\n", "p.toml:2:2: key `a` is given twice\nhint: remove one of the two"),
        ("a = [1]\n[[a]]\n", "p.toml:2:3: key `a` is given twice\nhint: remove one of the two"),
        ("a = x\n", "p.toml:1:5: the TOML cannot be read: `x` is not a value; text needs quotes"),
        ("a = 01\n", "p.toml:1:5: the TOML cannot be read: `01` is not a value; text needs quotes"),
        ("a = \n", "p.toml:1:5: the TOML cannot be read: a value is expected"),
        ("a 1\n", "p.toml:1:3: the TOML cannot be read: `=` is expected after the key"),
        ("a = 1 b = 2\n", "p.toml:1:7: the TOML cannot be read: the line must end here"),
        ("a = \"x\n", "p.toml:1:7: the TOML cannot be read: the text must end on its line"),
        ("a = [1 2]\n", "p.toml:1:8: the TOML cannot be read: `,` or `]` is expected"),
        ("[a\n", "p.toml:1:3: the TOML cannot be read: `]` is expected"),
        ("= 1\n", "p.toml:1:1: the TOML cannot be read: a key is expected"),
    ])
    func `a mistake is shown with its place`(text: String, expected: String) {
        let error = #expect(throws: TOMLError.self) { try json(text) }
        #expect(error?.description == expected)
    }

    @Test func `a value is set and all else stays`() throws {
        let text = "# c\n[a]\nx = 1 # one\ny = [1, \"z\"]\n[[t]]\nk = 1\n[[t]]\nk = 2\n"
        func edit(_ path: String..., to value: JSONValue) throws -> String? {
            let document = try TOMLDocument(parsing: Array(text.utf8), file: "p.toml")
            return document.setting(path, to: value).map { String(decoding: $0.source, as: UTF8.self) }
        }
        #expect(try edit("a", "x", to: .string("é\n")) == text.replacing("x = 1", with: "x = \"é\\n\""))
        #expect(try edit("a", "y", "1", to: .number(0.5)) == text.replacing("\"z\"", with: "0.5"))
        #expect(
            try edit("t", "1", "k", to: .object(["b": .bool(true)]))
                == text.replacing("k = 2", with: "k = {\"b\" = true}"))
        #expect(try edit("a", to: .integer(1)) == nil)
        #expect(try edit("a", "x", to: .null) == nil)
    }

    @Test func `garbage is refused or read, but never crashes`() {
        var random = SeededRandom(seed: 20_261_121)
        let alphabet = Array("[]{}=.,#\"'\\ab01-+:eT_ \n\r\tué".utf8) + [0xFF, 0x00]
        for _ in 0..<20_000 {
            _ = try? TOMLDocument(parsing: random.garbage(from: alphabet, maximumLength: 50), file: "f")
        }
        #expect(throws: TOMLError.self) { try json("a = " + String(repeating: "[", count: 100_000)) }
        #expect(throws: TOMLError.self) { try json(String(repeating: "a.", count: 100_000) + "b = 1") }
    }
}
