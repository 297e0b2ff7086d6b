package import Files
import Hashing
package import Objects
import Workspaces

/// A file or folder of some moment, as an address: an object id, or a path at a revision.
package struct DataAddress: Sendable, Equatable {
    /// As typed; with `isObject` 32 digits.
    package var path: [UInt8]
    package var revision: DataRevision
    package var object: ObjectID?

    /// `PATH`, `PATH@REVISION`, or the 32 digits of an object id. A path that has an `@` itself ends with one more: `a@b@`.
    package init(_ text: [UInt8]) {
        object = ObjectID(hex: String(decoding: text, as: UTF8.self))
        guard let at = text.lastIndex(of: UInt8(ascii: "@")) else {
            (path, revision) = (text, .recorded)
            return
        }
        path = Array(text[..<at])
        let name = String(decoding: text[(at + 1)...], as: UTF8.self)
        revision = name.isEmpty ? .recorded : DataRevision(name)
    }
}

/// Hands over the bytes of one stored file, piece by piece; throws at the end if they are damaged.
package func readData(
    _ address: DataAddress, in surroundings: Surroundings, _ body: (RawSpan) throws -> Void
) throws {
    let opened = try OpenProject(surroundings)
    if let id = address.object {
        guard let digest = try opened.store.digest(of: id) else { throw ObjectError.missing(id) }
        return try opened.store.forEachPiece(of: digest, body)
    }
    let found = try opened.find(address)
    guard case .file(let digest, _) = found.content else { throw DataError.notAFile(found.path) }
    guard try opened.store.contains(digest) else { throw WorkspaceError.contentMissing(found.path, digest.id) }
    try opened.store.forEachPiece(of: digest, body)
}

package struct GetDataOptions: Sendable {
    package var address: DataAddress
    /// As typed, from the working directory; anywhere on this machine. Nil: the name of the file or folder.
    package var target: [UInt8]?
    package var isForced = false

    package init(_ address: DataAddress) { self.address = address }
}

package struct GetDataReport: Sendable {
    package var target: AbsolutePath
    package var fileCount: Int
}

/// Copies a stored file or folder out of the store, to where it is tracked by nobody.
package func getData(_ options: GetDataOptions, in surroundings: Surroundings) throws -> GetDataReport {
    let opened = try OpenProject(surroundings)
    let content: Tree.Content
    var name = Array((options.address.object?.description ?? "").utf8)
    if let id = options.address.object {
        guard let digest = try opened.store.digest(of: id) else { throw ObjectError.missing(id) }
        content = .file(digest, isExecutable: false)
    } else {
        let found = try opened.find(options.address)
        (content, name) = (found.content, found.path.name)
    }
    let target = try CopyTarget(options.target, name: name, isForced: options.isForced, in: opened)
    let fileCount = try opened.copyOut(content, to: target.copy)
    try target.finish()
    return GetDataReport(target: target.path, fileCount: fileCount)
}

extension OpenProject {
    /// What the address leads to, in the records of its revision.
    fileprivate func find(_ address: DataAddress) throws -> (path: RelativePath, content: Tree.Content) {
        let path = try dataPath(address.path)
        let known = try content(of: address.revision).paths
        var covering: RelativePath? = path
        while let candidate = covering {
            if let fingerprint = known[candidate] ?? nil, let below = path.relative(to: candidate) {
                guard let found = try workspace.content(at: below, in: fingerprint) else {
                    throw DataError.notInRecord(path, record: candidate)
                }
                return (path, found)
            }
            covering = candidate.parent
        }
        throw DataError.notRecorded(path, nearest: nil)
    }

    /// Answers how many files and links were made.
    fileprivate func copyOut(_ content: Tree.Content, to target: AbsolutePath) throws -> Int {
        switch content {
        case .file(let digest, let isExecutable):
            _ = try store.materialise(
                digest, at: target, isExecutable: isExecutable, links: [.reflink, .copy],
                modifiedNanoseconds: FileSystem.nowNanoseconds())
            return 1
        case .symbolicLink(let destination):
            try project.fileSystem.symbolicLink(at: target, to: destination)
            return 1
        case .folder(let tree, _, _):
            try project.fileSystem.makeFolders(target)
            return try store.readTree(tree).entries.reduce(0) { count, entry in
                try count + copyOut(entry.content, to: target.appending(RelativePath(unchecked: entry.name)))
            }
        }
    }
}
