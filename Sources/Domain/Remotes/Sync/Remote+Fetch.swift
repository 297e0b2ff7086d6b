package import Diagnostics
package import Objects
import Threads

extension Remote {
    /// What fetching these objects, of which none is in the store, would read.
    package func planFetch(_ digests: [Digest]) throws -> FetchPlan {
        FetchPlan(wanting: digests, given: try inventory())
    }

    /// Brings all that these fingerprints stand for into the store, trees first; reads nothing that is there.
    ///
    /// What the remote does not have, or has damaged, is reported to `monitor`; the rest is fetched, and the error at
    /// the end is `TransferError.incomplete`.
    @discardableResult
    package func fetch(
        _ fingerprints: [Fingerprint], objects: [Digest] = [], into store: ObjectStore,
        options: TransferOptions = TransferOptions(), monitor: any Monitor = SilentMonitor()
    ) throws -> TransferReport {
        var report = TransferReport()
        let files = try missingFiles(of: fingerprints, objects, store, options, monitor, &report)
        report.add(try fetchObjects(files, store, options, monitor))
        if report.failures.isEmpty { return report }
        throw TransferError.incomplete(action: "fetching from", remote: label, failures: report.failures.count)
    }

    /// The files that a fetch would bring into the store. The trees that list them are fetched: they are small, and
    /// nothing can be known without them.
    package func planFetch(
        _ fingerprints: [Fingerprint], objects: [Digest] = [], into store: ObjectStore,
        options: TransferOptions = TransferOptions(), monitor: any Monitor = SilentMonitor()
    ) throws -> FetchPlan {
        var report = TransferReport()
        return try planFetch(missingFiles(of: fingerprints, objects, store, options, monitor, &report))
    }

    /// Goes down the trees, level by level, so that each level costs few requests.
    private func missingFiles(
        of fingerprints: [Fingerprint], _ objects: [Digest], _ store: ObjectStore, _ options: TransferOptions,
        _ monitor: any Monitor, _ report: inout TransferReport
    ) throws -> [Digest] {
        var seen: Set<Digest> = []
        var files: [Digest] = []
        var trees: [Digest] = []
        func addFile(_ digest: Digest) throws {
            if seen.insert(digest).inserted, try !store.hold(digest) { files.append(digest) }
        }
        for digest in objects { try addFile(digest) }
        for fingerprint in fingerprints {
            switch fingerprint.kind {
            case .file: try addFile(fingerprint.digest)
            case .folder: if seen.insert(fingerprint.digest).inserted { trees.append(fingerprint.digest) }
            }
        }
        while !trees.isEmpty {
            report.add(try fetchObjects(try trees.filter { try !store.hold($0) }, store, options, monitor))
            var next: [Digest] = []
            for digest in trees where try store.contains(digest) {
                for entry in try store.readTree(digest).entries {
                    switch entry.content {
                    case .file(let digest, _): try addFile(digest)
                    case .folder(let tree, _, _): if seen.insert(tree).inserted { next.append(tree) }
                    case .symbolicLink: break
                    }
                }
            }
            trees = next
        }
        return files
    }

    func fetchObjects(
        _ digests: [Digest], _ store: ObjectStore, _ options: TransferOptions, _ monitor: any Monitor
    ) throws -> TransferReport {
        if digests.isEmpty { return TransferReport() }
        var (report, failed) = try Fetcher(
            remote: self, plan: planFetch(digests), store: store, options: options, monitor: monitor
        ).run()
        // Somebody may have put it elsewhere meanwhile, or it lies in two packs.
        if !failed.isEmpty, try hasChanged(monitor) {
            let again = try Fetcher(
                remote: self, plan: planFetch(failed.map(\.digest)), store: store, options: options, monitor: monitor
            ).run()
            report.add(again.report)
            failed = again.failed
        }
        for (digest, error) in failed {
            report.failures.append(digest.id.description)
            monitor.warning(error)
        }
        return report
    }

    /// Lists the remote again.
    private func hasChanged(_ monitor: any Monitor) throws -> Bool {
        let before = knownIndex()
        try refresh(monitor: monitor)
        let after = knownIndex()
        return before?.damaged != after?.damaged
            || before?.segments.keys.sorted() != after?.segments.keys.sorted()
    }

    /// The records of a kind whose names are wanted, with their contents in the store. One whose content cannot be had
    /// is reported to `monitor` and left out.
    package func fetchRecords(
        _ kind: RemoteRecord.Kind, into store: ObjectStore, options: TransferOptions = TransferOptions(),
        monitor: any Monitor = SilentMonitor(), where isWanted: (_ name: String) throws -> Bool = { _ in true }
    ) throws -> [RemoteRecord] {
        var records: [RemoteRecord] = []
        for (name, contents) in try inventory().records where name.kind == kind {
            if try !isWanted(name.name) { continue }
            records += contents.compactMap { RemoteRecord(kind: kind, name: name.name, content: $0) }
        }
        let missing = try Set(records.map(\.content)).filter { try !store.hold($0) }
        _ = try fetchObjects(Array(missing), store, options, monitor)
        return try records.filter { try store.contains($0.content) }
            .sorted { ($0.name, $0.content.id) < ($1.name, $1.content.id) }
    }

    /// The names of all records of a kind.
    package func recordNames(_ kind: RemoteRecord.Kind) throws -> Set<String> {
        Set(try inventory().records.keys.filter { $0.kind == kind }.map(\.name))
    }

    /// Whether the remote lists the object, whole.
    package func lists(_ digest: Digest) throws -> Bool { try inventory().contains(digest) }

    /// The records of one kind and name.
    package func records(_ kind: RemoteRecord.Kind, named name: String) throws -> [RemoteRecord] {
        let contents = try inventory().records[Inventory.RecordName(kind: kind, name: name)] ?? []
        return contents.sorted { $0.id < $1.id }.compactMap { RemoteRecord(kind: kind, name: name, content: $0) }
    }
}

extension TransferReport {
    mutating func add(_ other: TransferReport) {
        objects += other.objects
        objectBytes += other.objectBytes
        networkBytes += other.networkBytes
        savedBytes += other.savedBytes
        requests += other.requests
        failures += other.failures
    }
}
