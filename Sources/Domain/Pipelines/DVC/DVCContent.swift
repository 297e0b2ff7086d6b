import Files
import Hashing
import JSON
import YAML

/// What DVC says that a path holds: the MD5 of a file's bytes, or of a folder's listing.
struct DVCContent: Sendable, Hashable {
    let md5: MD5Digest
    let isFolder: Bool
    /// DVC before 3.0, which hashed text with its line ends made LF, and kept objects elsewhere.
    let isLegacy: Bool

    /// As DVC writes it: 32 digits, and `.dir` for a folder.
    var text: String { md5.description + (isFolder ? Self.folderSuffix : "") }

    /// Where a cache or a remote has it.
    var place: String { (isLegacy ? "" : "files/md5/") + "\(text.prefix(2))/\(text.dropFirst(2))" }

    private static let folderSuffix = ".dir"

    init(md5: MD5Digest, isFolder: Bool, isLegacy: Bool = false) {
        self.md5 = md5
        self.isFolder = isFolder
        self.isLegacy = isLegacy
    }

    init?(text: String, isLegacy: Bool) {
        let isFolder = text.hasSuffix(Self.folderSuffix)
        guard let md5 = MD5Digest(hex: isFolder ? String(text.dropLast(Self.folderSuffix.count)) : text) else {
            return nil
        }
        self.init(md5: md5, isFolder: isFolder, isLegacy: isLegacy)
    }
}

/// A dep or an out as a `dvc.lock` or a `.dvc` file has it.
struct DVCFile: Sendable, Equatable {
    let path: RelativePath
    let content: DVCContent
    let sizeBytes: UInt64?
    let fileCount: Int?
    let isExecutable: Bool
    /// Of a file in remotes that are `version_aware`: its version, by the remote's name.
    var versions: [String: String] = [:]
    /// Of a folder in such remotes: its files, which then stand in DVC's file and not in an object.
    var entries: [Entry]?

    struct Entry: Sendable, Equatable {
        let path: RelativePath
        let md5: MD5Digest
        let versions: [String: String]
    }

    var listing: DVCListing? { entries.map { DVCListing($0.map { ($0.path, $0.md5) }) } }

    init(
        path: RelativePath, content: DVCContent, sizeBytes: UInt64?, fileCount: Int? = nil, isExecutable: Bool = false
    ) {
        self.path = path
        self.content = content
        self.sizeBytes = sizeBytes
        self.fileCount = fileCount
        self.isExecutable = isExecutable
    }

    /// Nil if it has no MD5 (what is outside the project has an etag), or a path that leads out of the project.
    init?(_ node: YAMLNode, relativeTo folder: RelativePath) {
        let isLegacy = node["hash"] == nil
        let entries = node["files"]?.items.flatMap(Self.entries)
        let text = node["md5"]?.text
        let listed = entries.map { MD5.hash(DVCListing($0.map { ($0.path, $0.md5) }).bytes) }
        guard let name = node["path"]?.text, let path = try? RelativePath(parsing: name, relativeTo: folder),
            let content = text.flatMap({ DVCContent(text: $0, isLegacy: isLegacy) })
                ?? listed.map({ DVCContent(md5: $0, isFolder: true, isLegacy: isLegacy) })
        else { return nil }
        func count(_ key: String) -> Int64? {
            if case .integer(let value)? = node[key]?.value, value >= 0 { value } else { nil }
        }
        self.init(
            path: path, content: content, sizeBytes: count("size").map(UInt64.init),
            fileCount: count("nfiles").map(Int.init) ?? entries?.count,
            isExecutable: node["isexec"]?.value == .bool(true))
        versions = Self.versions(node)
        if content.isFolder, listed == content.md5 { self.entries = entries }
    }

    /// Nil if one of them is none.
    private static func entries(_ nodes: [YAMLNode]) -> [Entry]? {
        let entries = nodes.compactMap { node -> Entry? in
            guard let name = node["relpath"]?.text, let path = try? RelativePath(parsing: name), !path.isRoot,
                let md5 = node["md5"]?.text.flatMap({ MD5Digest(hex: $0) })
            else { return nil }
            return Entry(path: path, md5: md5, versions: versions(node))
        }
        return entries.count == nodes.count ? entries : nil
    }

    private static func versions(_ node: YAMLNode) -> [String: String] {
        let known = (node["cloud"]?.entries ?? []).compactMap { entry in
            entry.value["version_id"]?.text.map { (entry.name, $0) }
        }
        return Dictionary(known) { $1 }
    }

    /// As DVC 3 writes it.
    func json(path: String) -> JSONValue {
        var object: JSONObject = ["path": .string(path), "hash": .string("md5"), "md5": .string(content.text)]
        if let sizeBytes { object["size"] = .integer(Int64(sizeBytes)) }
        if let fileCount { object["nfiles"] = .integer(Int64(fileCount)) }
        if isExecutable { object["isexec"] = .bool(true) }
        return .object(object)
    }
}
