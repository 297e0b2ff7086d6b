import Experiments
import JSON
import MicroHTTPD

extension MLflowAPI {
    @Sendable func createModelVersion(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let name = try parameters.required("name")
        let model = try registeredModel(name)
        let tags = try tags(parameters, valueLength: KeyRules.registryTagValueLength)
        var version = ModelVersion(
            model: name, source: try parameters.required("source"), createdAt: now,
            description: try parameters.string("description") ?? "", user: request.caller.name,
            run: try parameters.string("run_id") ?? "", runLink: try parameters.string("run_link") ?? "",
            loggedModel: try parameters.string("model_id").flatMap { $0.isEmpty ? nil : $0 }, tags: tags)
        if isPrompt(tags) || isPrompt(model.tags) {
            try checkPrompt(version)
        } else {
            try ModelSource(api: self, source: version.source, run: version.run, loggedModel: version.loggedModel)
                .check()
            try resolve(&version)
        }
        let made = try changing(name) { try store.createVersion(version) }
        if let id = made.loggedModel { try recordRegistration(made, on: id) }
        return reply(made)
    }

    private func checkPrompt(_ version: ModelVersion) throws {
        guard version.source == "dummy-source" else {
            throw MLflowError.invalid("Invalid source for a prompt version: '\(version.source)'")
        }
        if let text = version.tags.first(where: { $0.key == MLflowTag.promptText })?.value, text.count > 100_000 {
            throw MLflowError.invalid("Prompt text exceeds max length of 100000 characters.")
        }
    }

    /// `models:/NAME/VERSION`, `models:/NAME@ALIAS` and `models:/m-ID` stand for the files of something else.
    private func resolve(_ version: inout ModelVersion) throws {
        guard version.source.hasPrefix("models:/") else { return }
        let name = String(version.source.dropFirst("models:/".count))
        if name.hasPrefix("m-"), !name.contains("/") {
            version.storageLocation = try location(of: try loggedModel(name)).text
            return
        }
        let other: ModelVersion
        if let at = name.lastIndex(of: "@") {
            other = try self.version(
                alias: String(name[name.index(after: at)...]), of: try registeredModel(String(name[..<at])))
        } else {
            let parts = name.split(separator: "/").map(String.init)
            guard parts.count == 2, let number = Int64(parts[1]) else {
                throw MLflowError.invalid("Invalid model version source: '\(version.source)'.")
            }
            guard let found = try store.version(number, model: parts[0]) else { throw noSuchVersion(parts[0], number) }
            other = found
        }
        version.storageLocation = other.storageLocation ?? other.source
        if version.run.isEmpty { version.run = other.run }
        if version.loggedModel == nil { version.loggedModel = other.loggedModel }
    }

    /// A logged model knows under which names it was published.
    private func recordRegistration(_ version: ModelVersion, on id: String) throws {
        guard let model = try store.loggedModel(id), model.deletedAt == nil else { return }
        var list: [JSONValue] = []
        if let text = model.tags.first(where: { $0.key == MLflowTag.modelVersions })?.value,
            case .array(let items)? = try? JSONValue(parsing: text)
        {
            list = items
        }
        list.append(.object(["name": .string(version.model), "version": .integer(version.number)]))
        try store.setTags(
            [Tag(key: MLflowTag.modelVersions, value: Self.spacedText(list))], loggedModel: id, at: now)
    }

    /// As Python writes a list of objects: some clients compare the text.
    private static func spacedText(_ list: [JSONValue]) -> String {
        let items = list.map { item in
            guard case .object(let object) = item else { return item.text() }
            let pairs = object.pairs.map { "\(JSONValue.string($0).text()): \($1.text())" }
            return "{\(pairs.joined(separator: ", "))}"
        }
        return "[\(items.joined(separator: ", "))]"
    }
}
