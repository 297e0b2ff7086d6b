import Diagnostics
import JSON
import TestSupport
import Testing
import YAML

@Suite struct YAMLEditingTests {
    private func edit(_ text: String, _ change: (YAMLDocument) throws -> YAMLDocument) throws -> String {
        let document = try change(YAMLDocument(parsing: Array(text.utf8), file: "p.yaml"))
        return String(decoding: document.source, as: UTF8.self)
    }

    private let params = """
        # Params
        train:   # of the model
          lr: 0.1  # learning rate

          dim: 50
          layers:
            - 1  # first
            - 2

        # The rest
        flow: {a: 1, b: [x, y]}   # flow
        text: |
          one
          two
        empty:   # later
        last: 'x'
        """

    @Test(
        arguments: [
            ("train.lr", .number(0.2), "  lr: 0.1  #", "  lr: 0.2  #"),
            ("train.dim", .string("a: b"), "dim: 50", "dim: 'a: b'"),
            ("train.layers.0", .integer(7), "- 1  # first", "- 7  # first"),
            ("train.layers", .array([.integer(3)]), "layers:\n    - 1  # first\n    - 2", "layers: [3]"),
            ("flow.b.1", .string("z"), "[x, y]", "[x, z]"), ("flow.c", .bool(true), "[x, y]}", "[x, y], c: true}"),
            ("text", .string("one line"), "|\n  one\n  two", "one line"),
            ("empty", .integer(1), "empty:   #", "empty: 1   #"),
            ("last", .null, "'x'", "null"), ("last", .string("yes"), "'x'", "'yes'"),
            ("train.new", .integer(1), "    - 2\n", "    - 2\n  new: 1\n"),
            ("train.deep.er", .integer(1), "    - 2\n", "    - 2\n  deep:\n    er: 1\n"),
            ("empty.a", .integer(1), "empty:   # later\n", "empty:   # later\n  a: 1\n"),
            ("top", .array([.string("a"), .string("b")]), "last: 'x'", "last: 'x'\ntop: [a, b]"),
            ("flow", .object(["k": .string("v")]), "{a: 1, b: [x, y]}", "{k: v}"),
        ] as [(String, JSONValue, String, String)])
    func `a value is set and all else stays`(path: String, value: JSONValue, old: String, new: String) throws {
        let path = path.split(separator: ".").map(String.init)
        #expect(
            try edit(params) { try $0.setting(path, to: value) } == params.replacing(old, with: new, maxReplacements: 1)
        )
    }

    @Test func `a comment between a key and its block stays`() throws {
        let text = "train:  # c\n  lr: 1\nx: 2\n"
        #expect(
            try edit(text) { try $0.setting(["train"], to: .object(["a": .integer(1)])) }
                == "train:  # c\n  {a: 1}\nx: 2\n")
    }

    @Test func `Windows line ends and a byte order mark stay`() throws {
        let text = "\u{FEFF}a:\r\n  é: ü\r\nb: 1\r\n"
        #expect(
            try edit(text) { try $0.setting(["a", "c"], to: .integer(1)) }
                == "\u{FEFF}a:\r\n  é: ü\r\n  c: 1\r\nb: 1\r\n")
    }

    @Test func `an empty file gets its first key`() throws {
        #expect(try edit("# nothing\n") { try $0.setting(["a", "b"], to: .integer(1)) } == "# nothing\na:\n  b: 1\n")
        #expect(try edit("") { try $0.setting(["a"], to: .integer(1)) } == "a: 1\n")
    }

    @Test func `JSON is edited as JSON`() throws {
        let text = "{\n  \"a\": {\"b\": 1},\n  \"c\": \"x\"\n}\n"
        #expect(
            try edit(text) { try $0.setting(["a", "d"], to: .string("y"), style: .json) }
                == "{\n  \"a\": {\"b\": 1, \"d\": \"y\"},\n  \"c\": \"x\"\n}\n")
    }

    @Test func `a merged key is set where it is merged into, an aliased one is refused`() throws {
        let text = "base: &b {lr: 1}\ntrain:\n  <<: *b\n  dim: 2\ncopy: *b\n"
        #expect(
            try edit(text) { try $0.setting(["train", "lr"], to: .integer(5)) }
                == "base: &b {lr: 1}\ntrain:\n  <<: *b\n  dim: 2\n  lr: 5\ncopy: *b\n")
        let inside = #expect(throws: YAMLError.self) {
            try edit(text) { try $0.setting(["copy", "lr"], to: .integer(5)) }
        }
        #expect(inside?.message == "`copy` is an alias; a change would change other places too")
        let anchored = #expect(throws: YAMLError.self) {
            try edit(text) { try $0.setting(["base", "lr"], to: .integer(5)) }
        }
        #expect(
            anchored?.description
                == "p.yaml:1:15: `base.lr` cannot be changed without changing something else\n"
                + "hint: change the file by hand")
    }

    @Test func `an item is added to a list`() throws {
        let text = "a:\n- x  # c\nb: [1]\nc: []\nd:\n"
        let item = JSONValue.object(["k": .integer(1), "l": .array([.string("m")])])
        #expect(
            try edit(text) { try $0.appending(item, to: ["a"]) }
                == text.replacing("# c\n", with: "# c\n- {k: 1, l: [m]}\n"))
        #expect(
            try edit(text) { try $0.appending(item, to: ["a"], style: .block) }
                == text.replacing("# c\n", with: "# c\n- k: 1\n  l:\n    - m\n"))
        #expect(try edit(text) { try $0.appending(.integer(2), to: ["b"]) } == text.replacing("[1]", with: "[1, 2]"))
        #expect(try edit(text) { try $0.appending(.integer(2), to: ["c"]) } == text.replacing("[]", with: "[2]"))
        #expect(
            try edit(text) { try $0.appending(.integer(2), to: ["d"]) } == text.replacing("d:\n", with: "d:\n  - 2\n"))
    }

    @Test(arguments: [
        ("stages.a", "# top\nstages:\n  # first\n\n  b:  # second\n    cmd: y\nx: 1\n"),
        ("stages.b", "# top\nstages:\n  # first\n  a:\n    cmd: x\n\nx: 1\n"),
        ("stages.a.cmd", "# top\nstages:\n  # first\n  a: {}\n\n  b:  # second\n    cmd: y\nx: 1\n"),
        ("x", "# top\nstages:\n  # first\n  a:\n    cmd: x\n\n  b:  # second\n    cmd: y\n"),
    ])
    func `a key is taken away with its lines, and comments above it stay`(path: String, expected: String) throws {
        let text = "# top\nstages:\n  # first\n  a:\n    cmd: x\n\n  b:  # second\n    cmd: y\nx: 1\n"
        #expect(try edit(text) { try $0.removing(path.split(separator: ".").map(String.init)) } == expected)
    }

    @Test func `items are taken away from lists`() throws {
        let text = "a:\n  - x  # c\n  - k: 1\n    l: 2\n  - z\nb: [1, 2, 3]\n"
        #expect(try edit(text) { try $0.removing(["a", "0"]) } == text.replacing("  - x  # c\n", with: ""))
        #expect(try edit(text) { try $0.removing(["a", "1"]) } == text.replacing("  - k: 1\n    l: 2\n", with: ""))
        #expect(try edit(text) { try $0.removing(["a", "1", "k"]) } == text.replacing("k: 1\n    l", with: "l"))
        #expect(try edit(text) { try $0.removing(["b", "2"]) } == text.replacing(", 3", with: ""))
        #expect(try edit(text) { try $0.removing(["b", "0"]) } == text.replacing("1, ", with: ""))
    }

    @Test func `what is not there is named with what is near`() {
        let error = #expect(throws: YAMLError.self) { try edit(params) { try $0.removing(["train", "dmi"]) } }
        #expect(error?.description == "p.yaml has no `train.dmi`\nhint: did you mean `train.dim`?")
    }

    @Test func `whatever is written is read back`() throws {
        let texts = [
            "", " a", "a ", "a: b", "a #b", "- x", "yes", "5", "0x1", "2024-01-01", "~", "null", "it's", "\"q\"",
            "a\nb\n",
            "a\n\nb", "\na", "a\n\n", "é\u{1}", "[x]", "a,b", "{", "#", "&a", "*a", "!t", "%", "@", "`", "<<", "=",
            "a:",
            "\u{2028}", "tab\there", "\u{FEFF}", "1.5.2", "12:30", "a\r\nb", "  a\n b", "|",
        ]
        let strings = JSONValue.array(texts.map(JSONValue.string))
        let nested = JSONValue.object([
            "strings": strings, "map": .object(["a b: c": strings, "": .null, "1": .object([:])]),
            "lists": .array([.array([]), .array([.array([.integer(1)]), .object(["x": .number(1e-5)])])]),
            "numbers": .array([.number(1e16), .number(.infinity), .number(0.1), .integer(.min)]),
        ])
        let block = YAMLText.document(["v": nested])
        #expect(try YAMLDocument(parsing: Array(block.utf8), file: "p").root.value == .object(["v": nested]))
        #expect(try YAMLDocument(parsing: Array(YAMLText.flow(nested).utf8), file: "p").root.value == nested)
        #expect(YAMLText.flow(.number(1e-5)) == "1.0e-05")
    }

    @Test func `edits of garbage are refused or right, but never crash`() throws {
        var random = SeededRandom(seed: 20_261_121)
        let alphabet = Array("{}[]\",:&*<|>-ab1 # \n\n\n  'é\r".utf8)
        for _ in 0..<20_000 {
            let bytes = random.garbage(from: alphabet, maximumLength: 40)
            guard let document = try? YAMLDocument(parsing: bytes, file: "f") else { continue }
            let path = ["a", "b", "0", "1"].shuffled(using: &random).prefix(1 + random.next(below: 2))
            _ = try? document.setting(Array(path), to: .integer(5))
            _ = try? document.appending(.string("x"), to: Array(path), style: .block)
            _ = try? document.removing(Array(path))
        }
    }
}
