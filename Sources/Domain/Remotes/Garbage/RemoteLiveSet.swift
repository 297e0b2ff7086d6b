import Diagnostics
import Hashing
package import Objects

/// Something that must stay in a remote, with all that it refers to.
package struct RemoteRoot: Sendable {
    package enum Content: Sendable {
        case tree(Fingerprint)
        case object(Digest)
    }

    package let content: Content
    /// For people: `data (tracked)`.
    package let reason: String

    package init(_ fingerprint: Fingerprint, because reason: String) {
        content = .tree(fingerprint)
        self.reason = reason
    }

    package init(_ digest: Digest, because reason: String) {
        content = .object(digest)
        self.reason = reason
    }
}

/// Which objects must stay, and for each the first reason.
struct RemoteLiveSet: Sendable {
    private(set) var reasons: [String] = []
    private var firstReason: [SHA256Digest: UInt32] = [:]
    private(set) var digests: [Digest] = []

    func contains(_ object: SHA256Digest) -> Bool { firstReason[object] != nil }

    func reason(for object: SHA256Digest) -> String? { firstReason[object].map { reasons[Int($0)] } }

    fileprivate mutating func number(of reason: String) -> UInt32 {
        if reasons.last != reason { reasons.append(reason) }
        return UInt32(reasons.count - 1)
    }

    /// False if it was known already.
    fileprivate mutating func note(_ digest: Digest, _ reason: UInt32) -> Bool {
        let key = digest.sha256
        if firstReason[key] != nil { return false }
        firstReason[key] = reason
        digests.append(digest)
        return true
    }
}

extension Remote {
    /// All that the roots lead to. Trees that the store lacks are fetched, level by level.
    ///
    /// A tree that is neither here nor there lists nothing that could be kept. One that the remote has, but cannot be
    /// read, is an error: what it lists would be taken for garbage.
    func live(
        _ roots: [RemoteRoot], using store: ObjectStore, options: TransferOptions, monitor: any Monitor
    ) throws -> RemoteLiveSet {
        var live = RemoteLiveSet()
        var level: [(tree: Digest, reason: UInt32)] = []
        for root in roots {
            let reason = live.number(of: root.reason)
            switch root.content {
            case .object(let digest): _ = live.note(digest, reason)
            case .tree(let fingerprint):
                let isNew = live.note(fingerprint.digest, reason)
                if case .folder = fingerprint.kind, isNew { level.append((fingerprint.digest, reason)) }
            }
        }
        while !level.isEmpty {
            try options.checkCancellation()
            let absent = try level.map(\.tree).filter { try !store.contains($0) }
            let listed = try absent.filter { try inventory().chunkList(of: $0) != nil }
            if !listed.isEmpty {
                let report = try fetchObjects(listed, store, options, monitor)
                if !report.failures.isEmpty {
                    throw TransferError.incomplete(
                        action: "reading what is alive in", remote: label, failures: report.failures.count)
                }
            }
            var next: [(Digest, UInt32)] = []
            for (tree, reason) in level where try store.contains(tree) {
                for entry in try store.readTree(tree).entries {
                    switch entry.content {
                    case .file(let digest, _): _ = live.note(digest, reason)
                    case .folder(let below, _, _): if live.note(below, reason) { next.append((below, reason)) }
                    case .symbolicLink: break
                    }
                }
            }
            level = next
        }
        return live
    }
}
