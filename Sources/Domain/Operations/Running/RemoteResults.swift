import Diagnostics
import Files
import JSON
import Objects
import Pipelines
import Remotes
import Synchronization
import Threads
import Workspaces

/// What others have made and pushed, for a run with `--pull`: results by their stage keys, and content.
///
/// A remote that fails is asked no more in this run: hours of work here must not depend on a network. What was wrong is
/// told at the end.
final class RemoteResults: ResultSource {
    private let opened: OpenProject
    private let remote: Remote
    private let runCache: RunCache
    private let options: TransferOptions
    private let failure = Mutex<(any UserFacingError)?>(nil)

    /// Throws if no remote is configured, or if its settings are wrong; not if it cannot be reached.
    init(_ opened: OpenProject, cancellation: Cancellation) throws {
        self.opened = opened
        remote = try opened.openRemote(nil, cancellation: cancellation)
        runCache = try RunCache(of: opened.project)
        options = TransferOptions(jobs: 8, cancellation: cancellation)
        asking { try remote.refresh() }
    }

    /// Why the remote is asked no more; nil if it is.
    var problem: RunWarning? {
        failure.withLock { $0 }.map { RunWarning.remoteFailed(remote: remote.label, problem: $0.message) }
    }

    func outputs(for key: StageKey) -> [LockedOutput]? {
        asking { () -> RunCacheEntry? in
            let records = try remote.records(.runCache, named: key.description).map(\.content)
            try remote.fetch([], objects: records, into: opened.store, options: options)
            for record in records where try opened.store.contains(record) {
                // Whoever pushed it may have pushed anything.
                guard let value = try? JSONValue(parsing: opened.store.read(record)),
                    let entry = RunCacheEntry(json: value), entry.key == key
                else { continue }
                try runCache.save(entry)
                return entry
            }
            return nil
        }??.outputs
    }

    func offers(_ outputs: [LockedOutput]) -> Bool {
        asking { try outputs.allSatisfy { try isToBeHad($0.fingerprint.digest, $0.fingerprint.kind) } } ?? false
    }

    /// A listing that is only in the remote is taken at its word: what it lists was pushed with it.
    private func isToBeHad(_ digest: Digest, _ kind: Fingerprint.Kind) throws -> Bool {
        guard try opened.store.contains(digest) else { return try remote.lists(digest) }
        guard case .folder = kind else { return true }
        return try opened.store.readTree(digest).entries.allSatisfy { entry in
            switch entry.content {
            case .file(let digest, _): try isToBeHad(digest, .file(isExecutable: false))
            case .folder(let tree, let count, _): try isToBeHad(tree, .folder(fileCount: count))
            case .symbolicLink: true
            }
        }
    }

    func fetch(_ outputs: [LockedOutput]) -> Bool {
        asking {
            try remote.fetch(outputs.map(\.fingerprint), into: opened.store, options: options)
            return true
        } ?? false
    }

    /// Brings tracked data that stages read and the workspace lacks. That it cannot be had is an error: nothing could
    /// run without it.
    func bringInputs(of stages: [Stage], in graph: PipelineGraph) throws {
        let missing = try stages.flatMap(\.dependencies).map(\.path).filter { path in
            try graph.producer(of: path) == nil
                && opened.project.fileSystem.statusFollowingLinks(of: opened.project.root.appending(path)) == nil
        }
        if missing.isEmpty { return }
        for pointer in try opened.workspace.pointerFiles().pointers {
            guard missing.contains(where: { $0.isAtOrBelow(pointer.path) || pointer.path.isAtOrBelow($0) }) else {
                continue
            }
            let content = LockedOutput(path: pointer.path, fingerprint: pointer.fingerprint)
            if try !opened.workspace.isKept(pointer.fingerprint), !fetch([content]) {
                throw failure.withLock { $0 } ?? OperationError.notInRemote(path: pointer.path, remote: remote.label)
            }
            try opened.workspace.place(pointer.fingerprint, at: pointer.path)
        }
    }

    /// Nil if the remote failed, now or before.
    private func asking<Answer>(_ question: () throws -> Answer) -> Answer? {
        if failure.withLock({ $0 != nil }) { return nil }
        do {
            return try question()
        } catch {
            let known = error as? any UserFacingError ?? UnknownFailure(description: "\(error)")
            failure.withLock { $0 = $0 ?? known }
            return nil
        }
    }
}

extension OpenProject {
    /// Nil unless they are asked for, there or in the config.
    func remoteResults(_ options: RunPipelineOptions) throws -> RemoteResults? {
        try options.pulls ?? project.config.pullsResults
            ? RemoteResults(self, cancellation: options.cancellation) : nil
    }
}

private struct UnknownFailure: UserFacingError {
    let description: String
    var kind: ErrorKind { .internal }
    var message: String { "internal error: \(description)" }
}
