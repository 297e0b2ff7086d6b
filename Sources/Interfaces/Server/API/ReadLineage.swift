import Experiments
import MicroHTTPD

/// Which datasets and models a run used and made, as it logged them.
extension NativeAPI {
    @Sendable func readLineage(_ request: Request) throws -> Reply {
        let lineage = try store.lineage(run: try run(request).id)
        let used = try lineage.inputModels.map { (id: $0, model: try store.loggedModel($0), step: Int64?.none) }
        let made = try lineage.outputModels.map {
            (id: $0.model, model: try store.loggedModel($0.model), step: $0.step)
        }
        return .json { writer in
            writer.object { writer in
                writer.key("datasets")
                writer.array(lineage.datasets) { $0.datasetUse($1) }
                writer.key("inputModels")
                writer.array(used) { $0.linkedModel($1.id, $1.model, step: $1.step) }
                writer.key("outputModels")
                writer.array(made) { $0.linkedModel($1.id, $1.model, step: $1.step) }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func datasetUse(_ use: DatasetUse) {
        object { writer in
            writer.field("name", use.dataset.name)
            writer.field("digest", use.dataset.digest)
            writer.field("sourceType", use.dataset.sourceType)
            writer.field("source", use.dataset.source)
            writer.key("tags")
            writer.object { writer in
                for tag in use.tags {
                    writer.key(named: tag.key)
                    writer.string(tag.value)
                }
            }
        }
    }

    fileprivate mutating func linkedModel(_ id: String, _ model: LoggedModel?, step: Int64?) {
        object { writer in
            writer.field("id", id)
            writer.field("name", model?.name)
            writer.field("type", model?.type)
            if let step { writer.field("step", step) }
        }
    }
}
