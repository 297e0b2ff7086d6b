import Files
import Objects

/// What is at a path, down to each byte: its fingerprint and, for a folder, the listings that it stands for.
struct Snapshot: Sendable {
    let fingerprint: Fingerprint
    /// Of the folder and all below it, by their paths in the project. Empty for a file.
    let trees: [RelativePath: StoredTree]
    /// What was passed over because of ignore files.
    let ignored: Set<RelativePath>

    /// A listing and its encoding.
    struct StoredTree: Sendable {
        let tree: Tree
        let bytes: [UInt8]
        let digest: Digest
    }
}
