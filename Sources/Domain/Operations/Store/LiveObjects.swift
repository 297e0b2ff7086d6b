import Diagnostics
import Objects
import Workspaces

/// Which objects something refers to, and for each the first thing that does: folders with all that is below them.
///
/// Each tree is read once, however many records name it.
struct LiveObjects {
    private let store: ObjectStore
    private(set) var reasons: [String] = []
    /// The number of the first reason.
    private var firstReason: [ObjectID: Int] = [:]
    private var readTrees: Set<ObjectID> = []

    private let monitor: any Monitor

    init(in store: ObjectStore, monitor: any Monitor = SilentMonitor()) {
        self.store = store
        self.monitor = monitor
    }

    func reason(for id: ObjectID) -> String? { firstReason[id].map { reasons[$0] } }

    /// Everything that `fingerprint` stands for is kept because of `reason`.
    mutating func keep(_ fingerprint: Fingerprint, because reason: String) throws {
        let number = number(of: reason)
        if case .folder = fingerprint.kind {
            try keep(tree: fingerprint.digest, number)
        } else {
            note(fingerprint.digest, number)
        }
    }

    mutating func keep(_ digest: Digest, because reason: String) { note(digest, number(of: reason)) }

    private mutating func number(of reason: String) -> Int {
        if reasons.last != reason { reasons.append(reason) }
        return reasons.count - 1
    }

    private mutating func note(_ digest: Digest, _ number: Int) {
        if firstReason[digest.id] == nil { firstReason[digest.id] = number }
    }

    /// A listing that is not in the store lists nothing that could be kept; one that cannot be read is an error, because
    /// what it lists would be taken for garbage.
    private mutating func keep(tree: Digest, _ number: Int) throws {
        note(tree, number)
        if !readTrees.insert(tree.id).inserted { return }
        if try !store.contains(tree) { return }
        monitor.progress(Progress(activity: "looking for what is needed", doneItems: firstReason.count))
        for entry in try store.readTree(tree).entries {
            switch entry.content {
            case .file(let digest, _): note(digest, number)
            case .folder(let below, _, _): try keep(tree: below, number)
            case .symbolicLink: break
            }
        }
    }
}
