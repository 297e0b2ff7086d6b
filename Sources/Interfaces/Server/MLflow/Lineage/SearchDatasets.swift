import Experiments
import MicroHTTPD

/// The datasets of some experiments, each once for each context.
extension MLflowAPI {
    @Sendable func searchDatasets(_ request: Request) throws -> Reply {
        let experiments = try Parameters(request).strings("experiment_ids").map(experimentID)
        if experiments.isEmpty { throw missingValue("experiment_ids") }
        if experiments.count > 20 { throw MLflowError.invalid("At most 20 experiments can be asked for at once") }
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
