import Experiments
import MicroHTTPD

/// The datasets of some experiments, each once for each context.
extension MLflowAPI {
    @Sendable func searchDatasets(_ request: Request) throws -> Reply {
        let ids = try Parameters(request).strings("experiment_ids")
        if ids.isEmpty { throw MLflowError.invalid("SearchDatasets request must specify at least one experiment_id.") }
        if ids.count > 20 {
            throw MLflowError.invalid(
                "SearchDatasets request cannot specify more than 20 experiment_ids. "
                    + "Received \(ids.count) experiment_ids.")
        }
        let experiments = try ids.map(experimentID)
        let summaries = try store.datasetSummaries(experiments: experiments)
        return .json { writer in
            writer.object { writer in
                if summaries.isEmpty { return }
                writer.key("dataset_summaries")
                writer.array(summaries) { writer, summary in
                    writer.object {
                        $0.field("experiment_id", summary.experiment.description)
                        $0.field("name", summary.name)
                        $0.field("digest", summary.digest)
                        $0.field("context", summary.context)
                    }
                }
            }
        }
    }
}
