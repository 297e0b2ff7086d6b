import Diagnostics
package import Files
import JSON
import YAML

/// A path whose content DVC has recorded: as data, by a `.dvc` file, or as the out of a stage, in a `dvc.lock`.
package struct DVCTracked: Sendable, Equatable {
    /// Where the data is imported from, as DVC says it.
    package enum Origin: Sendable, Equatable {
        case address(String, etag: String?)
        case repository(url: String, path: String, revision: String?, commit: String?)
    }

    let out: DVCFile
    /// The file that says so.
    package let record: RelativePath
    /// Nil for data.
    package let stage: String?
    /// Nil for data that was not imported.
    package let origin: Origin?
    /// False: neither DVC nor anybody is to keep the content (`cache: false`).
    package let isCached: Bool

    package var path: RelativePath { out.path }
    package var isFolder: Bool { out.content.isFolder }
    package var sizeBytes: UInt64? { out.sizeBytes }
    package var fileCount: Int? { out.fileCount }
    /// As DVC writes it.
    package var md5: String { out.content.text }

    /// Whether DVC before 3.0 has recorded it, which hashed otherwise.
    package var isLegacy: Bool { out.content.isLegacy }

    /// What DVC would call what the workspace at `root` holds at the path now, as `md5`; nil if nothing is there. Reads
    /// the content.
    package func presentMD5(in root: AbsolutePath, fileSystem: FileSystem) throws -> String? {
        try DVCHasher(root: root, fileSystem: fileSystem).file(out.path, asLegacy: isLegacy)?.content.text
    }

    /// Whether the workspace at `root` holds, at the path, what DVC has recorded. Reads the content.
    package func isHeld(by root: AbsolutePath, fileSystem: FileSystem) throws -> Bool {
        try DVCHasher(root: root, fileSystem: fileSystem).holds(out)
    }
}

/// All that DVC's files among `files` (`.dvc` files, `dvc.lock`, `dvc.yaml`) record, in byte order of the paths. Content
/// that has no MD5, which is outside the project, is left out, and so is what leads out of it.
package func dvcTracked(in files: [(path: RelativePath, content: [UInt8])]) throws -> [DVCTracked] {
    var tracked: [DVCTracked] = []
    for file in files {
        let name = file.path.name
        if name.elementsEqual("dvc.lock".utf8) {
            let beside = (file.path.parent ?? .root).appending(name: "dvc.yaml".utf8)
            let pipeline = files.first { $0.path == beside }?.content
            tracked += try outsOfStages(lock: file, pipeline: pipeline)
        } else if DVCPointer.subject(of: file.path) != nil {
            tracked += try DVCPointer(parsing: file.content, at: file.path).tracked
        }
    }
    return tracked.sorted { $0.path < $1.path }
}

/// A `.dvc` file.
package struct DVCPointer: Sendable {
    package let tracked: [DVCTracked]

    private static let suffix = Array(".dvc".utf8)

    /// The path beside a `.dvc` file that it is named after; nil if the name is none of such a file.
    package static func subject(of place: RelativePath) -> RelativePath? {
        let name = place.name
        guard name.count > suffix.count, name.suffix(suffix.count).elementsEqual(suffix) else { return nil }
        return RelativePath(unchecked: Array(place.bytes.dropLast(suffix.count)))
    }

    package init(parsing content: [UInt8], at place: RelativePath) throws {
        let root = try YAMLDocument(parsing: content, file: place.description).root
        let folder = try RelativePath(parsing: root["wdir"]?.text ?? ".", relativeTo: place.parent ?? .root)
        let origin = (root["deps"]?.items?.first).flatMap(Self.origin)
        tracked = (root["outs"]?.items ?? []).compactMap { node in
            DVCFile(node, relativeTo: folder).map {
                DVCTracked(
                    out: $0, record: place, stage: nil, origin: origin,
                    isCached: node["cache"]?.value != .bool(false))
            }
        }
    }

    private static func origin(_ node: YAMLNode) -> DVCTracked.Origin? {
        guard let path = node["path"]?.text else { return nil }
        guard let repository = node["repo"] else { return .address(path, etag: node["etag"]?.text) }
        guard let url = repository["url"]?.text else { return nil }
        return .repository(
            url: url, path: path, revision: repository["rev"]?.text, commit: repository["rev_lock"]?.text)
    }
}

/// Paths in a `dvc.lock` start at the `wdir` of their stage, which stands in the `dvc.yaml`.
private func outsOfStages(
    lock: (path: RelativePath, content: [UInt8]), pipeline: [UInt8]?
) throws -> [DVCTracked] {
    let root = try YAMLDocument(parsing: lock.content, file: lock.path.description).root
    let stages = (root["schema"] == nil ? root : root["stages"] ?? root).entries ?? []
    let beside = (lock.path.parent ?? .root).appending(name: "dvc.yaml".utf8)
    let declared = try pipeline.map { try YAMLDocument(parsing: $0, file: beside.description).root["stages"] } ?? nil
    return stages.flatMap { entry -> [DVCTracked] in
        // One that a `foreach` or a `matrix` makes is called `group@key`.
        let node = declared?[entry.name] ?? declared?[String(entry.name.prefix { $0 != "@" })]
        let text = node?["wdir"]?.text ?? node?["do"]?["wdir"]?.text ?? "."
        guard let folder = try? RelativePath(parsing: text, relativeTo: lock.path.parent ?? .root) else { return [] }
        return (entry.value["outs"]?.items ?? []).compactMap { out in
            DVCFile(out, relativeTo: folder).map {
                DVCTracked(out: $0, record: lock.path, stage: entry.name, origin: nil, isCached: true)
            }
        }
    }
}
