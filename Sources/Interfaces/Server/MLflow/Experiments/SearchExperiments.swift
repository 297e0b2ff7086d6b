import Diagnostics
import Experiments
import MicroHTTPD

/// Experiments by name, tags and times, a page at a time.
extension MLflowAPI {
    @Sendable func searchExperiments(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        guard try parameters.integer("max_results") != nil else {
            throw MLflowError.invalid(
                "Invalid value 0 for parameter 'max_results' supplied: It must be at least 1 and at most 50000")
        }
        let limit = try PageToken.limit(parameters, default: 1000, most: 50_000)
        let offset = try PageToken.offset(parameters.string("page_token"))
        let lifecycle = try lifecycle(parameters, "view_type")
        var search = ListSearch<ExperimentDetails>(
            filter: try parameters.string("filter") ?? "", order: try parameters.strings("order_by"),
            attributes: [
                "name": .text { $0.experiment.name },
                "experiment_id": .integer { $0.experiment.id.number },
                "creation_time": .integer { $0.experiment.createdAt.milliseconds },
                "last_update_time": .integer { $0.updatedAt.milliseconds },
            ], tags: \.tags)
        search.standardOrder = [("creation_time", false), ("experiment_id", true)]
        search.lastOrder = [("experiment_id", false)]
        let found = try search.run(
            try store.allExperimentDetails().filter { details in
                switch lifecycle {
                case .active: details.experiment.deletedAt == nil
                case .deleted: details.experiment.deletedAt != nil
                case .all: true
                }
            })
        let page = found.dropFirst(offset).prefix(limit)
        return .json { writer in
            writer.object { writer in
                if !page.isEmpty {
                    writer.key("experiments")
                    writer.array(page) { $0.experiment($1) }
                }
                if offset + limit < found.count { writer.field("next_page_token", PageToken.make(offset + limit)) }
            }
        }
    }
}
