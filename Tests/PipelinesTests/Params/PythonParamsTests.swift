import Diagnostics
import Files
import JSON
import Pipelines
import TestSupport
import Testing

@Suite struct PythonParamsTests {
    private func params(_ text: String) throws -> String {
        let files = ProjectFiles.inMemory(["c.py": text])
        let values = try #require(try ParamReader(files: files).readAll(of: RelativePath(parsing: "c.py")))
        return values.map { "\($0.key)=\($0.value.text())" }.joined(separator: " ")
    }

    @Test(arguments: [
        ("A = 1\nB: int = -2\nC = 0x1F\nD = 1_000\n", "A=1 B=-2 C=31 D=1000"),
        ("A = 1.5; B = 1e-3\nC = .5 # c\nD = 2.", "A=1.5 B=0.001 C=0.5 D=2.0"),
        ("A = True\nB = None\nC = False", "A=true B=null C=false"),
        (
            "A = 'x' \"y\"\nB = r'\\d'\nC = '''a\n\"b'''\nD = u'\\u00e9\\n\\033'",
            #"A="xy" B="\\d" C="a\n\"b" D="é\n\u001b""#
        ),
        (
            "A = [1, [2,\n  3], # c\n]\nB = (1, 'x')\nC = 1, 2\nD = (1)\nE = ()\nF = {1, 2}",
            #"A=[1,[2,3]] B=[1,"x"] C=[1,2] D=1 E=[] F=[1,2]"#
        ),
        ("A = {'a': 1, 2: {'b': [1]}}\nB: Dict[str, int] = {}", "A.a=1 A.2.b=[1] B={}"),
        (
            "A = f()\nB = 1 + 2\nC = [x]\nD = f'x'\nE = b'x'\nG = 1j\na, b = 1, 2\nx = y = 3\nx += 1\nif a:\n    H = 1\nI = 1",
            "I=1"
        ),
        (
            "class A(B):\n    \"\"\"Doc = 1\"\"\"\n    X = 1\n\n    class C:\n        Y = 2\n\n    def __init__(self, a=1):\n"
                + "        self.z = 3\n        self.w = a\n        v = 4\n        if a:\n            self.q = 5\n\n    def f(self):\n"
                + "        self.u = 6\nE = 7\n", "A.X=1 A.C.Y=2 A.z=3 E=7"
        ),
        ("import os\r\nA = 1 \\\r\n\r\nB = 2\r\n", "A=1 B=2"), ("", ""),
    ])
    func `constants are read as DVC reads them`(text: String, expected: String) throws {
        #expect(try params(text) == expected)
    }

    @Test(arguments: [
        ("A = 'x\n", "c.py:1:5: the Python cannot be read: a text does not end"),
        ("A = [1,\nB = 2\n", "c.py:3:1: the Python cannot be read: a bracket is not closed"),
    ])
    func `a file that is not Python is an error`(text: String, expected: String) {
        let error = #expect(throws: ParamError.self) { try params(text) }
        #expect(error?.description == expected)
    }

    @Test func `a literal is changed in place, and what is not one is refused`() throws {
        let text = "# c\nclass T:\n    LR = 0.1  # rate\n    L = [1,\n         2]\nX = f()\n"
        func edit(_ override: String) throws -> String? {
            let changed = try edited(
                [ParamOverride(parsing: override)], in: .inMemory(["c.py": text]),
                defaultFile: RelativePath(parsing: "p"))
            return changed.first.map { String(decoding: $0.content, as: UTF8.self) }
        }
        #expect(try edit("c.py:T.LR=1e-5") == text.replacing("0.1", with: "1e-05"))
        #expect(try edit("c.py:T.L=[true, x]") == text.replacing("[1,\n         2]", with: "[True, \"x\"]"))
        let error = #expect(throws: ParamError.self) { try edit("c.py:T={}") }
        #expect(
            error?.description
                == "c.py cannot be edited: `T` is not a literal of its own\nhint: change the file by hand")
        #expect(throws: ParamError.self) { try edit("+c.py:NEW=1") }
    }

    @Test func `garbage is refused or read, but never crashes`() {
        var random = SeededRandom(seed: 20_261_121)
        let alphabet = Array("AB= =[](){},:'\"\\#1.-e_\n\n  \tclass def self;\r".utf8) + [0xFF, 0x00]
        for _ in 0..<20_000 {
            let text = String(decoding: random.garbage(from: alphabet, maximumLength: 50), as: UTF8.self)
            _ = try? params(text)
        }
        _ = try? params("A = " + String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000))
    }
}
