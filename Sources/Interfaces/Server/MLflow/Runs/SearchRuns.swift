import Experiments
import MicroHTTPD

/// Runs by MLflow's filter and order, a page at a time.
extension MLflowAPI {
    @Sendable func searchRuns(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let experiments = try parameters.strings("experiment_ids").map(experimentID)
        let search = RunSearch(store: store)
        let limit = try PageToken.limit(parameters, default: 1000, most: 50_000)
        let offset = try PageToken.offset(parameters.string("page_token"))
        var query = RunQuery(
            experiments: experiments, lifecycle: try lifecycle(parameters, "run_view_type"),
            filter: try search.filter(try parameters.string("filter") ?? ""),
            sort: try search.sort(parameters.strings("order_by")), limit: limit, offset: offset,
            columns: RunColumnSelection(params: .all, metrics: .all, tags: .all, includesStages: false))
        // To MLflow a param is a text, also one of digits.
        query.sortsParamsAsText = true
        if experiments.isEmpty { return .emptyObject }
        let page = try store.listRuns(query)
        var locations: [ExperimentID: ArtifactLocation] = [:]
        for record in page.records where locations[record.run.experiment] == nil {
            locations[record.run.experiment] = ArtifactLocation(of: try experiment(record.run.experiment))
        }
        let lineages = try store.lineages(runs: page.records.map(\.run.id))
        return .json { writer in
            writer.object { writer in
                if !page.records.isEmpty {
                    writer.key("runs")
                    writer.array(page.records) { writer, record in
                        guard let location = locations[record.run.experiment] else { return }
                        var lineage = lineages[record.run.id] ?? RunLineage()
                        lineage.inputModels = []
                        writer.run(record, location.run(record.run.id), lineage)
                    }
                }
                if page.hasMore { writer.field("next_page_token", PageToken.make(offset + limit)) }
            }
        }
    }

    func lifecycle(_ parameters: Parameters, _ name: String) throws -> RunQuery.Lifecycle {
        let names: [Int64: String] = [1: "ACTIVE_ONLY", 2: "DELETED_ONLY", 3: "ALL"]
        return switch try parameters.choice(name, names) {
        case "DELETED_ONLY": .deleted
        case "ALL": .all
        default: .active
        }
    }
}
