import Files
import Processes

/// What is checked out.
package struct GitHead: Sendable, Equatable {
    /// The commit's id: 40 hex digits, or 64 in a SHA-256 repository.
    package let commit: String
    /// The branch; nil if HEAD is detached.
    package let branch: String?

    package init(commit: String, branch: String?) {
        self.commit = commit
        self.branch = branch
    }
}

extension GitRepository {
    /// What is checked out; nil before the first commit. Reads two small files, or three after `git pack-refs`.
    package func head() throws -> GitHead? {
        let file = gitFolder.appending("HEAD")
        let content = firstLine(of: try fileSystem.read(file))
        if let commit = commitID(content) { return GitHead(commit: commit, branch: nil) }
        guard let name = refName(content) else { throw GitError.unreadableHead(path: file) }
        // What a repository says whose refs are not in files (reftable).
        if name == Array("refs/heads/.invalid".utf8) { return try headAskingGit() }
        guard let commit = try resolve(name, depth: 0) else { return nil }
        let prefix = Array("refs/heads/".utf8)
        let branch = name.starts(with: prefix) ? String(decoding: name.dropFirst(prefix.count), as: UTF8.self) : nil
        return GitHead(commit: commit, branch: branch)
    }

    /// The same by the `git` program, whatever the layout of the repository.
    func headAskingGit() throws -> GitHead? {
        let commit = try git(["rev-parse", "--verify", "--quiet", "HEAD"], accepted: [0, 1]).text
        if commit.isEmpty { return nil }
        let branch = try git(["symbolic-ref", "--quiet", "--short", "HEAD"], accepted: [0, 1]).text
        return GitHead(commit: commit, branch: branch.isEmpty ? nil : branch)
    }

    /// The commit that a ref names, through at most five symbolic refs, as in Git; nil if it does not exist yet.
    private func resolve(_ name: [UInt8], depth: Int) throws -> String? {
        guard depth < 5, let path = try? RelativePath(parsing: name) else {
            throw GitError.unreadableHead(path: gitFolder.appending("HEAD"))
        }
        for folder in gitFolder == commonFolder ? [gitFolder] : [gitFolder, commonFolder] {
            let file = folder.appending(path)
            guard let bytes = try contentOfFile(file) else { continue }
            let content = firstLine(of: bytes)
            if let commit = commitID(content) { return commit }
            guard let next = refName(content) else { throw GitError.unreadableHead(path: file) }
            return try resolve(next, depth: depth + 1)
        }
        return try packedCommit(of: name)
    }

    /// Nil too for a folder: `refs/heads/a` is one while only the branch `a/b` has a file.
    private func contentOfFile(_ path: AbsolutePath) throws -> [UInt8]? {
        guard try fileSystem.statusFollowingLinks(of: path)?.kind == .file else { return nil }
        return try fileSystem.readIfPresent(path)
    }

    /// From `packed-refs`: lines of `<id> <ref>`, besides comments (`#`) and what tags point to (`^`).
    private func packedCommit(of name: [UInt8]) throws -> String? {
        let content = try fileSystem.readIfPresent(commonFolder.appending("packed-refs")) ?? []
        for line in content.split(separator: UInt8(ascii: "\n")) where line.count > name.count && line.first != hash {
            let cut = line.index(line.endIndex, offsetBy: -name.count - 1)
            if line[cut] == UInt8(ascii: " "), line[line.index(after: cut)...].elementsEqual(name) {
                return commitID(Array(line[..<cut]))
            }
        }
        return nil
    }
}

private let hash = UInt8(ascii: "#")

private func commitID(_ text: [UInt8]) -> String? {
    let digits = Set("0123456789abcdef".utf8)
    guard text.count == 40 || text.count == 64, text.allSatisfy(digits.contains) else { return nil }
    return String(decoding: text, as: UTF8.self)
}

/// What follows `ref: `.
private func refName(_ text: [UInt8]) -> [UInt8]? {
    let prefix = Array("ref:".utf8)
    guard text.starts(with: prefix) else { return nil }
    return Array(text.dropFirst(prefix.count).drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") })
}
