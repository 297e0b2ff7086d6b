import Objects

/// What must be in a remote for these fingerprints to be of use there: files, trees, and all that the trees list.
///
/// A tree that `isPresent` says is there is not looked into: whoever pushed it pushed what it lists first.
struct Closure: Sendable {
    /// What a tree lists stands before the tree.
    private(set) var digests: [Digest] = []
    private(set) var trees: Set<Digest> = []
    /// Trees that the store does not have, or not whole.
    private(set) var unreadable: [ObjectID] = []
    private var seen: Set<Digest> = []

    init(of fingerprints: [Fingerprint], in store: ObjectStore, skipping isPresent: (Digest) -> Bool) {
        for fingerprint in fingerprints {
            switch fingerprint.kind {
            case .file: add(fingerprint.digest)
            case .folder: addTree(fingerprint.digest, store, isPresent)
            }
        }
    }

    private mutating func add(_ digest: Digest) {
        if seen.insert(digest).inserted { digests.append(digest) }
    }

    private mutating func addTree(_ digest: Digest, _ store: ObjectStore, _ isPresent: (Digest) -> Bool) {
        if !trees.insert(digest).inserted { return }
        if isPresent(digest) { return add(digest) }
        guard let tree = try? store.readTree(digest) else {
            unreadable.append(digest.id)
            return
        }
        for entry in tree.entries {
            switch entry.content {
            case .file(let digest, _): add(digest)
            case .folder(let tree, _, _): addTree(tree, store, isPresent)
            case .symbolicLink: break
            }
        }
        add(digest)
    }
}
