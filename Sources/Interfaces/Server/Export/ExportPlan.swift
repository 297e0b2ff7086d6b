import HTTP
import JSON

/// What a view asks the server for: the calls that its copy needs.
struct ExportPlan {
    var calls: RecordedCalls

    /// Finer than most screens, so that a zoom has something to show.
    private static let columns = QueryItem("columns", "4000")
    private static let mostFiles = 200

    init(routes: [Route]) { calls = RecordedCalls(routes: routes) }

    /// What every view asks for, or may be led to.
    mutating func addShell(_ routes: [Route]) throws {
        for route in routes where route.method == .get {
            let path = String(route.pattern.description.dropFirst(NativeAPI.base.count))
            let needsMore = ["/events", "/series", "/compare", "/divergence", "/table", "/sparklines"].contains(path)
            if !path.contains("{"), !needsMore { try calls.record(path) }
        }
    }

    /// `view`: its URL, as `/compare?run=a&run=b`.
    mutating func add(_ view: ViewAddress) throws {
        switch view.words.first {
        case "runs" where view.words.count == 2: try addRun(view.words[1], view.query)
        case "compare": try addComparison(view.query)
        case "runs": try addTable(view.query)
        case "experiments":
            try calls.record("/table/groups", [QueryItem("by", "experiment"), QueryItem("archived", "no")])
        case "data": try addData()
        case "models": try addModels()
        case "pipeline": break
        default: throw ExportError.noSuchView(view.path)
        }
    }

    private mutating func addRun(_ name: String, _ query: [QueryItem]) throws {
        guard let run = try calls.record("/runs/\(encoded(name))"), let id = run["id"]?.text else {
            throw ExportError.noSuchView("/runs/\(name)")
        }
        let base = "/runs/\(encoded(id))"
        try calls.record(base)
        for part in ["/lineage", "/patch"] { try calls.record(base + part) }
        for stage in try calls.record(base + "/stages")?["stages"]?.items ?? [] {
            if let name = stage["name"]?.text { try calls.record("\(base)/stages/\(encoded(name))/log") }
        }
        try addFiles(of: base)
        try addSeries([id], run["metrics"]?.names ?? [], query)
    }

    private mutating func addComparison(_ query: [QueryItem]) throws {
        let runs = query.filter { $0.name == "run" }
        guard let comparison = try calls.record("/compare", runs) else {
            throw ExportError.noSuchView("/compare?" + QueryItem.encode(runs))
        }
        let ids = comparison["runs"]?.items.compactMap { $0["id"]?.text } ?? []
        let metrics = comparison["metrics"]?.items.compactMap { $0["key"]?.text } ?? []
        let base = query.first { $0.name == "base" }?.value ?? ids.first ?? ""
        for other in ids where other != base {
            for metric in metrics {
                try calls.record(
                    "/divergence", [QueryItem("run", base), QueryItem("run", other), QueryItem("metric", metric)])
            }
            try calls.record("/divergence", [QueryItem("run", base), QueryItem("run", other)])
        }
        for id in ids { try addFiles(of: "/runs/\(encoded(id))") }
        try addSeries(ids, metrics, query)
    }

    /// Along steps and as the URL wants it, unsmoothed and smoothed as there.
    private mutating func addSeries(_ runs: [String], _ metrics: [String], _ query: [QueryItem]) throws {
        func values(_ names: [String]) -> Set<String> {
            Set(query.filter { names.contains($0.name) }.map(\.value) + [""])
        }
        for metric in metrics {
            for axis in values(["x", "along"]).union(["relative"]) {
                for smooth in values(["smooth"]) {
                    var items = [QueryItem("metric", metric)] + runs.map { QueryItem("run", $0) }
                    items += [QueryItem("x", axis.isEmpty ? "step" : axis), Self.columns]
                    if !smooth.isEmpty { items.append(QueryItem("smooth", smooth)) }
                    try calls.record("/series", items)
                }
            }
        }
    }

    private mutating func addFiles(of run: String) throws {
        for kind in ["/artifacts", "/files"] {
            var folders = [""]
            var count = 0
            while !folders.isEmpty, count < Self.mostFiles {
                let folder = folders.removeFirst()
                let query = folder.isEmpty ? [] : [QueryItem("path", folder)]
                for entry in try calls.record(run + kind, query)?["entries"]?.items ?? [] {
                    guard let name = entry["name"]?.text else { continue }
                    let path = folder.isEmpty ? name : "\(folder)/\(name)"
                    if entry["isFolder"] == .bool(true) {
                        folders.append(path)
                    } else {
                        count += 1
                        try calls.record(
                            "\(run)\(kind)/\(path.split(separator: "/").map { encoded(String($0)) }.joined(separator: "/"))"
                        )
                    }
                }
            }
        }
    }

    /// Every path of data, for each is one click away.
    private mutating func addData() throws {
        for data in try calls.record("/data")?["data"]?.items ?? [] {
            if let path = data["path"]?.text { try calls.record("/data", [QueryItem("path", path)]) }
        }
    }

    private mutating func addModels() throws {
        for model in try calls.record("/models")?["models"]?.items ?? [] {
            if let name = model["name"]?.text { try calls.record("/models/\(encoded(name))") }
        }
    }

    private func encoded(_ text: String) -> String { PercentEncoding.component.encode(Array(text.utf8)) }
}

extension JSONValue {
    subscript(name: String) -> JSONValue? {
        if case .object(let object) = self { object[name] } else { nil }
    }

    var text: String? { if case .string(let text) = self { text } else { nil } }
    var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }
    var names: [String] { if case .object(let object) = self { object.keys } else { [] } }
}
