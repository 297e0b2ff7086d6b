import Diagnostics
import JSON
import TestSupport
import Testing
import YAML

@Suite struct YAMLParsingTests {
    private func value(_ text: String) throws -> JSONValue {
        try YAMLDocument(parsing: Array(text.utf8), file: "p.yaml").root.value
    }

    @Test(
        arguments: [
            ("yes", .string("yes")), ("on", .string("on")), ("No", .string("No")), ("true", .bool(true)),
            ("FALSE", .bool(false)), ("~", .null), ("", .null), ("Null", .null), ("1e3", .number(1000)),
            ("0o7", .integer(7)),
            ("0x1F", .integer(31)), ("010", .integer(10)), ("1_000", .integer(1000)), ("-5", .integer(-5)),
            ("+5", .integer(5)), (".5", .number(0.5)), ("1.", .number(1)), ("1e", .string("1e")),
            ("1e1_0", .string("1e1_0")),
            ("-", .array([.null])),
            (".inf", .number(.infinity)), ("-.INF", .number(-.infinity)), ("1.5.2", .string("1.5.2")),
            ("2024-01-31", .string("2024-01-31")), ("12:30:45", .string("12:30:45")), ("'5'", .string("5")),
            ("\"true\"", .string("true")), ("!!str 5", .string("5")), ("!!int '5'", .integer(5)), ("0x", .string("0x")),
            ("18446744073709551615", .string("18446744073709551615")), ("__1", .string("__1")),
        ] as [(String, JSONValue)])
    func `scalars mean what YAML 1.2 says`(text: String, expected: JSONValue) throws {
        #expect(try value(text) == expected)
    }

    @Test func `not a number is a number`() throws {
        guard case .number(let value) = try value(".NaN") else {
            Issue.record("not a number")
            return
        }
        #expect(value.isNaN)
    }

    @Test func `collections keep their order and block text its lines`() throws {
        let text = "b: {x: 1, \"y\": [2, 3]}\na: |\n  one\n  two\nc: >-\n  three\n  four\n"
        #expect(
            try value(text)
                == .object([
                    "b": .object(["x": .integer(1), "y": .array([.integer(2), .integer(3)])]),
                    "a": .string("one\ntwo\n"), "c": .string("three four"),
                ]))
    }

    @Test func `aliases and merge keys bring in what they name, and own keys win`() throws {
        let text = """
            base: &base {lr: 0.1, dim: 5}
            other: &other {dim: 7, extra: 1}
            train:
              <<: [*base, *other]
              lr: 0.2
            copy: *base
            """
        let root = try value(text)
        guard case .object(let object) = root else { return }
        #expect(object["train"] == .object(["dim": .integer(5), "extra": .integer(1), "lr": .number(0.2)]))
        #expect(object["copy"] == object["base"])
    }

    @Test func `places are lines, characters and bytes`() throws {
        let text = "\u{FEFF}first: ä\nschlüssel: wert\r\nlist:\r\n  - größe # c\r\n  - x\r\n"
        let root = try YAMLDocument(parsing: Array(text.utf8), file: "p.yaml").root
        let list = try #require(root["list"]?.items)
        #expect(root["first"]?.location.description == "p.yaml:1:8")
        #expect(root["schlüssel"]?.location.description == "p.yaml:2:12")
        #expect(list[1].location.description == "p.yaml:5:5")
        #expect(String(decoding: Array(text.utf8)[list[0].range], as: UTF8.self) == "größe")
    }

    @Test(arguments: [
        (
            "a: 1\nb: 2\na: 3\n",
            "p.yaml:3:1: key `a` is given twice; the first is in line 1\nhint: remove one of the two"
        ),
        (
            "a: 1\n\tb: 2\n",
            """
            p.yaml:2:1: the YAML cannot be read: found a tab character that violates indentation \
            (while scanning a plain scalar)
            hint: indent with spaces, not tabs
            """
        ),
        (
            "a: b: c\n",
            "p.yaml:1:5: the YAML cannot be read: mapping values are not allowed in this context\n"
                + "hint: quote text that contains `: `"
        ),
        (
            "outs: [fe_${item}]\n",
            """
            p.yaml:1:12: the YAML cannot be read: did not find expected ',' or ']' (while parsing a flow sequence)
            hint: quote text inside [] or {} that contains brackets, braces or `${…}`
            """
        ),
        (
            "a: *b\n",
            "p.yaml:1:4: alias `*b` has no anchor `&b` before it\n"
                + "hint: quote the text if a leading * is meant as a letter"
        ),
        (
            "a: 1\n---\nb: 2\n",
            "p.yaml:3:1: a second document starts here; only one is read\n"
                + "hint: remove the line `---`, or put the second document into a file of its own"
        ),
        ("? [a]\n: 1\n", "p.yaml:1:3: a key must be a word or a number, not a list or a mapping"),
        ("a: !thing 1\n", "p.yaml:1:4: tag `!thing` is not supported"),
        ("<<: 5\n", "p.yaml:1:5: merge key `<<` needs a mapping or a list of mappings"),
    ])
    func `a mistake is shown with its place and what to do`(text: String, expected: String) {
        let error = #expect(throws: YAMLError.self) { try value(text) }
        #expect(error?.description == expected)
    }

    @Test func `bytes that are not UTF-8 are shown with their place`() {
        let error = #expect(throws: YAMLError.self) {
            try YAMLDocument(parsing: Array("a: 1\nb: x".utf8) + [0xFF, 0x0A], file: "p.yaml")
        }
        #expect(error?.description == "p.yaml:2:5: the file is not UTF-8 text\nhint: save the file as UTF-8")
    }

    @Test func `deep nesting is refused`() {
        let error = #expect(throws: YAMLError.self) { try value(String(repeating: "[", count: 5000)) }
        #expect(error?.message == "values are nested more than 128 deep")
    }

    @Test func `a billion laughs are refused`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<10 {
            let items = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(items)]\n"
        }
        let error = #expect(throws: YAMLError.self) { try value(text) }
        #expect(error?.message == "aliases stand for more than 1000000 values")
    }

    @Test func `garbage is refused or read, but never crashes`() throws {
        var random = SeededRandom(seed: 20_261_121)
        let alphabet = Array("{}[]\",:&*<!|>-+.~a1b # \n\n\n  \t'%@`?\r\\xé\u{FEFF}".utf8) + [0xFF, 0x00, 0x80, 0xE2]
        for _ in 0..<20_000 {
            let bytes = random.garbage(from: alphabet, maximumLength: 60)
            guard let document = try? YAMLDocument(parsing: bytes, file: "f") else { continue }
            _ = document.root.value
            #expect(document.root.range.upperBound <= bytes.count)
        }
    }
}
