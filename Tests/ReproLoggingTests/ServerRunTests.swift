import Diagnostics
import Experiments
import Files
import JSON
import Objects
import Server
import TestSupport
import Testing

@testable import ReproLogging

/// What a program logs to a server, and what becomes of it while the server is away.
@Suite struct ServerRunTests {
    let project: LoggingProject
    let backend: Backend

    init() throws {
        project = try LoggingProject()
        backend = try Backend()
    }

    @Test func `a program logs to a server what it would log here`() throws {
        let server = try backend.start()
        try project.folder.write("weights", to: "out/model.bin")
        let run = try project.start(experiment: "digits", name: "first", environment: backend.variables(server))
        run.log(param: "rate", 0.1)
        for step in 0..<300_000 { run.log("loss", Double(step), step: step) }
        run.log("last", Double.nan)
        run.log(artifact: "out")
        run.log(model: "out/model.bin", name: "tiny")
        run.log(input: "out", name: "data")
        let report = run.finish()
        #expect(report.isDelivered)
        #expect(report.problems == [])
        let record = try #require(try backend.store.record(RunID(run.id)))
        #expect(record.run.name == "first")
        #expect(record.run.experimentName == "digits")
        #expect(record.run.status == .finished)
        #expect(record.params == ["rate": .number(0.1)])
        #expect(try backend.store.series(run: RunID(run.id), key: "loss").map(\.step) == Array(0..<300_000))
        #expect(try backend.content("out/model.bin", of: run) == Array("weights".utf8))
        let lineage = try backend.store.lineage(run: RunID(run.id))
        #expect(lineage.datasets.map(\.dataset.name) == ["data"])
        let model = try #require(lineage.outputModels.first).model
        #expect(try backend.store.loggedModel(model)?.status == .ready)
        // Nothing of it is in the project.
        #expect(try project.store.record(RunID(run.id)) == nil)
    }

    @Test func `a run whose server was never there is sent later, once, however often`() throws {
        let port = try backend.freePort()
        let run = try project.start(name: "early", environment: ["REPRO_TRACKING_URL": "http://127.0.0.1:\(port)"]) {
            $0.finishTimeout = .zero
        }
        run.log(param: "rate", 0.1)
        for step in 0..<100_000 { run.log("loss", 1, step: step) }
        run.log(text: "hello", as: "hello.txt")
        let report = run.finish()
        #expect(!report.isDelivered)
        #expect(report.spool == project.folder[".repro/spool/\(run.id)"].description)

        // Away still: nothing is lost.
        let sync = SpoolSync(project.context())
        #expect(try sync.send().left.count == 1)
        let kept = try project.folder.names(in: ".repro/spool/\(run.id)")
        let server = try backend.start(port: port)
        defer { server.stop() }
        for name in kept where name.hasSuffix(".jsonl") || name == "spool.json" {
            try project.folder.write(try project.folder.read(".repro/spool/\(run.id)/\(name)"), to: "copy/\(name)")
        }
        let sent = try sync.send()
        #expect(sent.left.map { $0.because.message } == [])
        #expect(sent.refused == [])
        #expect(sent.sent.count == 1)
        let record = try #require(try backend.store.record(RunID(run.id)))
        #expect(record.run.name == "early")
        #expect(record.run.status == .finished)
        #expect(try backend.store.series(run: RunID(run.id), key: "loss").count == 100_000)
        #expect(try backend.content("hello.txt", of: run) == Array("hello".utf8))
        #expect(try project.folder.names(in: ".repro/spool") == [])

        // As if the program had died before it could note that all was sent.
        try FileSystem.real.rename(project.folder["copy"], to: project.folder[".repro/spool/\(run.id)"])
        try FileSystem.real.makeFolders(project.folder[".repro/spool/\(run.id)/files"])
        try project.folder.write("hello", to: ".repro/spool/\(run.id)/files/\(Digest(of: Array("hello".utf8)).sha256)")
        #expect(try sync.send().sent.count == 1)
        #expect(try backend.store.series(run: RunID(run.id), key: "loss").count == 100_000)
        #expect(try sync.send().sent == [])
    }

    @Test func `a server that goes and comes back has everything, in order`() throws {
        let first = try backend.start()
        let run = try project.start(environment: backend.variables(first)) { $0.finishTimeout = .seconds(60) }
        run.log("loss", 1, step: 0)
        run.set(tag: "state", "before")
        #expect(run.flush())
        first.stop()
        run.log("loss", 2, step: 1)
        run.set(tag: "state", "during")
        run.log(text: "kept", as: "kept.txt")
        #expect(run.flush())
        #expect(run.problems.count == 1)
        let second = try backend.start(port: first.port)
        run.log("loss", 3, step: 2)
        run.set(tag: "state", "after")
        let report = run.finish()
        #expect(report.isDelivered)
        #expect(report.spool == nil)
        let record = try #require(try backend.store.record(RunID(run.id)))
        #expect(record.run.status == .finished)
        #expect(record.tags["state"] == "after")
        #expect(try backend.store.series(run: RunID(run.id), key: "loss").map(\.value) == [1, 2, 3])
        #expect(try backend.content("kept.txt", of: run) == Array("kept".utf8))
        second.stop()
    }

    @Test func `a run that goes on sends first what was left on the disk`() throws {
        let first = try backend.start()
        let variables = backend.variables(first)
        let run = try project.start(environment: variables) { $0.finishTimeout = .milliseconds(100) }
        run.log("loss", 1)
        #expect(run.flush())
        first.stop()
        run.log("loss", 2)
        run.set(tag: "state", "left")
        #expect(run.finish(.interrupted).spool != nil)
        let second = try backend.start(port: first.port)
        let again = try ReproLogging.Run.resume(run.id, options: project.options(), in: project.context(variables))
        again.log("loss", 3)
        again.set(tag: "state", "resumed")
        #expect(again.flush())
        let points = try backend.store.series(run: RunID(run.id), key: "loss")
        #expect(points.map(\.value) == [1, 2, 3])
        #expect(points.map(\.step) == [0, 1, 2])
        #expect(again.finish().isDelivered)
        let record = try #require(try backend.store.record(RunID(run.id)))
        #expect(record.run.status == .finished)
        #expect(record.tags["state"] == "resumed")
        second.stop()
    }

    @Test func `a token that the server does not know is an error at once`() throws {
        let server = try backend.start(tokens: "write ana 0123456789abcdef\n")
        var variables = backend.variables(server)
        #expect(throws: LoggingError.self) { try project.start(environment: variables) }
        variables["REPRO_TOKEN"] = "0123456789abcdef"
        let run = try project.start(environment: variables)
        #expect(run.finish().isDelivered)
    }

    @Test func `a message cut off by a crash is passed over, and a damaged one is named`() throws {
        let server = try backend.start()
        let spool = try RunSpool.open(
            RunID("0123456789abcdef"), in: project.folder["spool"], for: .server("http://127.0.0.1:\(server.port)"))
        var begin = RunUpdate(run: RunID("0123456789abcdef"))
        begin.start = RunStart(startedAt: Timestamp(milliseconds: 1), user: "ana")
        try spool.append(begin, [])
        spool.close()
        let segment = "spool/0123456789abcdef/00000001.jsonl"
        let line = try project.folder.read(segment)
        try project.folder.write(line + "{\"run\": \"012\n" + line + "{\"run\": \"cut o", to: segment)
        let left = try #require(try RunSpool.openLeft(at: project.folder["spool/0123456789abcdef"]))
        let destination = try ServerDestination(url: "http://127.0.0.1:\(server.port)", token: nil)
        let problems = try left.sendOne(to: destination)
        #expect(problems == ["\(project.folder[segment]):2: a damaged message was passed over"])
        #expect(try backend.store.run(RunID("0123456789abcdef")) != nil)
        #expect(left.isEmpty)
    }

    @Test func `what one process writes no other sends, and a second writer gets a spool of its own`() throws {
        let run = RunID("0123456789abcdef")
        let root = project.folder["spool"]
        let first = try RunSpool.open(run, in: root, for: .server("http://127.0.0.1:9"))
        let second = try RunSpool.open(run, in: root, for: .server("http://127.0.0.1:9"))
        #expect(first.folder != second.folder)
        #expect(try RunSpool.openLeft(at: first.folder) == nil)
    }

    @Test func `a message with too many points is cut into several that say the same`() {
        var update = RunUpdate(run: RunID("r"), stage: "train")
        update.tags = [Tag(key: "a", value: "b")]
        update.end = RunEnd(status: .finished, at: Timestamp(milliseconds: 9))
        func points(_ range: Range<Int64>) -> [MetricPoint] {
            range.map { MetricPoint(step: $0, timestamp: Timestamp(milliseconds: 1), value: 1) }
        }
        update.series = [LoggedSeries(key: "x", points: points(0..<5)), LoggedSeries(key: "y", points: points(0..<4))]
        let parts = update.parts(mostPoints: 3)
        #expect(parts.map(\.pointCount) == [3, 3, 3])
        #expect(parts.map(\.tags.count) == [1, 0, 0])
        #expect(parts.map { $0.end == nil } == [true, true, false])
        #expect(parts.allSatisfy { $0.stage == "train" })
        let all = parts.flatMap(\.series)
        #expect(all.filter { $0.key == "x" }.flatMap(\.points) == points(0..<5))
        #expect(all.filter { $0.key == "y" }.flatMap(\.points) == points(0..<4))
        #expect(update.parts(mostPoints: 9) == [update])
    }
}

/// A store with servers over it, one after the other.
final class Backend: Sendable {
    let folder: TemporaryFolder
    let store: any TrackingStore
    let objects: ObjectStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLExperimentStore.shared(file: folder.path.appending("tracking.sqlite"))
        objects = try ObjectStore.openOrCreate(at: folder.path.appending("store"))
    }

    func start(port: UInt16 = 0, tokens: String = "") throws -> ReproServer {
        var options = ServerOptions(version: "0.0.0")
        options.port = port
        options.tokens = try TokenTable(parsing: tokens, file: "tokens.txt")
        return try ReproServer(
            options: options,
            services: Services(store: store, objects: objects, scratch: folder.path.appending("scratch")),
            log: ServerLog(access: nil, problem: { _ in }))
    }

    func variables(_ server: ReproServer) -> [String: String] {
        ["REPRO_TRACKING_URL": "http://127.0.0.1:\(server.port)"]
    }

    /// One on which nothing listens.
    func freePort() throws -> UInt16 {
        let server = try start()
        defer { server.stop() }
        return server.port
    }

    func content(_ name: String, of run: ReproLogging.Run) throws -> [UInt8]? {
        let path = try store.artifactFolder(of: RunID(run.id)).appending(try RelativePath(parsing: name))
        return try store.artifact(path).map { try objects.read($0.digest) }
    }
}
