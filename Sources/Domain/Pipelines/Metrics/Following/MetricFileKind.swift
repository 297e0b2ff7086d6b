import Files

/// What a file of measurements is, by its name and by what the stage declares it to be.
enum MetricFileKind: Sendable, Equatable {
    /// Its last state counts: a mapping with numbers in it.
    case snapshot
    /// `needsSteps`: only with a column of steps is it a series.
    case table(separator: Character, needsSteps: Bool, name: String?)
    case lines
    case events(prefix: String)

    /// Of a file that is declared as metrics, wherever it is.
    init(metricsFile path: RelativePath) {
        switch Self.ending(of: path) {
        case "csv": self = .table(separator: ",", needsSteps: false, name: nil)
        case "tsv": self = .table(separator: "\t", needsSteps: false, name: nil)
        case "jsonl", "ndjson": self = .lines
        default: self = .snapshot
        }
    }

    /// Of a file at `path` below (or at) the out or folder `root`; nil if there is nothing to follow in it.
    init?(_ path: RelativePath, below root: RelativePath, role: Output.Role) {
        let name = String(decoding: path.name, as: UTF8.self)
        if name.hasPrefix("events.out.tfevents.") {
            let folder = path.parent?.relative(to: root).map { $0.isRoot ? "" : "\($0)/" } ?? ""
            self = .events(prefix: folder)
            return
        }
        let inside = path.relative(to: root) ?? .root
        if Self.ending(of: path) == "tsv", let metric = Self.dvcLiveName(path) {
            self = .table(separator: "\t", needsSteps: true, name: metric)
        } else if inside.isRoot, role == .metric {
            self.init(metricsFile: path)
        } else if role == .metric || role == .plot {
            switch Self.ending(of: path) {
            case "csv": self = .table(separator: ",", needsSteps: true, name: nil)
            case "tsv": self = .table(separator: "\t", needsSteps: true, name: nil)
            case "jsonl", "ndjson": self = .lines
            default: return nil
            }
        } else {
            return nil
        }
    }

    /// Nil for a snapshot, which is read as a whole.
    func makeFormat() -> (any MetricFormat)? {
        switch self {
        case .snapshot: nil
        case .table(let separator, let needsSteps, let name):
            MetricTable(separator: separator, needsSteps: needsSteps, name: name)
        case .lines: MetricLines()
        case .events(let prefix): EventFile(prefix: prefix)
        }
    }

    /// DVCLive writes `plots/metrics/train/loss.tsv` for the metric `train/loss`.
    private static func dvcLiveName(_ path: RelativePath) -> String? {
        let parts = path.components.map { String(decoding: $0, as: UTF8.self) }
        for start in parts.indices.dropLast(2) where parts[start] == "plots" && parts[start + 1] == "metrics" {
            return String(parts[(start + 2)...].joined(separator: "/").dropLast(4))
        }
        return nil
    }

    private static func ending(of path: RelativePath) -> String {
        let name = String(decoding: path.name, as: UTF8.self)
        guard let dot = name.lastIndex(of: ".") else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }
}
