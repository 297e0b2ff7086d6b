import Diagnostics
import Experiments
import Files
import JSON
import TestSupport
import Testing
import Threads

@testable import ReproLogging

/// What a program logs into the project around it.
@Suite struct LocalRunTests {
    let project: LoggingProject

    init() throws { project = try LoggingProject() }

    @Test func `params, metrics, tags and a note are in the project's database when the run is finished`() throws {
        let run = try project.start(experiment: "digits", name: "first")
        run.log(params: ["rate": 0.1, "layers": 3, "kind": "mlp", "shuffle": true, "sizes": [8, 10]])
        for step in 0..<5 { run.log("loss", 1 / Double(step + 1), step: step) }
        run.log("loss", Double.nan, step: 5)
        run.log(["accuracy": 0.5, "f1": .infinity], step: 2)
        run.set(tag: "team", "vision")
        run.set(tag: "team", "speech")
        run.note("A *short* note")
        let report = run.finish()
        #expect(report.isDelivered)
        #expect(report.problems == [])
        let record = try #require(try project.record(run))
        #expect(record.run.name == "first")
        #expect(record.run.experimentName == "digits")
        #expect(record.run.status == .finished)
        #expect(record.run.user == "ana")
        #expect(record.run.commandLine == ["train", "--fast"])
        #expect(record.params["rate"] == .number(0.1))
        #expect(record.params["layers"] == .integer(3))
        #expect(record.params["sizes"] == .array([.integer(8), .integer(10)]))
        #expect(record.tags == ["team": "speech", noteTag: "A *short* note"])
        let loss = try project.store.series(run: RunID(run.id), key: "loss")
        #expect(loss.map(\.step) == [0, 1, 2, 3, 4, 5])
        #expect(loss[5].value.isNaN)
        #expect(record.metrics["f1"]?.value == .infinity)
    }

    @Test func `points without a step follow each other, also when the run is resumed`() throws {
        let run = try project.start()
        run.log("loss", 3)
        run.log("loss", 2)
        run.log("loss", 1, step: 10)
        run.log("loss", values: [5, 6])
        run.finish()
        let again = try ReproLogging.Run.resume(run.id, options: project.options(), in: project.context())
        #expect(try project.record(again)?.run.status == .running)
        #expect(again.name == run.name)
        again.log("loss", 7)
        again.finish()
        let steps = try project.store.series(run: RunID(run.id), key: "loss").map(\.step)
        #expect(steps == [0, 1, 10, 11, 12, 13])
        #expect(try project.record(run)?.run.status == .finished)
    }

    @Test func `a million points from several threads are all there`() throws {
        let run = try project.start()
        let threads = (0..<4).map { writer in
            Thread.start(name: "loop") {
                for step in 0..<250_000 { run.log("m\(writer % 2)", 1, step: step * 2 + writer / 2) }
            }
        }
        for thread in threads { thread.join() }
        let report = run.finish()
        #expect(report.accepted == 1_000_000)
        #expect(report.droppedPoints == 0)
        for key in ["m0", "m1"] {
            let series = try project.store.series(run: RunID(run.id), key: key)
            #expect(series.map(\.step) == Array(0..<500_000))
        }
    }

    @Test func `a scoped run finishes by itself, and records the error that ends it`() throws {
        var options = project.options()
        options.destination = .project(project.folder.path.description)
        let value = try ReproLogging.Run.with(name: "good", options: options) { run in
            run.log("x", 1)
            return 7
        }
        #expect(value == 7)
        #expect(throws: OutOfMemory.self) {
            try ReproLogging.Run.with(name: "bad", options: options) { _ in throw OutOfMemory() }
        }
        #expect(try project.store.requireRun("good").status == .finished)
        let bad = try project.store.requireRun("bad")
        #expect(bad.status == .failed)
        #expect(bad.failure == "OutOfMemory()")
    }

    @Test func `a nested run names its parent`() throws {
        let run = try project.start(experiment: "cv")
        let fold = try run.startNested(name: "fold-1")
        fold.log("accuracy", 0.9)
        fold.finish()
        run.finish()
        let record = try project.record(fold)
        #expect(record?.tags[parentRunTag] == run.id)
        #expect(record?.run.experimentName == "cv")
    }

    @Test func `files, folders, data, text, tables and images are kept once, by content`() throws {
        try project.folder.write("weights", to: "out/model.bin")
        try project.folder.write("vocabulary", to: "out/deep/words.txt")
        let run = try project.start()
        run.log(artifact: "out")
        run.log(artifact: "out/model.bin", as: "copies/again.bin")
        run.log(data: [1, 2, 3], as: "raw/three")
        run.log(text: "hello", as: "hello.txt")
        run.log(
            table: Table(columns: ["true", "said"], rows: [["a", "b,c"], [1, 0.5]]), as: "confusion.csv")
        run.log(table: Table(columns: ["n"], rows: [[1]]), as: "n.json")
        let dots = try #require(Image(width: 2, height: 1, pixels: [0, 255]))
        run.log(image: dots, as: "dots.png")
        run.log(artifact: "absent.bin")
        run.log(text: "x", as: "../out")
        let report = run.finish()
        #expect(
            report.problems == [
                "artifact `../out` was not logged: its name must be a path below the run's artifacts",
                "no such file or folder while opening \(project.folder["absent.bin"])",
            ])
        #expect(try project.artifact("out/model.bin", of: run) == Array("weights".utf8))
        #expect(try project.artifact("out/deep/words.txt", of: run) == Array("vocabulary".utf8))
        #expect(try project.artifact("copies/again.bin", of: run) == Array("weights".utf8))
        #expect(try project.artifact("raw/three", of: run) == [1, 2, 3])
        #expect(try project.artifact("confusion.csv", of: run) == Array("true,said\na,\"b,c\"\n1,0.5\n".utf8))
        #expect(try project.artifact("n.json", of: run) == Array(#"{"columns":["n"],"data":[[1]]}"#.utf8))
        #expect(
            try project.artifact("dots.png", of: run)?.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    }

    @Test func `inputs are named by their content, and a model is listed with its files`() throws {
        try project.folder.write("a,b\n1,2\n", to: "data/train.csv")
        try project.folder.write("weights", to: "model.bin")
        let run = try project.start()
        run.log(input: "data", context: "training")
        run.log(input: Dataset(name: "eval", digest: "v3", source: "s3://bucket/eval", sourceType: "s3"))
        run.log(model: "model.bin", name: "tiny", type: "swift", params: ["dim": "8"])
        run.log(model: "model.bin", name: "bad/name")
        let report = run.finish()
        #expect(report.problems == ["model `bad/name` was not logged: a name has none of / : . % \" '"])
        let store = try project.store
        let lineage = try store.lineage(run: RunID(run.id))
        #expect(lineage.datasets.map(\.dataset.name).sorted() == ["data", "eval"])
        #expect(lineage.datasets.first { $0.dataset.name == "data" }?.dataset.digest.count == 32)
        let output = try #require(lineage.outputModels.first)
        let model = try #require(try store.loggedModel(output.model))
        #expect(model.name == "tiny")
        #expect(model.status == .ready)
        #expect(model.params == [Tag(key: "dim", value: "8")])
        let files = try store.artifacts(
            atOrBelow: try RelativePath(parsing: "\(model.experiment)/models/\(model.id)/artifacts"))
        #expect(files.map(\.path.name) == [Array("model.bin".utf8)])
    }

    @Test func `nothing throws into the loop: what cannot be logged is a problem`() throws {
        let run = try project.start()
        run.log(param: "rate", 0.1)
        run.flush()
        run.log(param: "rate", 0.2)
        run.log(param: "", 1)
        run.finish()
        run.log("loss", 1)
        #expect(
            run.problems == [
                "`` was not logged: a key of the run must be 1 to 250 characters, none a control character",
                "param rate was refused: param rate of run \(run.id.prefix(8)) is 0.1 and cannot become 0.2",
                "metric loss: logged after the run was finished",
            ])
        #expect(try project.record(run)?.params == ["rate": .number(0.1)])
    }

    @Test func `inside a stage of a pipeline the run is the pipeline's`() throws {
        let store = try project.store
        let made = try store.createRun(
            NewRun(
                experiment: ExperimentID(0), name: "pipeline", startedAt: .init(milliseconds: 1), user: "ana",
                owner: .current()))
        let environment = [
            "REPRO_RUN_ID": made.id.text, "REPRO_STAGE": "train", "REPRO_PROJECT": project.folder.path.description,
            "REPRO_TRACKING_URL": "http://127.0.0.1:9",
        ]
        let run = try project.start(experiment: "other", name: "other", environment: environment)
        #expect(run.id == made.id.text)
        #expect(run.name == "pipeline")
        run.log("loss", 0.5, step: 1)
        run.finish()
        let record = try project.record(run)
        #expect(record?.run.status == .running)
        #expect(record?.metrics["loss"]?.stage == "train")
    }

    @Test func `a run needs a project or a server`() throws {
        let elsewhere = try TemporaryFolder()
        var context = project.context()
        context.workingDirectory = elsewhere.path
        #expect(throws: LoggingError.self) {
            try ReproLogging.Run.start(experiment: nil, name: nil, options: project.options(), in: context)
        }
        context.environment["REPRO_TRACKING_URL"] = "not a url"
        #expect(throws: LoggingError.self) {
            try ReproLogging.Run.start(experiment: nil, name: nil, options: project.options(), in: context)
        }
    }

    @Test func `the machine is measured while the run goes on`() throws {
        try project.folder.write(
            "#!/bin/sh\necho '0, 87, 20480, 40960, 250.12'\necho '1, [N/A], 1024, 40960, [N/A]'\n", to: "bin/nvidia-smi"
        )
        try FileSystem.real.setPermissions(project.folder["bin/nvidia-smi"], 0o755)
        let path = "\(project.folder["bin"]):/usr/bin:/bin"
        let run = try project.start(environment: ["PATH": path]) { $0.systemMetricsInterval = .seconds(3600) }
        run.finish()
        let metrics = try #require(try project.record(run)?.metrics)
        #expect(metrics["system/gpu_0_utilization_percentage"]?.value == 87)
        #expect(metrics["system/gpu_0_memory_usage_percentage"]?.value == 50)
        #expect(metrics["system/gpu_1_utilization_percentage"] == nil)
        let names = [
            "system_memory_usage_megabytes", "process_memory_usage_megabytes",
            "disk_usage_percentage",
        ]
        for name in names { #expect((metrics["system/\(name)"]?.value ?? -1) >= 0, "\(name)") }
        // At the start and at the end.
        #expect(metrics["system/disk_usage_percentage"]?.point.step == 1)
    }

    private struct OutOfMemory: Error {}
}
