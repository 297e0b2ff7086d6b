import Diagnostics
import Experiments
import MicroHTTPD

extension MLflowAPI {
    @Sendable func searchRegisteredModels(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let limit = try PageToken.limit(parameters, default: 100, most: 1000)
        let offset = try PageToken.offset(parameters.string("page_token"))
        let filter = try parameters.string("filter") ?? ""
        var search = ListSearch<RegisteredModel>(
            filter: filter, order: try parameters.strings("order_by"),
            attributes: [
                "name": .text { $0.name }, "timestamp": .integer { $0.updatedAt.milliseconds },
                "last_updated_timestamp": .integer { $0.updatedAt.milliseconds },
                "creation_timestamp": .integer { $0.createdAt.milliseconds },
            ], tags: { withPromptTag($0.tags) })
        search.orderKeys = ["name", "timestamp", "last_updated_timestamp"]
        search.standardOrder = [("name", true)]
        search.lastOrder = [("name", true)]
        let all = try store.models().filter { asksForPrompts(filter) || !isPrompt($0.tags) }
        let found = try search.run(all)
        let page = Array(found.dropFirst(offset).prefix(limit))
        let latest = try page.map { try latestVersions($0.name) }
        return .json { writer in
            writer.object { writer in
                if !page.isEmpty {
                    writer.key("registered_models")
                    writer.array(zip(page, latest)) { $0.registeredModel($1.0, latest: $1.1) }
                }
                if offset + limit < found.count { writer.field("next_page_token", PageToken.make(offset + limit)) }
            }
        }
    }

    @Sendable func searchModelVersions(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let limit = try PageToken.limit(parameters, default: 200_000, most: 200_000)
        let offset = try PageToken.offset(parameters.string("page_token"))
        let filter = try parameters.string("filter") ?? ""
        var search = ListSearch<ModelVersion>(
            filter: filter, order: try parameters.strings("order_by"),
            attributes: [
                "name": .text { $0.model }, "run_id": .text { $0.run }, "source_path": .text { $0.source },
                "version_number": .integer { $0.number },
                "creation_timestamp": .integer { $0.createdAt.milliseconds },
                "last_updated_timestamp": .integer { $0.updatedAt.milliseconds },
            ], tags: { withPromptTag($0.tags) })
        search.orderKeys = ["name", "version_number", "creation_timestamp", "last_updated_timestamp"]
        search.standardOrder = [("last_updated_timestamp", false)]
        search.lastOrder = [("name", true), ("version_number", false)]
        let all = try store.versions(model: nil).filter { asksForPrompts(filter) || !isPrompt($0.tags) }
        let found = try search.run(all)
        let page = found.dropFirst(offset).prefix(limit).map { version in
            var version = version
            version.aliases = []
            return version
        }
        return .json { writer in
            writer.object { writer in
                if !page.isEmpty {
                    writer.key("model_versions")
                    writer.array(page) { $0.modelVersion($1) }
                }
                if offset + limit < found.count { writer.field("next_page_token", PageToken.make(offset + limit)) }
            }
        }
    }

    /// Prompts are kept as models; they are hidden from those who do not ask for them.
    private func asksForPrompts(_ filter: String) -> Bool { filter.contains(MLflowTag.isPrompt) }

    /// Without the tag, a model is no prompt: conditions treat that as `false`.
    private func withPromptTag(_ tags: [Tag]) -> [Tag] {
        tags.contains { $0.key == MLflowTag.isPrompt } ? tags : tags + [Tag(key: MLflowTag.isPrompt, value: "false")]
    }
}
