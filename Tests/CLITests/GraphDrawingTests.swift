import Testing

@testable import repro

@Suite struct GraphDrawingTests {
    private func draw(_ labels: [String], _ edges: [(Int, Int)]) -> String {
        "\n" + GraphDrawing(labels: labels, edges: edges.map { (from: $0.0, to: $0.1) }).lines().joined(separator: "\n")
    }

    @Test func `a chain is a column`() {
        #expect(
            draw(["load", "train"], [(0, 1)]) == """

                ┌──────┐
                │ load │
                └───┬──┘
                ┌───▼───┐
                │ train │
                └───────┘
                """)
    }

    @Test func `the example has one line for the input of two late stages`() {
        let labels = ["load", "processing", "train_guess", "train_explain", "evaluate_guess", "evaluate_explain"]
        let edges = [(0, 1), (1, 2), (1, 3), (2, 4), (3, 5), (0, 4), (0, 5)]
        #expect(
            draw(labels, edges) == """

                                    ┌──────┐
                                    │ load │
                                    └───┬──┘
                                   ┌────┴────┐
                            ┌──────▼─────┐   │
                            │ processing │   │
                            └──────┬─────┘   │
                       ┌───────────┤         └──────┐
                ┌──────▼──────┐  ┌─▼─────────────┐  │
                │ train_guess │  │ train_explain │  │
                └──────┬──────┘  └───────┬───────┘  │
                       └──┐              └─────┐    │
                          │        ┌───────────│────┤
                      ┌───▼────────▼───┐  ┌────▼────▼────────┐
                      │ evaluate_guess │  │ evaluate_explain │
                      └────────────────┘  └──────────────────┘
                """)
    }

    @Test func `several roots and crossings`() {
        let labels = ["a", "b", "c", "d", "e", "日本語"]
        #expect(
            draw(labels, [(0, 3), (0, 4), (1, 3), (1, 4), (2, 4), (0, 5), (3, 5)]) == """

                   ┌───┐  ┌───┐  ┌───┐
                   │ a │  │ b │  │ c │
                   └─┬─┘  └─┬─┘  └─┬─┘
                  ┌──┴┬─────│┐   ┌─┘
                  │   │ ┌───┴│─┐ │
                  │  ┌▼─▼┐  ┌▼─▼─▼┐
                  │  │ d │  │  e  │
                  │  └─┬─┘  └─────┘
                ┌─▼────▼─┐
                │ 日本語 │
                └────────┘
                """)
    }

    @Test func `a diamond`() {
        #expect(
            draw(["a", "left", "right", "end"], [(0, 1), (0, 2), (1, 3), (2, 3)]) == """

                       ┌───┐
                       │ a │
                       └─┬─┘
                    ┌────┴────┐
                ┌───▼──┐  ┌───▼───┐
                │ left │  │ right │
                └───┬──┘  └───┬───┘
                    └──┐   ┌──┘
                      ┌▼───▼┐
                      │ end │
                      └─────┘
                """)
    }
}
