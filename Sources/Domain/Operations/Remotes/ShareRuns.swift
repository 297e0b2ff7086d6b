import Diagnostics
import Experiments
import JSON
import Objects
import Remotes

extension OpenProject {
    /// The runs that are over and that the remote does not have, ready to be sent; and the objects that go with them.
    ///
    /// Nil for `only`: all runs.
    func runsToShare(
        with remote: Remote, only ids: Set<RunID>? = nil
    ) throws -> (records: [RemoteRecord], objects: [Digest]) {
        var records: [RemoteRecord] = []
        var objects: [Digest] = []
        let query = RunQuery(limit: .max, columns: .none)
        for run in try experiments.listRuns(query).records.map(\.run) where run.status.isOver {
            if let ids, !ids.contains(run.id) { continue }
            if try !remote.records(.run, named: run.id.text).isEmpty { continue }
            guard let shared = try SharedRun(run.id, in: experiments) else { continue }
            let content = try store.put(Array(shared.json.text().utf8))
            // A run that was imported may have an id that no record can have.
            guard let record = RemoteRecord(kind: .run, name: run.id.text, content: content) else { continue }
            records.append(record)
            objects += try shared.objects.filter { try store.contains($0) }
        }
        return (records, objects)
    }

    /// Adds the runs of others to this project's; answers how many. A record that is not as it should be is passed over.
    func takeRuns(
        from remote: Remote, _ options: TransferOptions, _ monitor: any Monitor,
        where isWanted: (String) -> Bool = { _ in true }
    ) throws -> Int {
        let records = try remote.fetchRecords(.run, into: store, options: options, monitor: monitor) { name in
            if !isWanted(name) { return false }
            guard let run = try experiments.run(RunID(name)) else { return true }
            // An import that was cut off.
            return run.status == .queued && run.owner == nil
        }
        var shared: [String: SharedRun] = [:]
        for record in records where shared[record.name] == nil {
            let value = try? JSONValue(parsing: store.read(record.content))
            guard let run = value.flatMap(SharedRun.init(json:)), run.run.id.text == record.name else { continue }
            shared[record.name] = run
        }
        // What is not there is not needed to see the run.
        let objects = try shared.values.flatMap(\.objects).filter { try remote.lists($0) }
        try remote.fetch([], objects: objects, into: store, options: options, monitor: monitor)
        for run in shared.values { try run.add(to: experiments) }
        return shared.count
    }
}
