import Files
import Git
import Processes
import TestSupport

/// A Git repository in a folder of its own, with one author and without the configuration of this machine.
struct TestRepository {
    let folder: TemporaryFolder
    let root: AbsolutePath

    /// With `files` in a first commit; without a commit if there are none.
    init(_ files: [String: String] = [:]) throws {
        folder = try TemporaryFolder()
        root = folder["work"]
        try FileSystem.real.makeFolders(root)
        try git("init", "-q", "-b", "main")
        for (path, text) in files { try write(text, to: path) }
        if !files.isEmpty { try commit("first") }
    }

    var environment: [String: String] {
        [
            "PATH": "/usr/bin:/bin", "HOME": "\(folder.path)", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com",
            "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
        ]
    }

    func write(_ text: String, to path: String) throws { try folder.write(text, to: "work/\(path)") }

    func write(_ bytes: [UInt8], to path: String) throws { try folder.write(bytes, to: "work/\(path)") }

    /// Runs `git`, in the root or in another folder, and gives what it printed.
    @discardableResult
    func git(_ arguments: String..., in place: AbsolutePath? = nil) throws -> String {
        let command = Command(["git"] + arguments, environment: environment, workingDirectory: place ?? root)
        let output = try capture(command)
        if !output.exit.isSuccess { throw GitFailed(text: output.errorText) }
        return output.text
    }

    func commit(_ message: String) throws {
        try git("add", "-A")
        try git("commit", "-q", "--allow-empty", "-m", message)
    }

    func open(_ place: AbsolutePath? = nil, adding more: [String: String] = [:]) throws -> GitRepository? {
        try GitRepository.find(containing: place ?? root, environment: environment.merging(more) { $1 })
    }
}

private struct GitFailed: Error {
    let text: String
}

func path(_ text: String) throws -> RelativePath { try RelativePath(parsing: text) }
