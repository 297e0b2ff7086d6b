import Testing

/// Some things are done in one place only, so that there is one place to look at when they go wrong.
@Suite struct PlaceTests {
    @Test func `only the command line prints`() {
        expectNone(
            calls(
                to: ["print", "debugPrint", "dump", "puts", "printf"], outside: ["cli/"],
                problem: "prints; return a report, or tell the monitor, and let cli/ print it"))
    }

    @Test func `only Processes starts processes`() {
        expectNone(
            calls(
                to: [
                    "linux_spawn", "posix_spawn", "posix_spawnp", "fork", "vfork", "execv", "execve", "popen", "system",
                ],
                outside: ["Sources/System/Processes/"],
                problem: "starts a process; use Processes, which ends it with us"))
    }

    @Test func `only Files renames and makes durable`() {
        expectNone(
            calls(
                to: ["rename", "renameat", "linux_rename_new", "fsync", "fdatasync", "linux_fsync"],
                outside: ["Sources/System/Files/"],
                problem: "changes the disk itself; use Files, which tests can let fail"))
    }

    @Test func `no product code uses FileManager`() {
        let violations = Repository.productSources.flatMap { source in
            source.words.filter { $0.text == "FileManager" }.map {
                Violation(
                    path: source.path, line: $0.line,
                    problem: "uses FileManager, which walks ten times slower than Files and loses bytes of names")
            }
        }
        expectNone(violations)
    }

    @Test func `only the command line ends the process`() {
        expectNone(
            calls(
                to: ["exit", "_exit", "abort"], outside: ["cli/"],
                problem: "ends the process; throw an error"))
    }

    @Test func `a call in a comment, a string, a declaration or of a member is not a call`() {
        let source = SwiftSource(
            path: "a.swift",
            text: ##"""
                // print(1)
                let a = "print(2) \(print(3)) \("print(4)")"  /* print(5) /* print(6) */ */
                func print(_ x: Int) { self.print(x); log.print(8) }
                let b = #"print(9) \(print(10)) \#(print(11))"#
                let c = """
                    print(12)
                    """
                @Test func `print(13) is quoted`() { print(14) }
                Glibc.print(15)
                """##)
        #expect(source.words.filter { $0.text == "print" && $0.isCall && !$0.isMember }.map(\.line) == [2, 4, 8, 9])
    }
}

private func calls(to names: Set<String>, outside folders: [String], problem: String) -> [Violation] {
    Repository.productSources.filter { source in !folders.contains { source.path.hasPrefix($0) } }.flatMap { source in
        source.words.filter { $0.isCall && !$0.isMember && names.contains($0.text) }.map {
            Violation(path: source.path, line: $0.line, problem: "`\($0.text)` \(problem)")
        }
    }
}
