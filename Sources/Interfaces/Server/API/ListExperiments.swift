import Experiments
import MicroHTTPD

/// Experiments, and the names of all that runs have logged: what a page fills its menus with.
extension NativeAPI {
    @Sendable func listExperiments(_ request: Request) throws -> Reply {
        let all = try store.allExperimentDetails().filter { $0.experiment.deletedAt == nil }
        return .json { writer in
            writer.object { writer in
                writer.key("experiments")
                writer.array(all) { writer, details in
                    writer.object { writer in
                        writer.field("id", details.experiment.id.description)
                        writer.field("name", details.experiment.name)
                        writer.field("createdAt", details.experiment.createdAt)
                        writer.key("tags")
                        writer.object {
                            for tag in details.tags {
                                $0.key(named: tag.key)
                                $0.string(tag.value)
                            }
                        }
                    }
                }
            }
        }
    }

    @Sendable func listKeys(_ request: Request) throws -> Reply {
        let keys = try store.keys()
        return .json { writer in
            writer.object {
                $0.field("params", keys.params)
                $0.field("metrics", keys.metrics)
                $0.field("tags", keys.tags)
                $0.field("stages", keys.stages)
            }
        }
    }
}
