import Files
import Glibc

/// Where the system looks when the environment has no `PATH`.
private let standardSearchPath = "/usr/local/bin:/usr/bin:/bin"

extension Command {
    /// The file of the program, looked up before anything is started, so that a missing one is our error and not an
    /// exit code of a shell.
    func program() throws(ProcessError) -> AbsolutePath {
        if arguments.isEmpty || name.isEmpty { throw .noProgram }
        let texts = arguments + environment.flatMap { [$0.key, $0.value] }
        if texts.contains(where: { $0.utf8.contains(0) }) { throw .containsNUL(program: name) }
        if name.utf8.contains(UInt8(ascii: "/")) {
            return try check(AbsolutePath(name, relativeTo: workingDirectory))
        }
        return try search()
    }

    private func search() throws(ProcessError) -> AbsolutePath {
        var refused: AbsolutePath?
        for folder in (environment["PATH"] ?? standardSearchPath).split(separator: ":", omittingEmptySubsequences: true)
        {
            let file = AbsolutePath(String(folder), relativeTo: workingDirectory).appending(name)
            switch Executability(of: file) {
            case .executable: return file
            case .notExecutable: refused = refused ?? file
            case .absent: continue
            }
        }
        if let refused { throw .notExecutable(path: refused) }
        throw .notFound(program: name)
    }

    private func check(_ file: AbsolutePath) throws(ProcessError) -> AbsolutePath {
        switch Executability(of: file) {
        case .executable: return file
        case .notExecutable: throw .notExecutable(path: file)
        case .absent: throw .notFound(program: name)
        }
    }
}

private enum Executability {
    case executable, notExecutable, absent

    init(of file: AbsolutePath) {
        var status = stat()
        guard file.withCString({ stat($0, &status) }) == 0 else {
            self = .absent
            return
        }
        let isFile = status.st_mode & S_IFMT == S_IFREG
        self = isFile && file.withCString { access($0, X_OK) } == 0 ? .executable : .notExecutable
    }
}
