package import Files
import Hashing

/// One file of a DVC cache or remote: content, or the listing of a folder.
package struct DVCObject: Sendable, Hashable {
    let content: DVCContent

    /// Where it lies in a cache or a remote: `files/md5/ab/cdef…`, or `ab/cdef…` before DVC 3.
    package var name: String { content.place }
    package var isListing: Bool { content.isFolder }
    package var md5: String { content.text }
}

extension DVCStore {
    /// What the store lacks of these paths, each object once. What a folder holds is known only when its listing is
    /// here: fetch what this names until it names nothing but what could not be had.
    /// `part`: only of what is at or below there in each of them.
    package func missingObjects(
        of tracked: [DVCTracked], below part: RelativePath = .root
    ) throws -> [DVCObject] {
        var seen: Set<DVCContent> = []
        var missing: [DVCObject] = []
        func add(_ content: DVCContent) throws {
            if seen.insert(content).inserted, try !has(content) { missing.append(DVCObject(content: content)) }
        }
        for out in tracked.map(\.out) {
            let content = out.content
            if out.entries == nil { try add(content) }
            guard content.isFolder, let listing = try listing(of: out) else { continue }
            for file in listing.files where file.path.isAtOrBelow(part) {
                try add(DVCContent(md5: file.md5, isFolder: false, isLegacy: content.isLegacy))
            }
        }
        return missing
    }

    /// Gives `file`, which nobody else uses, its place in the store; false, and removes it, if its bytes are not what
    /// the object's name says.
    package func adopt(_ file: AbsolutePath, as object: DVCObject) throws -> Bool {
        try adopt(file, as: object.content)
    }
}

extension DVCTracked {
    /// Where a remote that is `version_aware` has this path, file by file: the file's own name, and its version.
    package func versions(in remote: String) -> [(object: DVCObject, path: RelativePath, version: String)] {
        let files = out.entries.map { entries in
            entries.map { entry in
                let content = DVCContent(md5: entry.md5, isFolder: false, isLegacy: isLegacy)
                return (content, path.appending(entry.path), entry.versions)
            }
        }
        return (files ?? [(out.content, path, out.versions)]).compactMap { content, path, versions in
            versions[remote].map { (DVCObject(content: content), path, $0) }
        }
    }
}
