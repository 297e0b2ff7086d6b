import Diagnostics
import Experiments
import Files
import JSON
import Objects
import TestSupport
import Testing

@testable import Server

/// What the pages of a run and of several runs ask for.
@Suite struct RunViewTests {
    let server: ServerUnderTest

    init() throws { server = try ServerUnderTest() }

    @Test func `one metric of several runs is drawn on the same columns`() throws {
        for (name, count) in [("a", 4000), ("b", 10)] {
            let run = try server.makeRun(name)
            let points = (0..<count).map { step in
                Metric(
                    key: "loss/train", value: step == 1234 ? .nan : Double(step), step: Int64(step),
                    timestamp: Timestamp(milliseconds: Int64(step)))
            }
            try server.store.logMetrics(points, run: run, stage: nil)
        }
        _ = try server.makeRun("c")
        let reply = try server.send("GET", "/api/v1/series?run=a&run=b&run=c&metric=loss/train&columns=100").json
        #expect(reply["range"] == .array([.number(0), .number(3999)]))
        guard case .array(let series)? = reply["series"], series.count == 2 else { Issue.record("no series"); return }
        let long = try #require(series[0]["raw"])
        #expect(list(long["x"]).count == 100)
        #expect(list(long["max"]).last == .number(3999))
        #expect(list(long["count"]).count == 100)
        #expect(long["marks"] == .array([.array([.number(1234), .string("NaN")])]))
        // Ten points on a hundred columns, of which they fill one.
        #expect(list(series[1]["raw"]?["last"]) == [.number(9)])
        let zoomed = try server.send(
            "GET", "/api/v1/series?run=b&metric=loss/train&from=3&to=5&smooth=mean:2&x=relative")
        guard case .array(let few)? = zoomed.json["series"], let only = few.first else {
            Issue.record("no series"); return
        }
        // Times since the start, which is 1: step 4 is at 3. One point on each side of what is seen comes along.
        #expect(list(only["raw"]?["x"]) == [2, 3, 4, 5, 6].map { .number($0) })
        #expect(list(only["raw"]?["step"]) == [3, 4, 5, 6, 7].map { .integer($0) })
        #expect(only["raw"]?["max"] == nil)
        #expect(list(only["smooth"]?["last"]) == [2.5, 3.5, 4.5, 5.5, 6.5].map { .number($0) })
    }

    @Test(arguments: [
        ("metric=m", "query parameter run is `given 0 times`, not one to 100 runs"),
        ("run=a", "query parameter metric is ``, not the name of a metric"),
        ("run=a&metric=m&from=2&to=1", "query parameter to is `1`, not at least 2.0, which `from` is"),
        ("run=a&metric=m&from=x&to=1", "query parameter from is `x`, not a number"),
        (
            "run=a&metric=m&smooth=ema:2",
            "query parameter smooth is `ema:2`, not `ema:`, `mean:` or `gaussian:` and a number above 0"
        ),
        ("run=a&metric=m&columns=0", "query parameter columns is `0`, not a number from 1 to 10000"),
    ])
    func `a drawing that cannot be made is refused in words`(query: String, message: String) throws {
        _ = try server.makeRun("a")
        let reply = try server.send("GET", "/api/v1/series?\(query)")
        #expect(reply.status == 400)
        #expect(reply.json["error"]?["message"] == .string(message))
    }

    @Test func `where two runs part is told down to the rows`() throws {
        for (name, content, accuracy) in [("a", "n\n1\n2\n", 0.5), ("b", "n\n1\n7\n", 0.7)] {
            let run = try server.makeRun(name)
            var stage = StageExecution(stage: "train", position: 0, state: .ran)
            stage.inputs = [StageFile(path: try RelativePath(parsing: "data/raw.csv"), fingerprint: try file(content))]
            try server.store.recordStages([stage], run: run)
            try server.store.logMetrics(
                [Metric(key: "accuracy", value: accuracy, timestamp: Timestamp(milliseconds: 1))], run: run,
                stage: "train")
        }
        let found = try #require(
            try server.send("GET", "/api/v1/divergence?run=a&run=b&metric=accuracy").json["divergence"])
        #expect(found["cause"] == .string("files"))
        #expect(found["stage"] == .string("train"))
        let read = try #require(list(found["files"]).first)
        #expect(read["path"] == .string("data/raw.csv"))
        #expect(read["rowsAfter"] == .array([.integer(3), .integer(3)]))
        #expect(read["lineAfter"] == .string("7"))
        let comparison = try server.send("GET", "/api/v1/compare?run=a&run=b").json
        #expect(list(comparison["stageDifferences"]).first?["stage"] == .string("train"))
        let same = try server.send("GET", "/api/v1/divergence?run=a&run=a").json
        #expect(same["divergence"] == .null)
        #expect(try server.send("GET", "/api/v1/divergence?run=a").status == 400)
    }

    @Test func `files of stages are listed and read as the run saw them`() throws {
        let objects = server.objects
        let inner = Tree([
            .init(
                name: Array("deep.txt".utf8), content: .file(try objects.put(Array("deep".utf8)), isExecutable: false))
        ])
        let tree = Tree([
            .init(
                name: Array("sub".utf8),
                content: .folder(tree: try objects.put(inner.encoded()), fileCount: 1, contentBytes: 4))
        ])
        let run = try server.makeRun("r")
        var stage = StageExecution(stage: "make", position: 0, state: .ran)
        let folder = Fingerprint(kind: .folder(fileCount: 1), digest: try objects.put(tree.encoded()), contentBytes: 4)
        stage.inputs = [StageFile(path: try RelativePath(parsing: "in/raw.csv"), fingerprint: try file("a,b\n"))]
        stage.outputs = [StageFile(path: try RelativePath(parsing: "out"), fingerprint: folder)]
        try server.store.recordStages([stage], run: run)
        let top = list(try server.send("GET", "/api/v1/runs/r/files").json["entries"])
        #expect(top.map { $0["name"] } == [.string("in"), .string("out")])
        #expect(top.last?["madeBy"] == .string("make"))
        let below = list(try server.send("GET", "/api/v1/runs/r/files?path=out/sub").json["entries"])
        #expect(below.map { $0["name"] } == [.string("deep.txt")])
        let reply = try server.send("GET", "/api/v1/runs/r/files/out/sub/deep.txt")
        #expect(reply.text == "deep")
        #expect(reply.header("Content-Disposition")?.hasPrefix("attachment") == true)
        #expect(try server.send("GET", "/api/v1/runs/r/files/in/raw.csv").text == "a,b\n")
        for missing in ["out", "out/none", "in/raw.csv/x", "elsewhere"] {
            #expect(try server.send("GET", "/api/v1/runs/r/files/\(missing)").status == 404)
        }
    }

    @Test func `the log of a stage that runs is read on from where one was`() throws {
        let run = try server.makeRun("r")
        var stage = StageExecution(stage: "train", position: 0, state: .ran)
        stage.log = try server.objects.put(Array("one\ntwo\n".utf8))
        try server.store.recordStages([stage], run: run)
        #expect(try server.send("GET", "/api/v1/runs/r/stages/train/log").text == "one\ntwo\n")
        #expect(try server.send("GET", "/api/v1/runs/r/stages/train/log?from=4").text == "two\n")
        #expect(try server.send("GET", "/api/v1/runs/r/stages/train/log?from=400").text == "")
        #expect(try server.send("GET", "/api/v1/runs/r/stages/none/log").status == 404)
    }

    @Test func `the patch of a run is given as text, and that there is none is said`() throws {
        let patch = try server.objects.put(Array("diff --git a/x b/x\n".utf8))
        _ = try server.store.createRun(
            NewRun(
                experiment: ExperimentID(0), name: "dirty", startedAt: Timestamp(milliseconds: 1), user: "ana",
                git: GitState(commit: String(repeating: "a", count: 40), branch: "main", isDirty: true, patch: patch)))
        #expect(try server.send("GET", "/api/v1/runs/dirty/patch").text == "diff --git a/x b/x\n")
        #expect(try server.send("GET", "/api/v1/runs/dirty").json["git"]?["patchBytes"] == .integer(19))
        _ = try server.makeRun("clean")
        #expect(try server.send("GET", "/api/v1/runs/clean/patch").status == 404)
    }

    @Test func `data that a run used is listed`() throws {
        let run = try server.makeRun("r")
        let data = Dataset(name: "words", digest: "1a", sourceType: "local", source: "data/words.csv")
        try server.store.logInputs([DatasetUse(dataset: data, tags: [])], models: ["m-1"], run: run)
        let lineage = try server.send("GET", "/api/v1/runs/r/lineage").json
        #expect(list(lineage["datasets"]).first?["name"] == .string("words"))
        #expect(list(lineage["inputModels"]).first?["id"] == .string("m-1"))
        #expect(lineage["outputModels"] == .array([]))
    }

    @Test func `name and tags of a run are changed from the page only`() throws {
        let run = try server.makeRun("old")
        try server.store.setTags([Tag(key: "gone", value: "1"), Tag(key: "kept", value: "2")], run: run)
        func change(_ body: String, _ headers: [String]) throws -> RawReply {
            try server.send(
                "PATCH", "/api/v1/runs/\(run)", headers: ["Content-Type: application/json"] + headers, body: body)
        }
        let body = #"{"name": "new", "tags": {"gone": null, "mlflow.note.content": "**why**"}}"#
        #expect(try change(body, ["Origin: http://evil.example"]).status == 403)
        let reply = try change(body, ["Origin: http://localhost"])
        #expect(reply.status == 200)
        #expect(reply.json["name"] == .string("new"))
        let tags = try #require(try server.store.record(run)?.tags)
        #expect(tags == ["kept": "2", "mlflow.note.content": "**why**", "mlflow.runName": "new"])
        #expect(try change(#"{"tags": {"a": 1}}"#, ["Origin: http://localhost"]).status == 400)
        #expect(try change(#"{"name": ""}"#, ["Origin: http://localhost"]).status == 400)
    }

    private func file(_ content: String) throws -> Fingerprint {
        let digest = try server.objects.put(Array(content.utf8))
        return Fingerprint(kind: .file(isExecutable: false), digest: digest, contentBytes: digest.sizeBytes)
    }

    private func list(_ value: JSONValue?) -> [JSONValue] { if case .array(let items)? = value { items } else { [] } }
}
