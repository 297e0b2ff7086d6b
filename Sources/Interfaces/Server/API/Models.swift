import Diagnostics
import Experiments
import HTTP
import JSON
import MicroHTTPD

/// The model registry: published models, their versions and aliases.
extension NativeAPI {
    var modelRoutes: [Route] {
        [
            get("/models", .worker, listModels),
            get("/models/{model}", .worker, showModel),
            change(.put, "/models/{model}/aliases/{alias}", .needs(.write), setAlias),
            change(.delete, "/models/{model}/aliases/{alias}", .needs(.write), removeAlias),
        ]
    }

    @Sendable private func listModels(_ request: Request) throws -> Reply {
        let models = try store.models()
        let versions = Dictionary(grouping: try store.versions(model: nil), by: \.model)
        return .json { writer in
            writer.object { writer in
                writer.key("models")
                writer.array(models) { writer, model in
                    writer.object { writer in
                        writer.model(model)
                        let own = versions[model.name] ?? []
                        writer.field("versionCount", Int64(own.count))
                        if let latest = own.last { writer.field("latestVersion", latest.number) }
                    }
                }
            }
        }
    }

    @Sendable private func showModel(_ request: Request) throws -> Reply {
        let name = request.capture("model")
        guard let model = try store.model(named: name) else { throw MLflowError.missing("there is no model \(name)") }
        let versions = try store.versions(model: name)
        let runs = Dictionary(
            try Set(versions.map(\.run)).compactMap { id in try store.run(RunID(id)).map { (id, $0.name) } }
        ) { $1 }
        return .json { writer in
            writer.object { writer in
                writer.model(model)
                writer.key("versions")
                writer.array(versions.reversed()) { writer, version in
                    writer.object { writer in
                        writer.field("number", version.number)
                        writer.field("createdAt", version.createdAt)
                        writer.field("description", version.description)
                        writer.field("user", version.user)
                        writer.field("stage", version.stage.rawValue)
                        writer.field("source", version.source)
                        writer.field("run", version.run)
                        writer.field("runName", runs[version.run])
                        writer.field("aliases", version.aliases)
                        writer.tags(version.tags)
                    }
                }
            }
        }
    }

    /// `version`: the number that the alias stands for from now on.
    @Sendable private func setAlias(_ request: Request) throws -> Reply {
        let body = try request.json()
        guard let value = body.value("version"), case .integer(let version) = value else {
            throw BodyError.missing("version")
        }
        let alias = request.capture("alias")
        if ModelNames.problem(inAlias: alias) != nil {
            throw QueryError(
                name: "alias", value: alias, wanted: "letters, digits, _ and - alone, nor `latest` nor as `v3`")
        }
        try store.setAlias(alias, model: request.capture("model"), version: version)
        services.events.changed("model", request.capture("model"))
        return .emptyObject
    }

    @Sendable private func removeAlias(_ request: Request) throws -> Reply {
        try store.removeAlias(request.capture("alias"), model: request.capture("model"))
        services.events.changed("model", request.capture("model"))
        return .emptyObject
    }
}

extension JSONWriter {
    fileprivate mutating func model(_ model: RegisteredModel) {
        field("name", model.name)
        field("createdAt", model.createdAt)
        field("updatedAt", model.updatedAt)
        field("description", model.description)
        key("aliases")
        array(model.aliases) { writer, alias in
            writer.object {
                $0.field("alias", alias.alias)
                $0.field("version", alias.version)
            }
        }
        tags(model.tags)
    }

    fileprivate mutating func tags(_ tags: [Tag]) {
        key("tags")
        object { writer in
            for tag in tags {
                writer.key(named: tag.key)
                writer.string(tag.value)
            }
        }
    }
}
