import Glibc
import JSON
import TestSupport
import Testing

/// A project of a test's own with `repro ui` running on it, and the browser that all tests share.
final class Page: Sendable {
    let project: TemporaryProject
    let browser: Browser
    let port: UInt16
    private let server: RunningProgram

    /// - `files`: of the project.
    /// - `runs`: what `repro run` is given, once for each run.
    init(_ files: [String: String] = [:], runs: [[String]] = [], command: [String]? = nil) throws {
        browser = try Browser.shared.get()
        project = try TemporaryProject(files)
        try project.succeed("init")
        for words in runs {
            let result = try project.run(["run"] + words)
            if result.status != 0 { throw BadRun(result: result) }
        }
        // To try an edit of web/ without a build.
        let assets = getenv("REPRO_PAGE_ASSETS").map { ["--assets", String(cString: $0)] } ?? []
        server = try project.start((command ?? ["ui", "--no-open", "--port", "0", "--json"]) + assets)
        let server = server
        port = try waitUntil("repro ui listens", within: .seconds(60)) {
            let text = server.standardOutput
            guard text.contains("\n"), let place = text.split(separator: ":").last else { return nil }
            return UInt16(place.prefix { $0.isNumber })
        }
    }

    deinit {
        server.send(SIGTERM)
        server.send(SIGTERM)
        _ = server.wait()
    }

    var base: String { "http://localhost:\(port)" }

    func open(_ path: String, width: Int = 1280, height: Int = 800, isDark: Bool = false) throws {
        try browser.open(base + path, width: width, height: height, isDark: isDark)
    }

    /// Nothing that a person would find in the console: no error, no failed request, no breach of the policy.
    func expectQuietConsole(except allowed: [String] = [], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let problems = try browser.consoleErrors().filter { problem in !allowed.contains { problem.contains($0) } }
        #expect(problems == [], sourceLocation: sourceLocation)
    }

    /// Waits until the table shows these runs, in this order.
    func expectRows(_ names: [String]) throws {
        let shown = "[...document.querySelectorAll('.grid-row a')].map((a) => a.textContent)"
        let wanted = JSONValue.array(names.map { .string($0) }).text()
        try browser.waitFor("JSON.stringify(\(shown)) === JSON.stringify(\(wanted))")
    }

    /// A request beside the browser.
    @discardableResult
    func send(_ method: String, _ path: String, _ body: String = "", headers: [String] = []) throws -> RawReply {
        let client = try RawClient(port: port, timeoutSeconds: 60)
        let type = body.isEmpty ? [] : ["Content-Type: application/json"]
        guard let reply = client.request(method, path, headers: type + headers, body: Array(body.utf8)) else {
            throw NoReply()
        }
        return reply
    }

    struct NoReply: Error {}
    struct BadRun: Error { let result: ProgramResult }
}

extension Trait where Self == ConditionTrait {
    /// The tests of the page need a browser; `make test-page` sees to it, and sets this.
    static var inBrowser: Self { .enabled(if: getenv("REPRO_TEST_PAGE") != nil, "run by make test-page") }
}

/// All tests of the page: one after the other, for they share a browser.
@Suite(.serialized, .inBrowser) enum AllPageTests {}
