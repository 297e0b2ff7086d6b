import Diagnostics
import Objects
import Pipelines
import Synchronization
import Threads

/// Shows a run while it goes on: on a terminal the stages at work below those that are done, drawn again ten times a
/// second; elsewhere one line a stage when it is done.
final class StageView: PipelineObserver {
    struct Detail: Sendable {
        /// A line for each stage; without, nothing stays on the screen.
        var showsEveryStage: Bool
        /// All that the stages write, each line after its stage's name.
        var showsLogs: Bool
    }

    private let stream: TextStream
    private let detail: Detail
    private let clock: Clock
    private let state = Mutex(State())
    private let stopping = Mailbox<Bool>()

    private struct State {
        var board = StageBoard()
        var region = LiveRegion()
        /// Lines that are to stay, not drawn yet.
        var pending: [String] = []
        var painter: Thread?
    }

    private static let frameInterval = Duration.milliseconds(100)

    init(stream: TextStream, detail: Detail, clock: Clock) {
        self.stream = stream
        self.detail = detail
        self.clock = clock
    }

    /// Whether a person sees the last lines of a failing stage at once. Elsewhere they are part of the error.
    var showsTails: Bool { stream.isTerminal && detail.showsEveryStage && !detail.showsLogs }

    func willRun(_ stages: [StageName]) {
        state.withLock { $0.board.begin(stages.map(\.text)) }
    }

    func started(_ stage: StageName, reasons: [StageReason], at time: Timestamp) {
        state.withLock { state in
            state.board.start(stage.text, at: time)
            if detail.showsLogs {
                let line = StageLine(
                    state: "running", style: .notice, stage: stage.text, milliseconds: nil, text: Self.text(reasons))
                show([text(line, state)], &state)
            }
            startPainting(&state)
        }
    }

    func output(_ stage: StageName, _ bytes: [UInt8]) {
        state.withLock { state in
            let lines = state.board.append(bytes, to: stage.text, at: clock.now())
            if detail.showsLogs { show(lines.map { prefixed($0, stage) }, &state) }
        }
    }

    func waitingForLock(_ stage: StageName) {
        state.withLock { state in
            state.board.setState("locked", of: stage.text, at: clock.now())
            show(notice("another `repro` is running stage \(stage); waiting for it"), &state)
            startPainting(&state)
        }
    }

    func fetching(_ stage: StageName) {
        state.withLock { state in
            state.board.setState("fetching", of: stage.text, at: clock.now())
            startPainting(&state)
        }
    }

    func retrying(_ stage: StageName, attempt: Int, after pause: Duration) {
        state.withLock { state in
            state.board.setState("retrying", of: stage.text, at: clock.now())
            let delay = Formats.duration(milliseconds: Formats.milliseconds(pause))
            show(notice("stage \(stage) failed; attempt \(attempt) begins in \(delay)"), &state)
        }
    }

    func finished(_ record: StageRecord) {
        state.withLock { state in
            let tail = state.board.settle(record.stage.text)
            if !detail.showsEveryStage { return }
            var lines = [text(StageLine(record), state)]
            if let error = record.error, error.kind != .interrupted, showsTails {
                lines += tail.map { "  " + stream.paint("│", .bad) + " " + cut($0, margin: 4) }
            }
            show(lines, &state)
        }
    }

    func settled(_ records: [StageRecord]) {
        state.withLock { state in
            let lines = records.map { record in
                _ = state.board.settle(record.stage.text)
                return detail.showsEveryStage ? text(StageLine(record), state) : ""
            }
            if detail.showsEveryStage { show(lines, &state) }
        }
    }

    /// Something that a person should know now.
    func say(_ text: String) {
        state.withLock { show([stream.paint(text, .warning)], &$0) }
    }

    /// Takes the live lines away: to be called before anything else is printed.
    func finish() {
        let painter = state.withLock { $0.painter }
        if let painter {
            stopping.send(true)
            painter.join()
        }
        state.withLock { state in
            if stream.isTerminal { stream.write(state.region.frame(above: state.pending, region: [])) }
            state.pending = []
            state.painter = nil
            stream.flush()
        }
    }

    // MARK: Drawing

    /// Without anything that moves, lines are drawn as they come; no thread is started for a run that does nothing.
    private func startPainting(_ state: inout State) {
        if !stream.isTerminal || state.painter != nil { return }
        state.painter = Thread.start(name: "stage view") { [weak self, stopping] in
            while stopping.receive(timeout: Self.frameInterval) == nil { self?.paint() }
        }
    }

    private func paint() {
        state.withLock { state in
            let region = state.board.region(
                at: clock.now(), palette: stream.palette, width: stream.width ?? 80, height: stream.height ?? 24)
            stream.write(state.region.frame(above: state.pending, region: region))
            state.pending = []
            stream.flush()
        }
    }

    private func show(_ lines: [String], _ state: inout State) {
        if lines.isEmpty { return }
        if state.painter != nil {
            state.pending += lines
        } else {
            for line in lines { stream.line(line) }
            stream.flush()
        }
    }

    private func text(_ line: StageLine, _ state: State) -> String {
        line.line(nameWidth: state.board.nameWidth, palette: stream.palette, width: stream.width)
    }

    private func notice(_ text: String) -> [String] {
        detail.showsEveryStage ? [stream.paint(text, .warning)] : []
    }

    private func prefixed(_ line: String, _ stage: StageName) -> String {
        stream.paint("\(stage) │", .faint) + " " + line
    }

    private func cut(_ line: String, margin: Int) -> String {
        stream.width.map { truncated(line, toWidth: $0 - margin) } ?? line
    }

    fileprivate static func text(_ reasons: [StageReason]) -> String {
        guard let first = reasons.first else { return "" }
        return reasons.count == 1 ? "\(first)" : "\(first); \(reasons.count - 1) more"
    }
}

extension StageLine {
    fileprivate init(_ record: StageRecord) {
        let (word, style) = record.words
        let hasDuration = record.error != nil || record.state == .ran || record.state == .cached
        self.init(
            state: word, style: style, stage: record.stage.text,
            milliseconds: hasDuration ? Formats.milliseconds(record.duration) : nil,
            text: StageView.text(record.reasons))
    }
}

extension StageRecord {
    /// What became of it, for people, and how it looks.
    var words: (String, Style) {
        if let error { return error.kind == .interrupted ? ("stopped", .warning) : ("failed", .bad) }
        return switch state {
        case .ran: ("ran", .good)
        case .cached: ("cached", .notice)
        case .skipped: ("skipped", .faint)
        case .failed: ("failed", .bad)
        case .notRun: ("not run", .warning)
        }
    }
}
