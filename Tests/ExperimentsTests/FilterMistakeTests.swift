import Diagnostics
import Testing

@testable import Experiments

@Suite struct FilterMistakeTests {
    @Test func `a mistake is shown with its place and a near name`() {
        let error = #expect(throws: ExperimentError.self) {
            try RunFilter(parsing: "status = 'failed' and metrcs.acc > 0.2")
        }
        #expect(error?.kind == .invalidInput)
        #expect(error?.location == SourceLocation(file: "filter", line: 1, column: 23))
        #expect(
            error?.description == """
                filter:1:23: metrcs is not a kind of column
                  status = 'failed' and metrcs.acc > 0.2
                                        ^^^^^^^^^^
                hint: did you mean `metrics`?
                """)
    }

    @Test(arguments: [
        ("acc > 1", 1, "acc is not an attribute of a run"),
        ("metrics. > 1", 1, "metrics needs a key"),
        ("stages.train = 'ran'", 1, "stages.train needs a key"),
        ("stages.train.stat = 'ran'", 1, "stat is not a field of a stage"),
        ("foo.bar = 1", 1, "foo is not a kind of column"),
        ("metrics.acc > 'a'", 15, "metrics.acc is a number and cannot be compared with 'a'"),
        ("metrics.acc like 'a'", 13, "like does not work on metrics.acc, which is a number"),
        ("tags.a = 1", 10, "tags.a is text and cannot be compared with 1"),
        ("status = finished", 10, "status is text and cannot be compared with finished"),
        ("status = 'finishd'", 10, "status is never 'finishd'"),
        ("start_time > 'soon'", 14, "start_time is a time and cannot be compared with 'soon'"),
        ("duration > 'long'", 12, "duration is a duration and cannot be compared with 'long'"),
        ("metrics.acc >", 14, "the text ends where a value should be"),
        ("metrics.acc 5", 13, "5 stands where an operator should be"),
        ("metrics.acc > 1 metrics.b", 17, "metrics.b stands where `and`, `or` or the end should be"),
        ("(metrics.acc > 1", 17, "the text ends where `)` should be"),
        ("metrics.acc > 1 and", 20, "the text ends where a column should be"),
        ("metrics.acc > 1 and ) ", 21, ") stands where a column should be"),
        ("tags.a in ('a', 1)", 17, "tags.a is text and cannot be compared with 1"),
        ("params.a in ('a', 1)", 19, "1 stands where text in quotes should be"),
        ("tags.a = 'a", 10, "the quote is not closed"),
        ("tags.a ~ '('", 10, "the regular expression is wrong: unmatched ( or \\("),
        ("metrics.acc > 1.2.3", 15, "1.2.3 is not a number"),
        ("tags.a is 5", 11, "5 stands where `null` should be"),
        ("tags.a not 5", 12, "5 stands where `like`, `ilike` or `in` should be"),
        ("metrics.acc ; 1", 13, "; stands where an operator should be"),
    ])
    func `each mistake is named where it stands`(text: String, column: Int, message: String) {
        let error = #expect(throws: ExperimentError.self) { try RunFilter(parsing: text) }
        #expect(error?.location?.column == column)
        #expect(error?.message.split(separator: "\n").first.map { String($0) } == message)
    }

    @Test(arguments: [
        ("stats = 'a'", "did you mean `status`?"),
        ("status = 'finishd'", "did you mean `finished`?"),
        ("status = 'xyz'", "it is one of queued, running, finished, failed, killed, interrupted, stalled"),
        ("stages.a.stat = 'ran'", "did you mean `state`?"),
        ("metrics. = 1", "write metrics.KEY, in backticks if it holds spaces"),
        ("tags.a = 1", "write it in quotes: '1'"),
        ("metrics.a = 'x'", "write a number without quotes"),
    ])
    func `a hint says what to write instead`(text: String, hint: String) {
        #expect(#expect(throws: ExperimentError.self) { try RunFilter(parsing: text) }?.hint == hint)
    }

    @Test func `a column is given once in an order`() {
        let error = #expect(throws: ExperimentError.self) { try RunSort.parse("name, metrics.a, run_name desc") }
        #expect(error?.location == SourceLocation(file: "order", line: 1, column: 18))
        #expect(error?.message.hasPrefix("name is given twice\n") == true)
    }

    @Test func `a column that no run has is answered with a near one`() {
        let keys = LoggedKeys(params: ["train.dim"], metrics: ["accuracy"], tags: [], stages: ["train"])
        let errors = keys.unknown(among: [
            .metric("accuracy"), .metric("acuracy"), .metric("train.dim"), .attribute(.name), .stage("tran", .state),
            .tag("x"),
        ])
        #expect(
            errors.map(\.description) == [
                "no run has metrics.acuracy\nhint: did you mean `metrics.accuracy`?",
                "no run has metrics.train.dim\nhint: did you mean `params.train.dim`?",
                "no run has stages.tran.state\nhint: did you mean `stages.train.state`?",
                "no run has tags.x",
            ])
    }
}
