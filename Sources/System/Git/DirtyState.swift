package import Files
import Processes

/// How the work tree differs from the commit that is checked out.
package struct DirtyState: Sendable, Equatable {
    /// Whether a file that Git tracks was changed, added or removed, staged or not.
    package let isDirty: Bool
    /// What `git apply` needs to make the same changes to the commit, binary files included; empty if there are none,
    /// nil if it would be longer than the limit.
    package let patch: [UInt8]?
    /// Files and folders that are neither tracked nor ignored, sorted; a folder of them is listed, not what is in it.
    package let untracked: [RelativePath]

    package init(isDirty: Bool, patch: [UInt8]?, untracked: [RelativePath]) {
        self.isDirty = isDirty
        self.patch = patch
        self.untracked = untracked
    }
}

extension GitRepository {
    /// Compares the work tree with the commit. Starts `git` once, and once more if something was changed.
    package func dirtyPatch(limitBytes: Int) throws -> DirtyState {
        let status = try git([
            "status", "--porcelain=v2", "-z", "--untracked-files=normal", "--ignore-submodules=dirty", "--no-renames",
        ])
        let entries = status.standardOutput.split(separator: 0)
        // `? path` is untracked; all others tell of a tracked file.
        let mark = Array("? ".utf8)
        let untracked = entries.filter { $0.starts(with: mark) }.map { entry in
            RelativePath(unchecked: withoutSlash(entry.dropFirst(mark.count)))
        }
        let isDirty = untracked.count < entries.count
        let patch = isDirty ? try self.patch(limitBytes: limitBytes) : []
        return DirtyState(isDirty: isDirty, patch: patch, untracked: untracked.sorted())
    }

    /// The options take from the user's configuration what would change the form of the patch.
    private func patch(limitBytes: Int) throws -> [UInt8]? {
        let base = try head() == nil ? emptyTree : "HEAD"
        do {
            return try git(
                [
                    "diff", "--binary", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames",
                    "--src-prefix=a/", "--dst-prefix=b/", "--unified=3", "--diff-algorithm=default",
                    "--submodule=short", "--ignore-submodules=dirty", "--no-relative", base, "--",
                ], limitBytes: limitBytes
            ).standardOutput
        } catch ProcessError.outputTooLong {
            return nil
        }
    }
}

/// Git's id of the tree without files, which it knows in every repository.
private let emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

private func withoutSlash(_ path: ArraySlice<UInt8>) -> [UInt8] {
    Array(path.last == UInt8(ascii: "/") ? path.dropLast() : path)
}
