import Diagnostics
import Experiments
import JSON
import Pipelines
import Synchronization

/// A run as lines of JSON, one for each thing that happens, sent at once: docs/formats/run-events.md.
final class RunEvents: PipelineObserver {
    private let call: Invocation
    /// What a person sees beside.
    private let next: StageView
    private let state = Mutex(State())

    private struct State {
        var run: Run?
        /// The end of what each stage wrote, until its line is whole.
        var partial: [String: [UInt8]] = [:]
    }

    static let version: Int64 = 1

    init(_ call: Invocation, next: StageView) {
        self.call = call
        self.next = next
    }

    func began(_ run: Run) { state.withLock { $0.run = run } }

    func willRun(_ stages: [StageName]) {
        let run = state.withLock { $0.run }
        send(
            "run_started",
            [
                ("version", .integer(Self.version)), ("run", run.map { JSONValue($0) } ?? .null),
                ("stages", JSONValue(stages.map(\.text))),
            ])
        next.willRun(stages)
    }

    func started(_ stage: StageName, reasons: [StageReason], at time: Timestamp) {
        send(
            "stage_started",
            [
                ("stage", .string(stage.text)), ("reasons", JSONValue(reasons.map(\.description))),
            ])
        next.started(stage, reasons: reasons, at: time)
    }

    func output(_ stage: StageName, _ bytes: [UInt8]) {
        if call.isVerbose {
            let lines = state.withLock { state -> [[UInt8]] in
                let all = state.partial[stage.text, default: []] + bytes
                let pieces = all.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
                    Array($0)
                }
                // A line without an end must not grow for ever.
                let rest = pieces.last ?? []
                state.partial[stage.text] = rest.count > Self.longestLine ? [] : rest
                return Array(pieces.dropLast()) + (rest.count > Self.longestLine ? [rest] : [])
            }
            for line in lines { sendLine(line, of: stage) }
        }
        next.output(stage, bytes)
    }

    private static let longestLine = 64 << 10

    func waitingForLock(_ stage: StageName) {
        send("stage_waiting", [("stage", .string(stage.text))])
        next.waitingForLock(stage)
    }

    func fetching(_ stage: StageName) {
        send("stage_fetching", [("stage", .string(stage.text))])
        next.fetching(stage)
    }

    func retrying(_ stage: StageName, attempt: Int, after pause: Duration) {
        send(
            "stage_retrying",
            [
                ("stage", .string(stage.text)), ("attempt", .integer(Int64(attempt))),
                ("pauseMilliseconds", .integer(Formats.milliseconds(pause))),
            ])
        next.retrying(stage, attempt: attempt, after: pause)
    }

    func settled(_ records: [StageRecord]) {
        for record in records { sendFinished(record) }
        next.settled(records)
    }

    func finished(_ record: StageRecord) {
        let rest = state.withLock { $0.partial.removeValue(forKey: record.stage.text) } ?? []
        if !rest.isEmpty { sendLine(rest, of: record.stage) }
        sendFinished(record)
        next.finished(record)
    }

    /// The last line: the report that --json prints.
    func finished(_ report: JSONValue) { send("run_finished", [("report", report)]) }

    /// The last line of a run that could not go on, if it had begun.
    func failed(_ error: any Error) {
        guard state.withLock({ $0.run }) != nil else { return }
        send("run_failed", [("error", ErrorReport(error).fields)])
    }

    private func sendFinished(_ record: StageRecord) {
        guard case .object(let fields) = JSONValue(record) else { return }
        send("stage_finished", fields.pairs.map { ($0.key, $0.value) })
    }

    private func sendLine(_ line: [UInt8], of stage: StageName) {
        var line = line[...]
        if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
        send(
            "stage_output",
            [
                ("stage", .string(stage.text)), ("line", .string(String(decoding: line, as: UTF8.self))),
            ])
    }

    private func send(_ event: String, _ fields: [(String, JSONValue)]) {
        var object: JSONObject = ["event": .string(event), "time": JSONValue(call.clock.now())]
        for (key, value) in fields { object[key] = value }
        // One write a line: the stages' threads send at once.
        call.output.write(JSONValue.object(object).text() + "\n")
        call.output.flush()
    }
}
