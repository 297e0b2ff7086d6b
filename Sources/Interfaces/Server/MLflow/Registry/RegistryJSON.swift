import Diagnostics
import Experiments
import MicroHTTPD

extension JSONWriter {
    mutating func registeredModel(_ model: RegisteredModel, latest: [ModelVersion]) {
        object { writer in
            writer.field("name", model.name)
            writer.field("creation_timestamp", model.createdAt.milliseconds)
            writer.field("last_updated_timestamp", model.updatedAt.milliseconds)
            writer.field("user_id", model.user)
            writer.field("description", model.description)
            if !latest.isEmpty {
                writer.key("latest_versions")
                writer.array(latest) { $0.modelVersion($1) }
            }
            writer.tags(model.tags)
            if model.aliases.isEmpty { return }
            writer.key("aliases")
            writer.array(model.aliases) { writer, alias in
                writer.object {
                    $0.field("alias", alias.alias)
                    $0.field("version", String(alias.version))
                }
            }
        }
    }

    mutating func modelVersion(_ version: ModelVersion) {
        object { writer in
            writer.field("name", version.model)
            writer.field("version", String(version.number))
            writer.field("creation_timestamp", version.createdAt.milliseconds)
            writer.field("last_updated_timestamp", version.updatedAt.milliseconds)
            writer.field("user_id", version.user)
            writer.field("current_stage", version.stage.rawValue)
            writer.field("description", version.description)
            writer.field("source", version.source)
            writer.field("run_id", version.run)
            writer.field("status", "READY")
            writer.tags(version.tags)
            writer.field("run_link", version.runLink)
            if !version.aliases.isEmpty {
                writer.field("aliases", version.aliases)
            }
            writer.field("model_id", version.loggedModel)
        }
    }
}

/// Registered models and versions in MLflow's words.
extension MLflowAPI {
    func reply(_ model: RegisteredModel) throws -> Reply {
        let latest = try latestVersions(model.name)
        return .json { writer in
            writer.object {
                $0.key("registered_model")
                $0.registeredModel(model, latest: latest)
            }
        }
    }

    func reply(_ version: ModelVersion) -> Reply {
        .json { writer in
            writer.object {
                $0.key("model_version")
                $0.modelVersion(version)
            }
        }
    }
}
