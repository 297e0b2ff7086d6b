import Diagnostics
import Experiments

/// The table of `repro runs`.
struct RunsTable {
    let records: [RunRecord]
    private(set) var columns: [RunTableColumn]
    private let now: Timestamp
    /// Columns that did not fit the terminal.
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
        let fixedCount = columns.count
        columns += Self.keys(records.map(\.metrics)).map { .column(.metric($0)) }
        let firstParam = columns.count
        columns += Self.differing(records).map { .column(.param($0)) }
        columns.append(.stageCounts)
        guard let width else { return }
        // Params give way before the counts, the counts before the metrics.
        while table().leastWidth > width, columns.count > fixedCount {
            let victim = columns.count - 1 > firstParam ? columns.count - 2 : columns.count - 1
            leftOut.append(columns.remove(at: victim).title)
        }
        leftOut.reverse()
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
