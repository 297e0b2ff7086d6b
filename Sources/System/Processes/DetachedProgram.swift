import Files
import Glibc
import Threads

/// Starts a program that is no part of our work and outlives us, such as the user's browser: in a session of its own,
/// without a terminal, its output thrown away. Everything else belongs under a guard; see `ChildProcess`.
///
/// Returns once it has started. Waits for its end only to let go of its process id.
package func startDetached(_ command: Command) throws {
    let program = try command.program()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | setsid)
    var arguments: [UnsafeMutablePointer<CChar>?] = command.arguments.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
        command.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var child: pid_t = 0
    let code = program.withCString { posix_spawn(&child, $0, &actions, &attributes, &arguments, &variables) }
    if code != 0 { throw ProcessError.notFound(program: command.name) }
    let started = child
    _ = Thread.start(name: "detached") {
        var status: Int32 = 0
        while waitpid(started, &status, 0) == -1, errno == EINTR {}
    }
}

/// POSIX_SPAWN_SETSID, which Swift's Glibc module does not show.
private let setsid: Int16 = 0x80
