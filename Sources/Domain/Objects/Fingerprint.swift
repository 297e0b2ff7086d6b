/// What a path of the workspace holds: a file's content or a whole folder's, down to each byte.
///
/// Two equal fingerprints mean the same content. For a folder, `digest` is its tree object's.
package struct Fingerprint: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file(isExecutable: Bool)
        case folder(fileCount: Int)
    }

    package let kind: Kind
    package let digest: Digest
    /// Of the file, or of all files of the folder together.
    package let contentBytes: UInt64

    /// Symbolic links below a folder among them.
    package var fileCount: Int {
        if case .folder(let fileCount) = kind { fileCount } else { 1 }
    }

    package init(kind: Kind, digest: Digest, contentBytes: UInt64) {
        self.kind = kind
        self.digest = digest
        self.contentBytes = contentBytes
    }
}
