import Testing

@testable import Experiments

@Suite struct FilterParsingTests {
    static let accuracy = RunColumn.metric("acc")

    @Test(arguments: [
        ("", RunFilter.all([])),
        ("metrics.acc > 0.2", .condition(accuracy, .compare(.greater, .number(0.2)))),
        ("metric.acc>=-1e-3", .condition(accuracy, .compare(.greaterOrEqual, .number(-0.001)))),
        ("metrics.acc == 1", .condition(accuracy, .compare(.equal, .number(1)))),
        ("metrics.acc <> nan", .condition(accuracy, .compare(.notEqual, .number(.infinity)))),
        ("metrics.m_1.5 < .5", .condition(.metric("m_1.5"), .compare(.less, .number(0.5)))),
        ("metrics.`a b``c` = 1", .condition(.metric("a b`c"), .compare(.equal, .number(1)))),
        (#"metrics."a b" = -inf"#, .condition(.metric("a b"), .compare(.equal, .number(-.infinity)))),
        ("params.dim = '100'", .condition(.param("dim"), .compare(.equal, .text("100")))),
        ("parameters.dim <= 100", .condition(.param("dim"), .compare(.lessOrEqual, .number(100)))),
        ("params.flag = true", .condition(.param("flag"), .compare(.equal, .text("true")))),
        (#"tags."mlflow.user" LIKE "a'%""#, .condition(.tag("mlflow.user"), .like("a'%", .sensitive))),
        ("tags.a not ilike 'it''s'", .condition(.tag("a"), .unlike("it's", .insensitive))),
        ("tags.a ~ 'nlp.*'", .condition(.tag("a"), .matches("nlp.*"))),
        ("tags.a !~ 'x'", .condition(.tag("a"), .doesNotMatch("x"))),
        ("tags.a IS NOT NULL", .condition(.tag("a"), .isPresent)),
        ("end_time is null", .condition(.attribute(.endTime), .isAbsent)),
        ("run_id in ('a', 'b')", .condition(.attribute(.id), .oneOf([.text("a"), .text("b")]))),
        ("params.dim NOT IN (1,2)", .condition(.param("dim"), .noneOf([.number(1), .number(2)]))),
        ("attributes.status = 'FINISHED'", .condition(.attribute(.status), .compare(.equal, .text("finished")))),
        ("status = 'SCHEDULED'", .condition(.attribute(.status), .compare(.equal, .text("queued")))),
        ("`Run name` = 'a'", .condition(.attribute(.name), .compare(.equal, .text("a")))),
        ("duration > '5m'", .condition(.attribute(.duration), .compare(.greater, .number(300)))),
        ("start_time > 5", .condition(.attribute(.startTime), .compare(.greater, .number(5)))),
        ("created > '1970-01-02'", .condition(.attribute(.startTime), .compare(.greater, .number(86_400_000)))),
        ("end_time < '1970-01-01T00:01:00Z'", .condition(.attribute(.endTime), .compare(.less, .number(60_000)))),
        ("stages.train@0.5.state = 'ran'", .condition(.stage("train@0.5", .state), .compare(.equal, .text("ran")))),
        ("stages.`a b`.duration > 2", .condition(.stage("a b", .duration), .compare(.greater, .number(2)))),
    ])
    func `a condition is read`(text: String, expected: RunFilter) throws {
        // NaN is not equal to itself: a comparison with it is checked by its text.
        let filter = try RunFilter(parsing: text)
        if text.contains("nan") {
            #expect("\(filter)".contains("nan"))
        } else {
            #expect(filter == expected)
        }
    }

    @Test func `and binds tighter than or, and brackets tighter than both`() throws {
        let a = RunFilter.condition(.tag("a"), .isAbsent)
        let (x, y, z) = ("tags.a is null", "TAGS.a IS NULL", "tag.a is null")
        #expect(try RunFilter(parsing: "\(x) or \(y) AND \(z)") == .any([a, .all([a, a])]))
        #expect(try RunFilter(parsing: "(\(x) or \(y)) and not \(z)") == .all([.any([a, a]), .not(a)]))
        #expect(try RunFilter(parsing: "not not (\(x))") == .not(.not(a)))
    }

    @Test func `an order is read`() throws {
        let sort = try RunSort.parse("metrics.acc DESC, `run name` , params.dim asc")
        #expect(
            sort == [
                RunSort(.metric("acc"), .descending), RunSort(.attribute(.name)), RunSort(.param("dim"), .ascending),
            ])
        #expect(
            try RunSort.parse("min(metrics.loss), MAX( metrics.`val loss` ) desc, metrics.loss") == [
                RunSort(.metric("loss"), value: .least), RunSort(.metric("val loss"), .descending, value: .greatest),
                RunSort(.metric("loss")),
            ])
    }

    @Test(arguments: [
        "min(params.dim)", "min(metrics.loss", "min()", "min metrics.loss", "min(metrics.a), min(metrics.a)",
    ])
    func `only metrics have a least and a greatest value`(text: String) {
        #expect(throws: (any Error).self) { try RunSort.parse(text) }
    }

    @Test(arguments: [
        RunColumn.attribute(.startTime), .metric("a b`c"), .param("x-y/z:1.5"), .tag("it's"), .stage("t@1.5", .state),
        .tag("žába"),
    ])
    func `a column is written as it is read`(column: RunColumn) throws {
        #expect(try RunColumn(parsing: column.description) == column)
    }

    @Test func `hostile depth is refused, not followed`() {
        for text in [
            String(repeating: "(", count: 100_000), String(repeating: "not ", count: 100_000),
            [String](repeating: "tags.a is null", count: 1000).joined(separator: " or "),
        ] {
            let error = #expect(throws: ExperimentError.self) { try RunFilter(parsing: text) }
            #expect(error?.message.hasPrefix("the filter has too many conditions\n") == true)
        }
    }

    @Test func `no cut of a filter crashes the parser`() throws {
        let text = Array(
            #"metrics."a b" >= -1.5e3 and (params.`x` not in ('a''', "b") or not stages.t.state ~ '[a-z]+') !~ 1 <"#)
        for start in text.indices {
            for end in start...text.count { _ = try? RunFilter(parsing: String(text[start..<end])) }
        }
    }
}
