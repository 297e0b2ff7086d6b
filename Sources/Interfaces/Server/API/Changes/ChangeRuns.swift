import Diagnostics
import Experiments
import HTTP
import JSON
import MicroHTTPD

/// Changes that people make on the page: actions on many runs at once, and experiments in place.
extension NativeAPI {
    /// Where MLflow's clients keep the note of a run or an experiment, in Markdown.
    static let noteTag = "mlflow.note.content"

    var changeRoutes: [Route] {
        [
            change(.post, "/runs/actions", .needs(.write), actOnRuns),
            change(.post, "/runs/purge", .needs(.admin), purgeRuns),
            change(.patch, "/experiments/{experiment}", .needs(.write), changeExperiment),
        ]
    }

    /// `action`: archive, unarchive, delete, restore or tag (with `tags`); on `runs`, by id, or on all that `filter`
    /// and `experiments` find. Answers how many there were.
    @Sendable private func actOnRuns(_ request: Request) throws -> Reply {
        let body = try request.json()
        let action = try body.requiredText("action")
        let ids = try chosenRuns(body, deleted: action == "restore")
        let now = services.clock.now()
        switch action {
        case "archive":
            for id in ids { try store.setTags([Tag(key: Self.archivedTag, value: now.description)], run: id) }
        case "unarchive": for id in ids { _ = try store.removeTag(Self.archivedTag, run: id) }
        case "delete": try store.deleteRuns(ids, at: now)
        case "restore": try store.restoreRuns(ids)
        case "tag":
            let (set, removed) = try tagChanges(body)
            for id in ids {
                if !set.isEmpty { try store.setTags(set, run: id) }
                for key in removed { _ = try store.removeTag(key, run: id) }
            }
        default: throw BodyError.wrongType("action", wanted: "archive, unarchive, delete, restore or tag")
        }
        if ids.count == 1 { services.events.changed("run", ids[0].text) } else { services.events.changed("store", "") }
        return .json { writer in writer.object { $0.field("count", Int64(ids.count)) } }
    }

    private func chosenRuns(_ body: JSONBody, deleted: Bool) throws -> [RunID] {
        let named = try body.texts("runs")
        if body.value("filter") == nil { return named.map { RunID($0) } }
        var query = RunQuery(lifecycle: deleted ? .deleted : .active, limit: .max, columns: .none)
        if let text = try body.text("filter"), !text.isEmpty { query.filter = try RunFilter(parsing: text) }
        try addArchived(try body.text("archived") ?? "all", to: &query)
        let experiments = try body.texts("experiments")
        if !experiments.isEmpty {
            query.experiments = try experiments.compactMap { try store.experiment(named: $0)?.id }
        }
        return try store.listRuns(query).records.map(\.run.id)
    }

    private func tagChanges(_ body: JSONBody) throws -> (set: [Tag], removed: [String]) {
        var set: [Tag] = []
        var removed: [String] = []
        for (key, value) in try body.object("tags")?.pairs ?? [] {
            switch value {
            case .null: removed.append(key)
            case .string(let text) where !key.isEmpty: set.append(Tag(key: key, value: text))
            default: throw BodyError.wrongType("tags", wanted: "an object of texts, with null for those that go")
            }
        }
        if let note = try body.text("note") {
            if note.isEmpty { removed.append(Self.noteTag) } else { set.append(Tag(key: Self.noteTag, value: note)) }
        }
        return (set, removed)
    }

    @Sendable private func changeExperiment(_ request: Request) throws -> Reply {
        let name = request.capture("experiment")
        guard let details = try store.experimentDetails(named: name) else {
            throw ExperimentError.noSuchExperiment(name: name, nearest: nil)
        }
        let body = try request.json()
        let id = details.experiment.id
        let now = services.clock.now()
        let (set, removed) = try tagChanges(body)
        if !set.isEmpty { try store.setTags(set, experiment: id, at: now) }
        for key in removed { _ = try store.removeTag(key, experiment: id, at: now) }
        if let newName = try body.text("name"), newName != name { try store.renameExperiment(id, to: newName, at: now) }
        services.events.changed("experiment", id.description)
        return .emptyObject
    }
}
