/// The listing of one folder: an object itself, so that a folder has a digest. docs/formats/tree.md.
///
/// Sub-folders are trees of their own.
package struct Tree: Sendable, Equatable {
    package struct Entry: Sendable, Hashable {
        package let name: [UInt8]
        package var content: Content

        package init(name: [UInt8], content: Content) {
            self.name = name
            self.content = content
        }
    }

    package enum Content: Sendable, Hashable {
        case file(Digest, isExecutable: Bool)
        /// `tree` is of the sub-folder's listing; the counts are of all that is below it.
        case folder(tree: Digest, fileCount: Int, contentBytes: UInt64)
        /// As it is written in the link.
        case symbolicLink(target: [UInt8])
    }

    /// In byte order of their names.
    package let entries: [Entry]

    /// Sorts `entries`, whose names must differ.
    package init(_ entries: [Entry]) {
        self.entries = entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// `entries` are in byte order of their names, which differ.
    package init(inOrder entries: [Entry]) { self.entries = entries }

    /// Files and symbolic links, at any depth.
    package var fileCount: Int {
        entries.reduce(0) { count, entry in
            if case .folder(_, let fileCount, _) = entry.content { count + fileCount } else { count + 1 }
        }
    }

    /// Of all files, at any depth.
    package var contentBytes: UInt64 {
        entries.reduce(0) { sum, entry in
            switch entry.content {
            case .file(let digest, _): sum + digest.sizeBytes
            case .folder(_, _, let bytes): sum + bytes
            case .symbolicLink: sum
            }
        }
    }

    /// The fingerprint of the folder that this tree lists.
    package var fingerprint: Fingerprint {
        Fingerprint(kind: .folder(fileCount: fileCount), digest: Digest(of: encoded()), contentBytes: contentBytes)
    }
}

extension ObjectStore {
    /// Reads the listing of a folder, verified.
    package func readTree(_ digest: Digest) throws -> Tree {
        do {
            return try Tree(decoding: try read(digest))
        } catch let problem as TreeProblem {
            throw ObjectError.notATree(digest.id, problem: problem.rawValue)
        }
    }
}
