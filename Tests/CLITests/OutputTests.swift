import Diagnostics
import Testing

@testable import repro

@Suite struct FormatsTests {
    @Test(arguments: [
        (0, "0 ms"), (994, "994 ms"), (995, "0.99 s"), (1_234, "1.23 s"), (9_949, "9.95 s"), (9_950, "9.9 s"),
        (13_700, "13.7 s"), (59_949, "59.9 s"), (59_950, "1 m 00 s"), (65_000, "1 m 05 s"), (3_599_000, "59 m 59 s"),
        (3_600_000, "1 h 00 m"), (7_380_000, "2 h 03 m"), (90_000_000, "1 d 01 h"),
    ])
    func `a duration has about three digits`(_ milliseconds: Int64, _ text: String) {
        #expect(Formats.duration(milliseconds: milliseconds) == text)
    }

    @Test(
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.00 KiB"), (30_723_277, "29.3 MiB"), (1_048_575, "1.00 MiB"),
            (UInt64.max, "16.0 EiB"),
        ] as [(UInt64, String)])
    func `bytes are counted in powers of 1024`(_ count: UInt64, _ text: String) {
        #expect(Formats.bytes(count) == text)
    }

    @Test(arguments: [
        (-5, "1970-01-12"), (0, "just now"), (59, "59 s ago"), (300, "5 min ago"), (7_300, "2 h ago"),
        (90_000, "yesterday"), (300_000, "3 d ago"), (900_000_000, "1970-01-12"),
    ])
    func `an age is the coarser the older`(_ seconds: Int64, _ text: String) {
        let moment = Timestamp(milliseconds: 1_000_000_000)
        let now = Timestamp(milliseconds: 1_000_000_000 + seconds * 1000)
        #expect(Formats.age(of: moment, at: now) == text)
    }

    @Test(arguments: [
        (0.2918454935622318, "0.291845"), (5000, "5000"), (1e-7, "1e-07"), (.nan, "NaN"), (.infinity, "inf"),
        (-.infinity, "-inf"), (0.1, "0.1"), (123_456_789, "1.23457e+08"),
    ])
    func `a number has six digits at most`(_ value: Double, _ text: String) {
        #expect(Formats.number(value) == text)
    }

    @Test(arguments: [(0.00432, "+0.00432"), (-3, "-3"), (0, "±0"), (.nan, "NaN")])
    func `a delta shows its sign`(_ value: Double, _ text: String) {
        #expect(Formats.delta(value) == text)
    }
}

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("abc", 3), ("", 0), ("añb", 3), ("n\u{303}", 1), ("日本", 4), ("한국", 4), ("👍", 2), ("e\u{301}é", 2), ("ｆ", 2),
        ("…", 1), ("✓", 1), ("🇩🇪", 2), ("👩‍👩‍👧", 2),
    ])
    func `width is in columns of a terminal`(_ text: String, _ width: Int) {
        #expect(displayWidth(of: text) == width)
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 4, "abc…"), ("日本語", 4, "日…"), ("abc", 0, ""), ("abc", 1, "…"),
    ])
    func `what is cut ends with an ellipsis`(_ text: String, _ width: Int, _ result: String) {
        #expect(truncated(text, toWidth: width) == result)
    }

    @Test(arguments: [
        ("\u{1B}[31mred\u{1B}[0m", "red"), ("\u{1B}]0;title\u{07}x", "x"), ("a\tb", "a b"), ("a\r\nb", "ab"),
        ("bell\u{07}", "bell"), ("日本", "日本"), ("\u{1B}", ""), ("\u{9B}31m", "31m"),
    ])
    func `nothing from outside steers the terminal`(_ text: String, _ result: String) {
        #expect(printable(text) == result)
    }

    @Test func `a text is wrapped at spaces`() {
        #expect(wrapped("one two three fourteen", toWidth: 8) == ["one two", "three", "fourteen"])
        #expect(wrapped("", toWidth: 8) == [])
    }
}

@Suite struct TableTests {
    private func table() -> Table {
        var table = Table([.init("NAME", shrinksTo: 4), .init("ACCURACY", .right), .init("NOTE", shrinksTo: 6)])
        table.add(["baseline", "0.5", "日本"])
        table.add([.init("two", .good), "12.25", "a longer note"])
        return table
    }

    @Test func `numbers stand to the right and no line ends with spaces`() {
        #expect(
            table().lines(palette: .plain, width: nil) == [
                "NAME      ACCURACY  NOTE",
                "baseline       0.5  日本",
                "two          12.25  a longer note",
            ])
    }

    @Test func `the widest column that may shrink is cut first`() {
        #expect(
            table().lines(palette: .plain, width: 25) == [
                "NAME    ACCURACY  NOTE",
                "basel…       0.5  日本",
                "two        12.25  a long…",
            ])
    }

    @Test func `columns are not cut below their least width`() {
        #expect(table().lines(palette: .plain, width: 5)[2] == "two      12.25  a lon…")
    }

    @Test func `colours do not count as width`() {
        let line = table().lines(palette: Palette(isColored: true), width: nil)[2]
        #expect(line == "\u{1B}[32mtwo\u{1B}[0m          12.25  a longer note")
    }

    @Test func `a table without titles has no line for them`() {
        var table = Table([.init(""), .init("")])
        table.add(["a", "b"])
        #expect(table.lines(palette: .plain, width: nil) == ["a  b"])
    }
}

@Suite struct ErrorReportTests {
    private struct Mistake: UserFacingError {
        let kind = ErrorKind.invalidInput
        let message = "unknown key cmdd"
        let hint: String? = "did you mean `cmd`?"
        let location: Diagnostics.SourceLocation? = .init(file: "repro.yaml", line: 14, column: 3)
    }

    private struct Bug: Error {}

    @Test func `the place comes first and the hint has a line of its own`() {
        #expect(
            ErrorReport(Mistake()).lines(palette: .plain) == [
                "error: repro.yaml:14:3: unknown key cmdd", "hint: did you mean `cmd`?",
            ])
    }

    @Test func `an error that is not for people is a bug and exits with 70`() {
        let report = ErrorReport(Bug())
        #expect(report.kind.exitCode == 70)
        #expect(report.lines(palette: .plain)[0] == "error: internal error: Bug()")
    }
}
