import Diagnostics
import Experiments
import HTTP

/// Which runs a table is of, as the page's URL and our API's say it: `experiment`, `filter`, `sort`, `archived`,
/// `deleted`, `limit` and `offset`.
extension NativeAPI {
    /// A run that is archived has this tag; lists leave it out unless they are asked for it.
    static let archivedTag = "repro.archived"

    func runQuery(_ request: Request) throws -> RunQuery {
        let limit = try number(request, "limit", default: 100, 1...1000)
        let offset = try number(request, "offset", default: 0, 0...Int.max)
        var query = RunQuery(limit: limit, offset: offset)
        let names = values(request, "experiment")
        if !names.isEmpty {
            query.experiments = try names.map { name in
                guard let found = try store.experiment(named: name) else {
                    throw ExperimentError.noSuchExperiment(name: name, nearest: nil)
                }
                return found.id
            }
        }
        if let filter = request.queryValue("filter"), !filter.isEmpty { query.filter = try RunFilter(parsing: filter) }
        query.sort = try values(request, "sort").flatMap { try RunSort.parse($0) }
        switch request.queryValue("deleted") {
        case "true": query.lifecycle = .deleted
        case "all": query.lifecycle = .all
        default: query.lifecycle = .active
        }
        try addArchived(request.queryValue("archived") ?? "all", to: &query)
        return query
    }

    /// The values of a parameter that may be given several times; empty ones say nothing.
    func values(_ request: Request, _ name: String) -> [String] {
        request.query.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
    }

    func addArchived(_ word: String, to query: inout RunQuery) throws {
        let test: RunTest
        switch word {
        case "all": return
        case "no": test = .isAbsent
        case "only": test = .isPresent
        default: throw QueryError(name: "archived", value: word, wanted: "no, only or all")
        }
        let condition = RunFilter.condition(.tag(Self.archivedTag), test)
        query.filter = query.filter.map { .all([$0, condition]) } ?? condition
    }
}
