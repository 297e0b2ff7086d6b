import Diagnostics

/// What a person sees of the stages of a run while it goes on. Pure: it draws lines and knows no terminal.
struct StageBoard {
    private struct Active {
        var state: String
        var startedAt: Timestamp
        var tail = LogTail()
    }

    /// In an order in which each comes after all that it needs.
    private var stages: [String] = []
    private var active: [String: Active] = [:]
    private var settled: Set<String> = []

    /// Names longer than this stick out of their column.
    private static let nameWidthLimit = 40

    mutating func begin(_ stages: [String]) {
        self.stages = stages
        nameWidth = min(Self.nameWidthLimit, stages.reduce(0) { max($0, displayWidth(of: $1)) })
    }

    /// The column of the names.
    private(set) var nameWidth = 0

    mutating func start(_ stage: String, at time: Timestamp) {
        active[stage] = Active(state: "running", startedAt: time)
    }

    /// `state`: what the stage does instead of running: `waiting`, `retrying`.
    mutating func setState(_ state: String, of stage: String, at time: Timestamp) {
        active[stage, default: Active(state: state, startedAt: time)].state = state
    }

    /// Takes in output and returns the lines that it completes.
    mutating func append(_ bytes: [UInt8], to stage: String, at time: Timestamp) -> [String] {
        active[stage, default: Active(state: "running", startedAt: time)].state = "running"
        return active[stage]?.tail.append(bytes) ?? []
    }

    /// The stage is done with; returns the last lines of its output.
    mutating func settle(_ stage: String) -> [String] {
        settled.insert(stage)
        return active.removeValue(forKey: stage)?.tail.all ?? []
    }

    /// The lines for the stages that are not done: each that runs, then those that wait, in one line.
    func region(at now: Timestamp, palette: Palette, width: Int, height: Int) -> [String] {
        let unsettled = stages.filter { !settled.contains($0) }
        let running = unsettled.filter { active[$0] != nil }
        let waiting = unsettled.filter { active[$0] == nil }
        let room = max(1, height - 3)
        var lines = running.prefix(room).compactMap { stage in
            active[stage].map { active in
                StageLine(
                    state: active.state, style: active.state == "running" ? .notice : .warning, stage: stage,
                    milliseconds: now.milliseconds(since: active.startedAt), text: active.tail.current
                ).line(nameWidth: nameWidth, palette: palette, width: width - 1)
            }
        }
        if running.count > room { lines.append(palette.paint("and \(running.count - room) more", .faint)) }
        if !waiting.isEmpty {
            let names = waiting.count > 1 ? "\(waiting.count) stages: " : ""
            let text = truncated(names + waiting.joined(separator: ", "), toWidth: max(1, width - 11))
            lines.append(palette.paint("waiting   " + text, .faint))
        }
        return lines
    }
}
