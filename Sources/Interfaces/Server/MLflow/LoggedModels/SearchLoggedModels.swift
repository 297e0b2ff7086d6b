import Diagnostics
import Experiments
import MicroHTTPD

/// Logged models by attributes, params, tags and metrics, these perhaps on certain datasets.
extension MLflowAPI {
    @Sendable func searchLoggedModels(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let experiments = try parameters.strings("experiment_ids").map(experimentID)
        if experiments.isEmpty { throw missingValue("experiment_ids") }
        let limit = try PageToken.limit(parameters, default: 50, most: 50_000)
        let offset = try PageToken.offset(parameters.string("page_token"))
        let datasets = try parameters.objects("datasets").map {
            (name: try $0.required("dataset_name"), digest: try $0.string("dataset_digest"))
        }
        let orders = try parameters.objects("order_by")
        var search = ListSearch<LoggedModel>(
            filter: try parameters.string("filter") ?? "", order: try orders.map(order),
            attributes: Self.loggedModelAttributes, tags: \.tags)
        search.texts = ["params": { model, key in model.params.first { $0.key == key }?.value }]
        search.numbers = [
            "metrics": { model, key in
                model.metrics.last { metric in
                    metric.key == key
                        && (datasets.isEmpty
                            || datasets.contains { metric.isOn($0.name, $0.digest) })
                }?.point.value
            }
        ]
        search.standardOrder = [("creation_timestamp", false)]
        search.lastOrder = [("creation_timestamp", false), ("model_id", true)]
        let models = try store.loggedModels(experiments: experiments).filter { model in
            datasets.isEmpty
                || model.metrics.contains { metric in datasets.contains { metric.isOn($0.name, $0.digest) } }
        }
        let found = try search.run(models)
        let page = Array(found.dropFirst(offset).prefix(limit))
        let locations = try page.map(location)
        return .json { writer in
            writer.object { writer in
                if !page.isEmpty {
                    writer.key("models")
                    writer.array(zip(page, locations)) { $0.loggedModel($1.0, $1.1) }
                }
                if offset + limit < found.count { writer.field("next_page_token", PageToken.make(offset + limit)) }
            }
        }
    }

    private static let loggedModelAttributes: [String: ListSearch<LoggedModel>.Attribute] = [
        "name": .text { $0.name }, "model_id": .text { $0.id }, "model_type": .text { $0.type },
        "status": .text { $0.status.mlflowName }, "source_run_id": .text { $0.sourceRun?.text },
        "experiment_id": .text { $0.experiment.description },
        "creation_time": .integer { $0.createdAt.milliseconds },
        "creation_timestamp": .integer { $0.createdAt.milliseconds },
        "creation_timestamp_ms": .integer { $0.createdAt.milliseconds },
        "last_updated_timestamp": .integer { $0.updatedAt.milliseconds },
        "last_updated_timestamp_ms": .integer { $0.updatedAt.milliseconds },
    ]

    private func order(_ parameters: Parameters) throws -> String {
        let name = try parameters.required("field_name")
        let isAscending = try parameters.bool("ascending") ?? true
        return "\(name) \(isAscending ? "ASC" : "DESC")"
    }
}

extension ModelMetric {
    fileprivate func isOn(_ name: String, _ digest: String?) -> Bool {
        datasetName == name && (digest == nil || datasetDigest == digest)
    }
}
