import Diagnostics
import Testing

@testable import repro

@Suite struct LogTailTests {
    private func tail(_ pieces: String...) -> LogTail {
        var tail = LogTail()
        for piece in pieces { _ = tail.append(Array(piece.utf8)) }
        return tail
    }

    @Test func `lines are completed by what ends them`() {
        var tail = LogTail()
        #expect(tail.append(Array("one\ntw".utf8)) == ["one"])
        #expect(tail.current == "tw")
        #expect(tail.append(Array("o\nthree\n".utf8)) == ["two", "three"])
        #expect(tail.current == "three")
    }

    @Test func `of a progress bar only its last state is seen`() {
        #expect(tail("\rProgress: 10%", "\rProgress: 20%").current == "Progress: 20%")
        #expect(tail("Progress: 10%\r", "Progress: 20%\r").current == "Progress: 20%")
        #expect(tail("a\rb\rc\n").lines == ["c"])
        #expect(tail("a\r\nb\r\n").lines == ["a", "b"])
    }

    @Test func `only the last lines are kept`() {
        let text = (1...30).map { "\($0)\n" }.joined()
        #expect(tail(text).lines.count == LogTail.lineLimit)
        #expect(tail(text, "rest").all.last == "rest")
        #expect(tail(text, "rest").all.count == LogTail.lineLimit)
    }

    @Test func `a line without end is cut`() {
        #expect(tail(String(repeating: "x", count: 100_000)).current.count == 4096)
    }

    @Test func `colours of a log do not reach the board`() {
        #expect(tail("\u{1B}[31mred\u{1B}[0m\n").lines == ["red"])
    }
}

@Suite struct StageBoardTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    private func region(_ board: StageBoard, after milliseconds: Int64, width: Int = 60, height: Int = 24) -> [String] {
        board.region(
            at: Timestamp(milliseconds: 1_000_000 + milliseconds), palette: .plain, width: width, height: height)
    }

    @Test func `running stages come first with their last line, then all that wait`() {
        var board = StageBoard()
        board.begin(["load", "train", "evaluate", "report"])
        board.start("load", at: start)
        #expect(board.settle("load") == [])
        board.start("train", at: start)
        _ = board.append(Array("epoch 1\nepoch 2".utf8), to: "train", at: start)
        #expect(
            region(board, after: 12_300) == [
                "running   train        12.3 s  epoch 2",
                "waiting   2 stages: evaluate, report",
            ])
    }

    @Test func `what a settled stage wrote last is handed out`() {
        var board = StageBoard()
        board.begin(["load"])
        board.start("load", at: start)
        _ = board.append(Array("one\ntwo".utf8), to: "load", at: start)
        #expect(board.settle("load") == ["one", "two"])
        #expect(region(board, after: 0) == [])
    }

    @Test func `no line is wider than the terminal and no region higher`() {
        var board = StageBoard()
        let names = (1...30).map { "a_long_name_of_a_stage_\($0)" }
        board.begin(names)
        for name in names.prefix(20) { board.start(name, at: start) }
        let lines = region(board, after: 0, width: 50, height: 10)
        #expect(lines.count == 9)
        #expect(lines[7] == "and 13 more")
        #expect(lines.allSatisfy { displayWidth(of: $0) < 50 })
    }

    @Test func `a stage that is tried again says so until it writes`() {
        var board = StageBoard()
        board.begin(["load"])
        board.start("load", at: start)
        board.setState("retrying", of: "load", at: start)
        #expect(region(board, after: 0)[0].hasPrefix("retrying  load"))
        _ = board.append(Array("x".utf8), to: "load", at: start)
        #expect(region(board, after: 0)[0].hasPrefix("running   load"))
    }
}
