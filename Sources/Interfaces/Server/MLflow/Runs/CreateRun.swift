import Diagnostics
import Experiments
import MicroHTTPD

/// A new run, in an experiment that is not deleted.
extension MLflowAPI {
    @Sendable func createRun(_ request: Request) throws -> Reply {
        let parameters = try Parameters(request)
        let experimentText = try parameters.string("experiment_id") ?? ""
        let details = try activeExperiment(experimentID(experimentText.isEmpty ? "0" : experimentText))
        var tags = try runTags(parameters)
        let name = try runName(parameters, tags)
        var new = NewRun(
            experiment: details.experiment.id, name: name,
            startedAt: Timestamp(milliseconds: try parameters.integer("start_time") ?? 0),
            user: try parameters.string("user_id") ?? request.caller.name ?? "")
        if new.user.isEmpty, let user = tags.first(where: { $0.key == MLflowTag.user }) { new.user = user.value }
        new.git = gitState(tags)
        let run = try run(new, for: request, tags)
        services.runCreations.willAnswer(run)
        tags.removeAll { $0.key == MLflowTag.runName }
        tags.append(Tag(key: MLflowTag.runName, value: run.name))
        try store.setTags(tags, run: run.id)
        services.events.changed("run", run.id.text)
        var record = RunRecord(run: run)
        record.tags = Dictionary(tags.map { ($0.key, $0.value) }) { $1 }
        let location = ArtifactLocation(of: details).run(run.id)
        return .json { writer in
            writer.object {
                $0.key("run")
                $0.run(record, location, RunLineage())
            }
        }
    }

    /// A new run, or the one that was made when the same request came before and was not answered.
    private func run(_ new: NewRun, for request: Request, _ tags: [Tag]) throws -> Run {
        var new = new
        new.id = services.runCreations.id(for: request)
        do {
            return try store.createRun(new)
        } catch ExperimentError.runExists {
            let found = try store.record(new.id)
            if let found, services.runCreations.isUnanswered(found, tags: tags) { return found.run }
            new.id = .random()
            return try store.createRun(new)
        }
    }

    /// The name that the request gives, in a field or a tag; nil for none.
    private func runName(_ parameters: Parameters, _ tags: [Tag]) throws -> String? {
        let name = try parameters.string("run_name").flatMap { $0.isEmpty ? nil : $0 }
        guard let tag = tags.last(where: { $0.key == MLflowTag.runName })?.value else { return name }
        if let name, name != tag {
            throw MLflowError.invalid(
                "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values "
                    + "(run_name='\(name)', mlflow.runName='\(tag)').")
        }
        return tag.isEmpty ? nil : tag
    }

    private func gitState(_ tags: [Tag]) -> GitState? {
        guard let commit = tags.last(where: { $0.key == MLflowTag.commit }) else { return nil }
        return GitState(
            commit: commit.value, branch: tags.last { $0.key == MLflowTag.branch }?.value, isDirty: false)
    }

    /// The `tags` of a request about a run: of a key that comes twice the last counts; long values are cut.
    func runTags(_ parameters: Parameters) throws -> [Tag] {
        try parameters.objects("tags").enumerated().map { index, tag in
            let key = try tag.required("key")
            try KeyRules.checkKey(key, place: "tags[\(index)].key", what: "tags[\(index)].key")
            let value = try tag.string("value") ?? ""
            return Tag(key: key, value: KeyRules.truncated(value, KeyRules.runTagValueLength))
        }
    }
}
