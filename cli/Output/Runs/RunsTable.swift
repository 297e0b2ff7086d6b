import Diagnostics
import Experiments

/// The table of `repro runs`.
struct RunsTable {
    let records: [RunRecord]
    private(set) var columns: [RunTableColumn]
    private let now: Timestamp
    /// Columns that did not fit the terminal, the least interesting first.
    private(set) var leftOut: [String] = []

    /// The words of `--columns`: columns as in filters, or a whole family of them.
    init(_ records: [RunRecord], columns text: String, now: Timestamp) throws {
        self.records = records
        self.now = now
        columns = []
        for word in text.split(separator: ",").map({ $0.trimmed }) where !word.isEmpty {
            switch word {
            case "stages": columns.append(.stageCounts)
            case "params": columns += Self.keys(records.map(\.params)).map { .column(.param($0)) }
            case "metrics": columns += Self.keys(records.map(\.metrics)).map { .column(.metric($0)) }
            case "tags": columns += Self.keys(records.map(\.tags)).map { .column(.tag($0)) }
            default: columns.append(.column(try RunColumn(parsing: word)))
            }
        }
    }

    /// What most people want to see: the metrics, and the params that differ.
    init(_ records: [RunRecord], fitting width: Int?, now: Timestamp) {
        self.records = records
        self.now = now
        let hasTwins = Set(records.map(\.run.name)).count < records.count
        columns = [.column(.attribute(.name))]
        if hasTwins { columns.append(.column(.attribute(.id))) }
        columns += [.status, .startTime, .duration].map { .column(.attribute($0)) }
        if Set(records.map(\.run.experimentName)).count > 1 { columns.append(.column(.attribute(.experiment))) }
        let values =
            Self.keys(records.map(\.metrics)).map { RunTableColumn.column(.metric($0)) }
            + Self.differing(records).map { .column(.param($0)) }
        columns += values + [.stageCounts]
        if let width { leaveOut(values, untilFitting: width) }
    }

    /// Takes columns away until the rest fits: what is the same in all runs, then the widest, last the counts.
    private mutating func leaveOut(_ values: [RunTableColumn], untilFitting width: Int) {
        let constant = values.filter { column in
            guard records.count > 1, case .column(.metric(let key)) = column else { return false }
            return Set(records.map { $0.metrics[key]?.value }).count == 1
        }
        let isAllFinished = records.allSatisfy { $0.run.status == .finished }
        let status = isAllFinished ? [RunTableColumn.column(.attribute(.status))] : []
        let varying = values.filter { !constant.contains($0) }
        let isWider = { (a: RunTableColumn, b: RunTableColumn) in displayWidth(of: a.title) > displayWidth(of: b.title)
        }
        for victim in constant.sorted(by: isWider) + status + varying.sorted(by: isWider) + [.stageCounts] {
            if table().leastWidth <= width { break }
            columns.removeAll { $0 == victim }
            leftOut.append(victim.title)
        }
    }

    func table() -> Table {
        var table = Table(columns.map(\.layout))
        for record in records { table.add(columns.map { $0.cell(record, now: now) }) }
        return table
    }

    private static func keys<Value>(_ dictionaries: [[String: Value]]) -> [String] {
        Set(dictionaries.flatMap(\.keys)).sorted()
    }

    /// The params that are not the same in all of these runs; of a single run, none.
    private static func differing(_ records: [RunRecord]) -> [String] {
        keys(records.map(\.params)).filter { key in Set(records.map { $0.params[key] }).count > 1 }
    }
}

extension Substring {
    fileprivate var trimmed: String { withoutTrailingSpaces(String(drop { $0 == " " })) }
}
