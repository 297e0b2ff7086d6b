import SQL
import Testing

@testable import SQLite

@Suite struct RegularExpressionTests {
    @Test(arguments: [
        ("nlp.*", "nlp", true), ("nlp.*", "my nlp team", true), ("^nlp$", "nlp2", false), ("a|b", "cb", true),
        (#"run\d+"#, "run12", true), (#"run\d+"#, "rund", false), (#"\D"#, "12", false), ("", "", true),
        ("^.$", "ž", true), ("^[[:alpha:]]+$", "žába", true), (#"\."#, "ab", false), ("A", "a", false),
    ])
    func `a pattern is found anywhere in the text`(pattern: String, text: String, expected: Bool) throws {
        #expect(try RegularExpression(pattern).matches(text) == expected)
        let database = try Database.inMemory()
        let found = try database.read {
            try $0.first("SELECT ? REGEXP ?", .text(text), .text(pattern)) { $0.integer(0) == 1 }
        }
        #expect(found == expected)
    }

    @Test(arguments: [
        ("(", "unmatched ( or \\("), ("[a", "unmatched [, [^, [:, [., or [="),
        (#"(a)\1"#, "back-references are not supported"), ("((a{100}){100}){100}", "repeats more than 1000 times"),
        ("a{1001}", "repeats more than 1000 times"), ("a\0", "holds a NUL character"),
        (String(repeating: "a", count: 1001), "longer than 1000 bytes"),
    ])
    func `a wrong pattern is refused with the reason`(pattern: String, reason: String) {
        #expect(throws: RegularExpressionError(reason: reason)) { try RegularExpression(pattern) }
    }

    @Test func `a pattern that others match by backtracking takes no time`() throws {
        let text = String(repeating: "a", count: 5000)
        let elapsed = try ContinuousClock().measure { _ = try RegularExpression("^(a+)+$").matches(text + "b") }
        #expect(elapsed < .seconds(2))
    }
}
