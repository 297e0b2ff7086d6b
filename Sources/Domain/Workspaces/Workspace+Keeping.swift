package import Diagnostics
package import Files
package import Objects
import Threads

extension Workspace {
    /// What is at `path`, with all its content and listings in the store, durable on return.
    package func keep(_ path: RelativePath) throws -> Fingerprint {
        let kept = try keep([path], monitor: SilentMonitor())
        guard let fingerprint = kept.first else { preconditionFailure("one fingerprint for each path") }
        return fingerprint
    }

    /// The same for several paths, in their order: all are kept, or none if one cannot be.
    package func keep(_ paths: [RelativePath], monitor: any Monitor) throws -> [Fingerprint] {
        try store.withBatch { batch in
            try paths.map { path in
                let purpose = SurveyPurpose(
                    isEnough: { digest in try self.store.hold(digest) },
                    read: { file, source, advanced in
                        try batch.put(source, expectedBytes: file.status.sizeBytes, advanced)
                    },
                    finished: { _, tree in try batch.put(tree.bytes) })
                let survey = Survey(self, purpose, as: "storing \(path)", monitor: monitor)
                guard let found = try survey.run(path) else { throw WorkspaceError.missing(path) }
                return found.fingerprint
            }
        }
    }

    /// As `fingerprint`, and a folder's listings go into the store, so that `changes` can later name its files. The
    /// content of the files does not.
    package func keepListing(_ path: RelativePath) throws -> Fingerprint? {
        guard let snapshot = try snapshot(path, knowing: true) else { return nil }
        let trees = try snapshot.trees.values.filter { try !store.hold($0.digest) }
        if !trees.isEmpty {
            try store.withBatch { batch in
                for tree in trees { try batch.put(tree.bytes) }
            }
        }
        return snapshot.fingerprint
    }

    /// Whether all that `fingerprint` stands for is in the store, without its content being read.
    package func isKept(_ fingerprint: Fingerprint) throws -> Bool {
        guard try store.contains(fingerprint.digest) else { return false }
        switch fingerprint.kind {
        case .file: return true
        case .folder: return try isKept(tree: fingerprint.digest)
        }
    }

    private func isKept(tree: Digest) throws -> Bool {
        guard try store.contains(tree) else { return false }
        for entry in try store.readTree(tree).entries {
            switch entry.content {
            case .file(let digest, _): if try !store.contains(digest) { return false }
            case .folder(let below, _, _): if try !isKept(tree: below) { return false }
            case .symbolicLink: break
            }
        }
        return true
    }
}
