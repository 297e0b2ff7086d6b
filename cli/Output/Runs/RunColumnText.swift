import Diagnostics
import Experiments
import JSON

/// A column of the table of runs: what it is called and what it shows of a run.
enum RunTableColumn: Equatable {
    case column(RunColumn)
    /// How many stages ran, were restored and skipped.
    case stageCounts

    /// The heading. Params and metrics go by their key alone: the table is wide enough as it is.
    var title: String {
        switch self {
        case .column(.attribute(.startTime)): "started"
        case .column(.attribute(.endTime)): "ended"
        case .column(.attribute(let attribute)): attribute.rawValue
        case .column(.metric(let key)), .column(.param(let key)), .column(.tag(let key)): key
        case .column(.stage(let stage, let field)): "\(stage).\(field.rawValue)"
        case .stageCounts: "stages"
        }
    }

    var layout: Table.Column {
        switch self {
        case .column(.metric), .column(.attribute(.duration)), .column(.stage(_, .duration)),
            .column(.stage(_, .exitCode)):
            .init(title, .right)
        case .column(.param): .init(title, .right)
        case .column(.attribute(.name)): .init(title, shrinksTo: 12)
        case .column(.attribute(.command)), .column(.attribute(.failure)): .init(title, shrinksTo: 16)
        default: .init(title)
        }
    }

    func cell(_ record: RunRecord, now: Timestamp) -> Table.Cell {
        switch self {
        case .column(.attribute(let attribute)): Self.cell(attribute, record.run, now: now)
        case .column(.metric(let key)): .init(record.metrics[key].map { Formats.number($0.value) } ?? "")
        case .column(.param(let key)): .init(record.params[key].map(Formats.value) ?? "")
        case .column(.tag(let key)): .init(record.tags[key] ?? "")
        case .column(.stage(let name, let field)): Self.cell(field, record.stages.first { $0.stage == name })
        case .stageCounts: .init(Self.counts(record.stages), .faint)
        }
    }

    private static func cell(_ attribute: RunAttribute, _ run: Run, now: Timestamp) -> Table.Cell {
        switch attribute {
        case .id: .init(run.id.short, .faint)
        case .name: .init(run.name, .strong)
        case .status: .init(run.status.words.0, run.status.words.1)
        case .experiment: .init(run.experimentName)
        case .user: .init(run.user)
        case .host: .init(run.owner?.host.name ?? "")
        case .command: .init(run.commandLine.map(shellQuoted).joined(separator: " "))
        case .commit: .init(run.git.map { String($0.commit.prefix(8)) + ($0.isDirty ? "+" : "") } ?? "")
        case .branch: .init(run.git?.branch ?? "")
        case .failure: .init(run.failure ?? "")
        case .startTime: .init(Formats.age(of: run.startedAt, at: now))
        case .endTime: .init(run.endedAt.map { Formats.age(of: $0, at: now) } ?? "")
        case .duration: .init(Formats.duration(milliseconds: run.durationMilliseconds(now: now)))
        }
    }

    private static func cell(_ field: StageField, _ stage: StageSummary?) -> Table.Cell {
        guard let stage else { return "" }
        return switch field {
        case .state: .init(stage.state.words.0, stage.state.words.1)
        case .duration: .init(stage.durationMilliseconds.map { Formats.duration(milliseconds: $0) } ?? "")
        case .exitCode: .init(stage.exitCode.map(String.init) ?? "")
        }
    }

    private static func counts(_ stages: [StageSummary]) -> String {
        let parts = StageState.allCases.compactMap { state -> String? in
            let count = stages.count { $0.state == state }
            return count == 0 ? nil : "\(count) \(state.words.0)"
        }
        return parts.joined(separator: ", ")
    }
}
