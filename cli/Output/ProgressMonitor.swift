import Diagnostics
import Synchronization
import Threads

/// Shows how far long work is, as one line that is drawn again, and its warnings; off a terminal only the warnings.
final class ProgressMonitor: Monitor {
    private let errors: TextStream
    private let showsProgress: Bool
    private let state = Mutex(State())

    private struct State {
        var region = LiveRegion()
        var lastDrawn: ContinuousClock.Instant?
        /// What is being done, and since when.
        var activity = ""
        var started = ContinuousClock.now
    }

    private static let leastActivityWidth = 12

    /// Drawing costs more than most steps that are counted.
    private static let leastInterval = Duration.milliseconds(100)

    init(_ call: Invocation) {
        errors = call.errors
        showsProgress = call.errors.isTerminal && !call.isQuiet
    }

    func progress(_ progress: Progress) {
        if !showsProgress { return }
        let now = ContinuousClock.now
        state.withLock { state in
            if let last = state.lastDrawn, now - last < Self.leastInterval { return }
            state.lastDrawn = now
            if state.activity != progress.activity { (state.activity, state.started) = (progress.activity, now) }
            let pace = Self.pace(progress, after: now - state.started)
            let line = Self.line(progress, pace, width: (errors.width ?? 80) - 1)
            draw(above: [], region: [errors.paint(line, .faint)], &state)
        }
    }

    func warning(_ error: any UserFacingError) {
        let lines = ErrorReport(error).lines(palette: errors.palette, label: "warning", style: .warning)
        state.withLock { draw(above: lines, region: [], &$0) }
    }

    /// Takes the progress line away: to be called before anything else is printed.
    func finish() {
        state.withLock { draw(above: [], region: [], &$0) }
    }

    private func draw(above: [String], region: [String], _ state: inout State) {
        if errors.isTerminal {
            errors.write(state.region.frame(above: above, region: region))
        } else {
            for line in above { errors.line(line) }
        }
        errors.flush()
    }

    /// `, 12.0 MiB/s, 5.0 s left`; nothing in the first second, when nobody can tell.
    static func pace(_ progress: Progress, after elapsed: Duration) -> String {
        let milliseconds = Formats.milliseconds(elapsed)
        if milliseconds < 1000 || (progress.doneItems == 0 && progress.doneBytes == 0) { return "" }
        var parts = ""
        if progress.doneBytes > 0 {
            parts += ", " + Formats.bytes(UInt64(Double(progress.doneBytes) * 1000 / Double(milliseconds))) + "/s"
        }
        let byBytes = progress.totalBytes.map { Double(progress.doneBytes) / Double(max(1, $0)) }
        let byItems = progress.totalItems.map { Double(progress.doneItems) / Double(max(1, $0)) }
        // Many small files take their time by number, few large ones by size: the slower measure is the truer, unless it has
        // not begun, as in the first large one.
        let share = [byBytes, byItems].compactMap(\.self).filter { $0 > 0 }.min() ?? 1
        if share < 1 {
            let left = Double(milliseconds) * (1 / share - 1)
            parts += ", \(Formats.duration(milliseconds: Int64(min(left, 1e15)))) left"
        }
        return parts
    }

    /// `verifying objects: 120 of 400, 12.0 MiB of 80.1 MiB`, and the pace; where all that does not fit, the words before it
    /// are cut and the numbers stay.
    static func line(_ progress: Progress, _ pace: String = "", width: Int = .max) -> String {
        var parts: [String] = []
        if let total = progress.totalItems {
            parts.append("\(progress.doneItems) of \(total)")
        } else if progress.doneItems > 0 {
            parts.append("\(progress.doneItems)")
        }
        let done = Formats.bytes(UInt64(max(0, progress.doneBytes)))
        if let total = progress.totalBytes {
            parts.append("\(done) of \(Formats.bytes(UInt64(max(0, total))))")
        } else if progress.doneBytes > 0 {
            parts.append(done)
        }
        if progress.savedBytes > 0 { parts.append("\(Formats.bytes(UInt64(progress.savedBytes))) there already") }
        let numbers = (parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")) + pace
        let room = max(leastActivityWidth, width - numbers.count)
        return truncated(truncated(printable(progress.activity), toWidth: room) + numbers, toWidth: width)
    }
}
