import Experiments
import JSON
import MicroHTTPD

/// What people change in a run afterwards: its name and its tags, of which the notes are one.
extension NativeAPI {
    @Sendable func changeRun(_ request: Request) throws -> Reply {
        let run = try run(request)
        let body = try request.json()
        let name = try body.text("name")
        if let name, name.isEmpty { throw BodyError.wrongType("name", wanted: "a name: it is empty") }
        var set: [Tag] = []
        var removed: [String] = []
        for (key, value) in try body.object("tags")?.pairs ?? [] {
            switch value {
            case .string(let text): set.append(Tag(key: key, value: text))
            case .null: removed.append(key)
            default: throw BodyError.wrongType("tags.\(key)", wanted: "a text, or null to remove it")
            }
        }
        if let name {
            try store.changeRun(run.id, RunChange(name: name))
            // MLflow's clients read the name there.
            set.append(Tag(key: MLflowTag.runName, value: name))
        }
        if !set.isEmpty { try store.setTags(set, run: run.id) }
        for key in removed { _ = try store.removeTag(key, run: run.id) }
        services.events.changed("run", run.id.text, always: false)
        // By its id: the path may have its former name.
        return try reply(try store.requireRun(run.id.text))
    }
}
