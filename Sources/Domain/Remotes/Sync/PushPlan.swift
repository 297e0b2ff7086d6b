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
    /// What was asked for, so that the plan can be made again.
    let wish: Wish
    /// All that must be there in the end.
    private(set) var wanted: Set<Digest> = []

    struct Wish: Sendable, Equatable {
        var fingerprints: [Fingerprint] = []
        var objects: [Digest] = []
        var records: [RemoteRecord] = []

        func adding(_ record: RemoteRecord) -> Wish {
            var wish = self
            wish.records.append(record)
            return wish
        }
    }

    /// `wanted` are all that the wish comes down to; the content of each record is wanted too.
    init(_ wish: Wish = Wish(), wanting wanted: [Digest], trees: Set<Digest> = [], given inventory: Inventory) {
        self.wish = wish
        // A claim is written again from time to time.
        records = wish.records.filter { !inventory.hasRecord($0) || $0.kind == .claim }
        self.trees = trees
        for digest in wanted + wish.records.map(\.content) where self.wanted.insert(digest).inserted {
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
