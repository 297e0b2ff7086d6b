import Files
import Hashing
import Synchronization
import Threads
import Workspaces

/// Finds what DVC would say that a path of the workspace holds. Remembers its answers: what a stage writes, others read.
final class DVCHasher: Sendable {
    private let root: AbsolutePath
    private let fileSystem: FileSystem
    private let known = Mutex<[Question: DVCFile?]>([:])

    private struct Question: Hashable {
        let path: RelativePath
        let isLegacy: Bool
    }

    init(root: AbsolutePath, fileSystem: FileSystem) {
        self.root = root
        self.fileSystem = fileSystem
    }

    /// Whether the path holds what `file` says; false if it is absent. A file of another size is not read.
    func holds(_ file: DVCFile) throws -> Bool {
        guard let status = try fileSystem.statusFollowingLinks(of: root.appending(file.path)) else { return false }
        guard (status.kind == .folder) == file.content.isFolder else { return false }
        let isSized = status.kind == .file && !file.content.isLegacy
        if isSized, let size = file.sizeBytes, size != status.sizeBytes { return false }
        return try self.file(file.path, asLegacy: file.content.isLegacy)?.content == file.content
    }

    /// Nil if nothing is there.
    func file(_ path: RelativePath, asLegacy isLegacy: Bool = false) throws -> DVCFile? {
        let question = Question(path: path, isLegacy: isLegacy)
        if let answer = known.withLock({ $0[question] }) { return answer }
        let answer = try read(path, isLegacy)
        known.withLock { _ = $0.updateValue(answer, forKey: question) }
        return answer
    }

    private func read(_ path: RelativePath, _ isLegacy: Bool) throws -> DVCFile? {
        let absolute = root.appending(path)
        guard let status = try fileSystem.statusFollowingLinks(of: absolute) else { return nil }
        guard status.kind == .folder else {
            let content = DVCContent(md5: try hash(absolute, isLegacy), isFolder: false, isLegacy: isLegacy)
            return DVCFile(
                path: path, content: content, sizeBytes: status.sizeBytes, isExecutable: status.isExecutable)
        }
        let (listing, sizeBytes) = try list(path, isLegacy)
        return DVCFile(
            path: path,
            content: DVCContent(md5: MD5.hash(listing.bytes), isFolder: true, isLegacy: isLegacy),
            sizeBytes: sizeBytes, fileCount: listing.files.count)
    }

    /// What a folder holds, file by file.
    func listing(of folder: RelativePath) throws -> DVCListing { try list(folder, false).listing }

    private func list(_ folder: RelativePath, _ isLegacy: Bool) throws -> (listing: DVCListing, sizeBytes: UInt64) {
        var files: [(path: RelativePath, sizeBytes: UInt64)] = []
        try collect(folder, try rules(above: folder), into: &files)
        let hashes = try mapConcurrently(files, width: coreCount) { try hash(root.appending($0.path), isLegacy) }
        let listing = DVCListing(
            zip(files, hashes).map { file, hash in (file.path.relative(to: folder) ?? file.path, hash) })
        return (listing, files.reduce(0) { $0 + $1.sizeBytes })
    }

    private func rules(above folder: RelativePath) throws -> IgnoreRules {
        guard let parent = folder.parent else { return IgnoreRules() }
        return try adding(parent, to: rules(above: parent))
    }

    private func adding(_ folder: RelativePath, to rules: IgnoreRules) throws -> IgnoreRules {
        let place = folder.appending(name: ".dvcignore".utf8)
        guard let content = try fileSystem.readIfPresent(root.appending(place)) else { return rules }
        var rules = rules
        rules.add(content, at: place)
        return rules
    }

    /// All files below a folder, through links, as DVC goes.
    private func collect(
        _ folder: RelativePath, _ inherited: IgnoreRules,
        into files: inout [(path: RelativePath, sizeBytes: UInt64)]
    ) throws {
        let ignored = try adding(folder, to: inherited)
        for name in try fileSystem.openFolder(root.appending(folder)).names() {
            let path = folder.appending(name: name)
            if Self.neverContent.contains(name) { continue }
            guard let status = try fileSystem.statusFollowingLinks(of: root.appending(path)) else { continue }
            if ignored.ignores(path, isFolder: status.kind == .folder) { continue }
            switch status.kind {
            case .folder: try collect(path, ignored, into: &files)
            case .file: files.append((path, status.sizeBytes))
            case .symbolicLink, .other: break
            }
        }
    }

    private static let neverContent = Set([".git", ".hg", ".dvc", ".repro"].map { Array($0.utf8) })

    /// Of one file.
    func hash(_ path: AbsolutePath, _ isLegacy: Bool) throws -> MD5Digest {
        let file = try fileSystem.open(path)
        if isLegacy, looksLikeText(try file.readPrefix(512)) {
            try file.rewind()
            return MD5.hash(withUnixLineEnds(try file.readAll()))
        }
        try file.rewind()
        let md5 = MD5()
        try file.forEachPiece { md5.update($0) }
        return md5.finish()
    }

    /// DVC 2's guess: no NUL, and at most 30 % of bytes that do not print.
    private func looksLikeText(_ start: [UInt8]) -> Bool {
        if start.contains(0) { return false }
        let strange = start.count { !(0x20..<0x7F).contains($0) && ![0x08, 0x09, 0x0A, 0x0C, 0x0D].contains($0) }
        return Double(strange) <= 0.3 * Double(start.count)
    }

    private func withUnixLineEnds(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            let isCRLF = byte == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A
            if !isCRLF { result.append(byte) }
        }
        return result
    }
}
