import Diagnostics
import Experiments
import Git
import Objects
import Synchronization
import Threads
import Workspaces

/// Finds out, beside other work, which version of the code a run uses: asking Git takes longer than planning.
///
/// Writes nothing before `finish`, for the run may turn out to be impossible.
final class GitSnapshot: Sendable {
    private struct Found {
        var head: GitHead?
        var dirty: DirtyState?
        var problem: (any UserFacingError)?
    }

    private final class Result: Sendable {
        let found = Mutex(Found())
    }

    private let thread: Thread
    private let result: Result

    /// A patch beyond this is not kept with the run; that the tree was dirty is.
    private static let patchLimitBytes = 16 << 20

    private init(thread: Thread, result: Result) {
        self.thread = thread
        self.result = result
    }

    static func begin(_ opened: OpenProject) -> GitSnapshot {
        let result = Result()
        let thread = Thread.start(name: "git") {
            let found = read(opened)
            result.found.withLock { $0 = found }
        }
        return GitSnapshot(thread: thread, result: result)
    }

    /// From here on the workspace may change: what Git says of it is known.
    func wait() { thread.join() }

    /// Waits for Git and keeps the patch. The state is nil outside a repository, before the first commit, or if Git
    /// failed: then `problem` says how.
    func finish(_ opened: OpenProject) -> (state: GitState?, problem: (any UserFacingError)?) {
        thread.join()
        let found = result.found.withLock { $0 }
        guard let head = found.head, let dirty = found.dirty else { return (nil, found.problem) }
        var state = GitState(commit: head.commit, branch: head.branch, isDirty: dirty.isDirty)
        guard let patch = dirty.patch, !patch.isEmpty else { return (state, nil) }
        do {
            state.patch = try opened.store.put(patch)
            return (state, nil)
        } catch {
            return (state, error as? any UserFacingError)
        }
    }

    private static func read(_ opened: OpenProject) -> Found {
        var found = Found()
        do {
            let repository = try GitRepository.find(
                containing: opened.project.root, environment: opened.surroundings.environment,
                fileSystem: opened.project.fileSystem)
            found.head = try repository?.head()
            if found.head != nil { found.dirty = try repository?.dirtyPatch(limitBytes: patchLimitBytes) }
        } catch {
            found.problem = error as? any UserFacingError
        }
        return found
    }
}
