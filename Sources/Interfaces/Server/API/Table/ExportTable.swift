import Diagnostics
import Experiments
import HTTP
import JSON
import MicroHTTPD

/// A whole table, all its pages, as a file: CSV or JSON, with the columns that are asked for.
extension NativeAPI {
    @Sendable func exportTable(_ request: Request) throws -> Reply {
        let columns = try tableColumns(request)
        let format = request.queryValue("format") ?? "csv"
        guard ["csv", "json"].contains(format) else {
            throw QueryError(name: "format", value: format, wanted: "csv or json")
        }
        var query = try runQuery(request)
        query.columns = RunColumnSelection(columns)
        let chosen = values(request, "run")
        let records = chosen.isEmpty ? try allRecords(query) : try chosen.compactMap { try store.record(RunID($0)) }
        let now = services.clock.now()
        let names = columns.map(\.description)
        let rows = records.map { record in
            [.string(record.run.id.text), .string(record.run.name)] + columns.map { record.value($0, now: now) }
        }
        let bytes = format == "csv" ? csv(["id", "name"] + names, rows) : json(["id", "name"] + names, rows)
        return Reply(
            .ok,
            headers: [
                "Content-Type": format == "csv" ? "text/csv; charset=utf-8" : "application/json",
                "Content-Disposition": "attachment; filename=\"runs.\(format)\"",
            ], body: .bytes(bytes))
    }

    private func allRecords(_ query: RunQuery) throws -> [RunRecord] {
        var query = query
        query.limit = 1000
        query.offset = 0
        var records: [RunRecord] = []
        while true {
            let page = try store.listRuns(query)
            records += page.records
            if !page.hasMore { return records }
            query.offset += page.records.count
        }
    }

    private func csv(_ names: [String], _ rows: [[JSONValue]]) -> [UInt8] {
        Array(([names.map { .string($0) }] + rows).map { csvLine($0) + "\r\n" }.joined().utf8)
    }

    private func json(_ names: [String], _ rows: [[JSONValue]]) -> [UInt8] {
        var writer = JSONWriter()
        writer.array(rows) { writer, row in
            writer.object { writer in
                for (name, value) in zip(names, row) where value != .null {
                    writer.key(named: name)
                    writer.value(value)
                }
            }
        }
        return writer.bytes
    }
}
