import Experiments
import HTTP
import JSON

/// The table of runs: all its columns, so that others can be chosen, sorted and grouped in the copy, which has nobody
/// to ask. web/lib/exportedTable.js does that.
extension ExportPlan {
    private static let mostRows = 10_000
    private static let rowsAtOnce = 1000
    /// As many as one call may name.
    private static let mostColumns = 300
    private static let curvesAtOnce = 1000

    /// `view`: the query of the page's URL.
    mutating func addTable(_ view: [QueryItem]) throws {
        func named(_ name: String) -> [QueryItem] { view.filter { $0.name == name && !$0.value.isEmpty } }
        let show = named("show").first?.value
        var scope = named("experiment")
        scope.append(QueryItem("archived", show == "archived" ? "only" : show == "bin" ? "all" : "no"))
        if show == "bin" { scope.append(QueryItem("deleted", "true")) }
        let filter = named("filter")
        try calls.record("/table/varying", scope)
        try calls.record("/table/varying", scope + filter)
        let chosen = named("col").map(\.value)
        let rows = try addRows(scope + filter, columns: try columns(chosen: chosen))
        try addCurves(of: rows, chosen)
    }

    private mutating func columns(chosen: [String]) throws -> [String] {
        let keys = try calls.record("/keys")
        func texts(_ name: String) -> [String] { keys?[name]?.items.compactMap(\.text) ?? [] }
        var all = chosen.map(Self.reference) + RunAttribute.allCases.map(\.rawValue)
        all += texts("metrics").map { RunColumn.metric($0).description }
        all += texts("params").map { RunColumn.param($0).description }
        for stage in texts("stages") {
            all += [RunColumn.stage(stage, .state).description, RunColumn.stage(stage, .duration).description]
        }
        all += texts("tags").map { RunColumn.tag($0).description }
        var seen: Set<String> = []
        return Array(all.filter { seen.insert($0).inserted }.prefix(Self.mostColumns))
    }

    /// Answers the ids of the runs.
    private mutating func addRows(_ query: [QueryItem], columns: [String]) throws -> [String] {
        let wanted = query + columns.map { QueryItem("column", $0) } + [QueryItem("limit", String(Self.rowsAtOnce))]
        var rows: [JSONValue] = []
        var total: JSONValue?
        while rows.count < Self.mostRows {
            let more = [QueryItem("offset", String(rows.count)), QueryItem("total", total == nil ? "true" : "")]
            guard let page = calls.ask("/table", wanted + more) else {
                throw ExportError.noSuchView("/runs?" + QueryItem.encode(query))
            }
            total = total ?? page["total"]
            rows += page["rows"]?.items ?? []
            if page["hasMore"] != .bool(true) { break }
        }
        calls.keep(
            .object([
                "columns": .array(columns.map { .string($0) }), "rows": .array(rows), "total": total ?? .null,
            ]), for: "/table", query)
        return rows.compactMap { $0["id"]?.text }
    }

    /// Of the columns that the URL draws, or shows the least or greatest value of.
    private mutating func addCurves(of runs: [String], _ chosen: [String]) throws {
        let metrics = chosen.filter { $0.contains("!") }.compactMap { text -> String? in
            guard case .metric(let key)? = try? RunColumn(parsing: Self.reference(text)) else { return nil }
            return key
        }
        if metrics.isEmpty || runs.isEmpty { return }
        var curves: [JSONValue] = []
        let step = max(1, Self.curvesAtOnce / metrics.count)
        for start in stride(from: 0, to: runs.count, by: step) {
            let query =
                runs[start..<min(runs.count, start + step)].map { QueryItem("run", $0) }
                + metrics.map { QueryItem("metric", $0) }
            curves += calls.ask("/sparklines", query)?["curves"]?.items ?? []
        }
        calls.keep(.object(["curves": .array(curves)]), for: "/sparklines", [])
    }

    /// `metrics.loss!max,w120` is a column and how it is shown.
    private static func reference(_ text: String) -> String {
        text.lastIndex(of: "!").map { String(text[..<$0]) } ?? text
    }
}
