package import Files
import Processes

/// A commit to be made beside the work tree: what is checked out, the index and the branches stay as they are.
package struct CommitDraft: Sendable {
    /// What it is based on.
    package var parent: String
    /// As `git diff --binary` made it; empty for none.
    package var patch: [UInt8]
    /// Contents to put in place of those of the parent; a path that the parent lacks is added.
    package var files: [(path: RelativePath, content: [UInt8])]
    package var message: String

    package init(parent: String, patch: [UInt8], files: [(path: RelativePath, content: [UInt8])], message: String) {
        self.parent = parent
        self.patch = patch
        self.files = files
        self.message = message
    }
}

extension GitRepository {
    /// Makes a commit that no branch has yet, and answers its id. `scratch`: a folder that exists, for passing files.
    package func commit(_ draft: CommitDraft, scratch: AbsolutePath) throws -> String {
        let tree = try tree(of: draft.parent, patch: draft.patch, scratch: scratch) { passed, variables in
            for (path, content) in draft.files {
                try fileSystem.writeAtomically(content, to: passed)
                let blob = try git(["hash-object", "-w", "--no-filters", passed.description]).text
                _ = try git(["update-index", "--add", "--cacheinfo", "100644,\(blob),\(path)"], variables: variables)
            }
        }
        return try git(["commit-tree", tree, "-p", draft.parent, "-m", draft.message]).text
    }

    /// What a commit would be with a patch applied: the id of a tree, which stands for a commit where files are read.
    /// `scratch`: a folder that exists, for passing files.
    package func tree(of commit: String, patch: [UInt8], scratch: AbsolutePath) throws -> String {
        try tree(of: commit, patch: patch, scratch: scratch) { _, _ in }
    }

    /// `change` may alter the index that its variables name, and pass a file by the path that it is given.
    private func tree(
        of commit: String, patch: [UInt8], scratch: AbsolutePath,
        _ change: (_ passed: AbsolutePath, _ variables: [String: String]) throws -> Void
    ) throws -> String {
        let name = FileSystem.temporaryName()
        let index = scratch.appending(name + ".index")
        let passed = scratch.appending(name)
        defer { for file in [index, passed] { _ = try? fileSystem.removeFile(file) } }
        let variables = ["GIT_INDEX_FILE": index.description]
        _ = try git(["read-tree", commit], variables: variables)
        if !patch.isEmpty {
            try fileSystem.writeAtomically(patch, to: passed)
            _ = try git(
                ["apply", "--cached", "--binary", "--whitespace=nowarn", passed.description], variables: variables)
        }
        try change(passed, variables)
        return try git(["write-tree"], variables: variables).text
    }

    /// Makes a branch; one that exists is an error.
    package func makeBranch(_ name: String, at commit: String) throws {
        _ = try git(["check-ref-format", "--branch", name])
        _ = try git(["update-ref", "refs/heads/\(name)", commit, String(repeating: "0", count: commit.count)])
    }

    /// Makes the files of the work tree, below `folder`, those of a commit. What Git does not track stays.
    package func restoreWorkTree(from commit: String, below folder: RelativePath) throws {
        _ = try git([
            "--literal-pathspecs", "restore", "--source=\(commit)", "--worktree", "--",
            folder.isRoot ? "." : folder.description,
        ])
    }
}
