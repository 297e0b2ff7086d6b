import Files
import Glibc
import JSON
import Threads

/// A chromedriver with a browser behind it, which end with the process that started them, however that ends: a shell
/// between us waits for the end of its standard input.
final class BrowserProcess: Sendable {
    let port: UInt16
    /// The end that nobody writes to; it closes with us.
    private let lifeline: Int32
    /// Holds the browser's profile and the driver's output.
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        var ends: [Int32] = [0, 0]
        if pipe2(&ends) != 0 { throw TestFileError(action: "make", path: "a pipe", errno: errno) }
        lifeline = ends[1]
        // None may hold what we were given: whoever reads our output would wait for its end. The driver leaves its
        // browsers behind when it is told to end, so they are told, too.
        let script = """
            exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- >/dev/null 2>&1
            HOME=$PWD TMPDIR=$PWD chromedriver --port=0 </dev/null >driver.log 2>&1 &
            cat
            all="$! $(cat /proc/$!/task/*/children)"
            kill -TERM $all
            tries=0
            while kill -0 $all && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
            kill -KILL $all
            rm -rf \(folder.path)
            """
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        _ = try RunningProgram(
            ["/bin/sh", "-c", script], in: folder.path, environment: ["PATH": path, "LC_ALL": "C.UTF-8"],
            standardInput: ends[0])
        close(ends[0])
        let log = folder.path.appending("driver.log")
        port = try waitUntil("chromedriver listens", within: .seconds(60)) {
            let text = String(decoding: (try? readFile(log)) ?? [], as: UTF8.self)
            guard let place = text.split(separator: "successfully on port ").dropFirst().last else { return nil }
            return UInt16(place.prefix { $0.isNumber })
        }
    }

    deinit { close(lifeline) }
}

private func pipe2(_ ends: inout [Int32]) -> Int32 {
    let code = pipe(&ends)
    // Other programs that a test starts must not hold the ends.
    for end in ends where code == 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return code
}

/// Asks until there is an answer.
package func waitUntil<Answer>(
    _ what: String, within limit: Duration, _ ask: () throws -> Answer?
) throws -> Answer {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if let answer = try ask() { return answer }
        usleep(20_000)
    }
    throw NeverHappened(what: what)
}

package struct NeverHappened: Error, CustomStringConvertible {
    let what: String

    package var description: String { "it never came to this: \(what)" }
}
