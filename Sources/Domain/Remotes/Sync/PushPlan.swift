package import Objects

/// What a push will do: a value that `--dry-run` prints. Pure: made from what is wanted and what the remote lists.
package struct PushPlan: Sendable, Equatable {
    /// In the order in which they are sent: what a tree lists stands before the tree.
    package private(set) var missing: [Digest] = []
    package private(set) var missingBytes: UInt64 = 0
    package private(set) var presentCount = 0
    package private(set) var presentBytes: UInt64 = 0
    /// Only those that the remote does not list yet.
    package let records: [RemoteRecord]
    /// Those of `missing` that promise others: they are not listed unless all that stands before them is there.
    let trees: Set<Digest>

    /// The content of each record is wanted too.
    init(wanting wanted: [Digest], trees: Set<Digest> = [], records: [RemoteRecord] = [], given inventory: Inventory) {
        self.records = records.filter { !inventory.hasRecord($0) }
        self.trees = trees
        var seen: Set<Digest> = []
        for digest in wanted + records.map(\.content) where seen.insert(digest).inserted {
            if inventory.contains(digest) {
                presentCount += 1
                presentBytes += digest.sizeBytes
            } else {
                missing.append(digest)
                missingBytes += digest.sizeBytes
            }
        }
    }

    package var isEmpty: Bool { missing.isEmpty && records.isEmpty }
}
