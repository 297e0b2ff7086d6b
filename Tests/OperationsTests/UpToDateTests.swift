import Diagnostics
import Experiments
import Files
import JSON
import Pipelines
import Synchronization
import TestSupport
import Testing
import Threads
import Workspaces

@testable import Operations

/// A run that is remembered to have found nothing to do says exactly what one without that memory says.
@Suite struct UpToDateTests {
    private let twins: TwinProjects

    init() throws {
        twins = try TwinProjects()
        _ = try twins.run()
        try twins.freeze()
        try twins.settle()
    }

    @Test func `the third run needs no plan, and says the same`() throws {
        #expect(try twins.recalls())
        let (remembering, forgetful) = try twins.run()
        #expect(remembering == forgetful)
        #expect(
            remembering.states == [
                "split skipped", "train skipped", "evaluate skipped", "report skipped", "copies@a skipped",
                "copies@b skipped", "old skipped",
            ])
        #expect(remembering.params == ["rate": .integer(1), "other.json:title": .string("t")])
        #expect(remembering.metrics.count == 1)
        #expect(remembering.executions.count == 7)
    }

    @Test func `a run that must report contents reports them`() throws {
        let report = try twins.remembering.run(environment: ["TEAM": "blue"])
        #expect(report.records[0].outputs.map(\.path.description) == ["all.txt"])
        #expect(report.records[0].inputs != nil)
    }

    @Test func `what does not matter changes nothing`() throws {
        try twins.edit { folder in
            try folder.write("other", to: "unrelated.txt")
            try folder.write("1\n", to: "data/a.txt")
            try folder.write(folder.read("all.txt"), to: "all.txt")
            _ = try FileSystem.real.touch(folder["code.sh"])
        }
        #expect(try twins.recalls())
        let (remembering, forgetful) = try twins.run()
        #expect(remembering == forgetful)
    }

    struct Edit: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Whether the run that follows has nothing to do all the same.
        var isHarmless = false
        let change: @Sendable (TemporaryFolder) throws -> Void

        init(_ name: String, isHarmless: Bool = false, _ change: @escaping @Sendable (TemporaryFolder) throws -> Void) {
            testDescription = name
            self.isHarmless = isHarmless
            self.change = change
        }

        init(_ name: String, isHarmless: Bool = false, write text: String, to file: String) {
            self.init(name, isHarmless: isHarmless) { try $0.write(text, to: file) }
        }

        init(_ name: String, isHarmless: Bool = false, in file: String, _ old: String, _ new: String) {
            self.init(name, isHarmless: isHarmless) { folder in
                try folder.write(folder.read(file).replacing(old, with: new), to: file)
            }
        }
    }

    static let edits = [
        Edit("comment in the pipeline", isHarmless: true) { folder in
            try folder.write(folder.read("repro.yaml") + "# done\n", to: "repro.yaml")
        },
        Edit("command", in: "repro.yaml", "mkdir -p model;", "mkdir -p model; true;"),
        Edit("pipeline that is wrong", in: "repro.yaml", "deps: [model]", "dep: [model]"),
        Edit("stage less", isHarmless: true, in: "repro.yaml", "[a, b]", "[a]"),
        Edit("stage thawed", isHarmless: true, in: "repro.yaml", "frozen: true", "always_changed: false"),
        Edit("param", write: "rate: 7\nunused: 2\n", to: "params.yaml"),
        Edit("param that no stage reads", isHarmless: true, write: "rate: 1\nunused: 5\n", to: "params.yaml"),
        Edit("param that is gone", write: "unused: 2\n", to: "params.yaml"),
        Edit("param of another file", write: "{\"title\": \"u\", \"x\": 1}", to: "other.json"),
        Edit("vars", write: "scale: 4\n", to: "settings.yaml"),
        Edit("vars that are gone") { try FileSystem.real.removeTree($0["settings.yaml"]) },
        Edit("dep of the same size", write: "exit\n", to: "code.sh"),
        Edit("dep overwritten in place") { folder in
            // The same file of the same size, as like as not within the same tick of its clock.
            try FileSystem.real.openOrCreate(folder["code.sh"]).write(Array("exit\n".utf8), at: 0)
        },
        Edit("executable dep") { try FileSystem.real.setPermissions($0["code.sh"], 0o755) },
        Edit("dep replaced by a rename") { folder in
            try folder.write("exit\n", to: "code.new")
            try FileSystem.real.rename(folder["code.new"], to: folder["code.sh"])
        },
        Edit("dep that is gone") { try FileSystem.real.removeTree($0["code.sh"]) },
        Edit("dep that is a link to the same", isHarmless: true) { folder in
            try FileSystem.real.rename(folder["code.sh"], to: folder["real.sh"])
            try FileSystem.real.symbolicLink(at: folder["code.sh"], to: Array("real.sh".utf8))
        },
        Edit("dep that is a link to nothing") { folder in
            try FileSystem.real.removeTree(folder["code.sh"])
            try FileSystem.real.symbolicLink(at: folder["code.sh"], to: Array("nowhere".utf8))
        },
        Edit("file more in a folder", write: "9\n", to: "data/d.txt"),
        Edit("file less in a folder") { try FileSystem.real.removeTree($0["data/sub/c.txt"]) },
        Edit("file renamed in a folder") {
            try FileSystem.real.rename($0["data/sub/c.txt"], to: $0["data/sub/d.txt"])
        },
        Edit("file of the same size in a folder", write: "4\n", to: "data/sub/c.txt"),
        Edit("empty folder in a folder", isHarmless: false) { try FileSystem.real.makeFolders($0["data/empty"]) },
        Edit("ignored file in a folder") { folder in
            try folder.write("b.txt\n", to: "data/.dvcignore")
        },
        Edit("out that is gone") { try FileSystem.real.removeTree($0["all.txt"]) },
        Edit("out that was edited", write: "?\n", to: "all.txt"),
        Edit("out that is a link to something else") { folder in
            try FileSystem.real.removeTree(folder["all.txt"])
            try FileSystem.real.symbolicLink(at: folder["all.txt"], to: Array("unrelated.txt".utf8))
        },
        Edit("out that is a folder") { folder in
            try FileSystem.real.removeTree(folder["all.txt"])
            try FileSystem.real.makeFolders(folder["all.txt"])
        },
        Edit("file in an out", write: "?\n", to: "model/rate"),
        Edit("metrics that were edited", write: "{\"lines\": 5}\n", to: "metrics.json"),
        Edit("frozen out that was edited", isHarmless: true, write: "new\n", to: "old.txt"),
        Edit("frozen out that is gone") { try FileSystem.real.removeTree($0["old.txt"]) },
        Edit("lock file with a comment", isHarmless: true) { folder in
            try folder.write(folder.read("repro.lock") + "# mine\n", to: "repro.lock")
        },
        Edit("lock file that is gone") { try FileSystem.real.removeTree($0["repro.lock"]) },
        Edit("lock file that is damaged", write: "stages: 7\n", to: "repro.lock"),
        Edit("lock file of other content", in: "repro.lock", "copy-a", "copy-c"),
        Edit("config", isHarmless: true, write: "version: 1\nrun:\n  jobs: 1\n", to: ".repro/config.yaml"),
        Edit("config that is wrong", write: "version: 1\nruns: 3\n", to: ".repro/config.yaml"),
        Edit("config that asks for DVC's lock file", isHarmless: true, write: "lock: dvc\n", to: ".repro/config.yaml"),
        Edit("config that asks for a remote", write: "run:\n  pull: true\n", to: ".repro/config.yaml"),
        Edit("another pipeline file, which is passed over", isHarmless: true, write: "stages: 7\n", to: "dvc.yaml"),
        Edit("the store is gone", isHarmless: true) { try FileSystem.real.removeTree($0[".repro/store"]) },
        Edit("the index is gone", isHarmless: true) { try FileSystem.real.removeTree($0[".repro/index.sqlite"]) },
        Edit("all runs are gone", isHarmless: true) { folder in
            for suffix in ["", "-wal", "-shm"] {
                try FileSystem.real.removeTree(folder[".repro/tracking.sqlite\(suffix)"])
            }
        },
    ]

    @Test(arguments: edits)
    func `after an edit both say the same`(edit: Edit) throws {
        try twins.edit(edit.change)
        for round in 1...3 {
            let (remembering, forgetful) = try twins.run()
            #expect(remembering == forgetful, "in run \(round)")
            if round == 1 {
                let isIdle = remembering.error == nil && remembering.states.allSatisfy { $0.hasSuffix("skipped") }
                #expect(isIdle == edit.isHarmless, "\(remembering)")
            }
        }
    }

    @Test func `edits that are taken back are as if they had not been`() throws {
        try twins.edit { try $0.write("rate: 7\nunused: 2\n", to: "params.yaml") }
        #expect(try !twins.recalls())
        try twins.edit { try $0.write("rate: 1\nunused: 2\n", to: "params.yaml") }
        #expect(try twins.recalls())
        let (remembering, forgetful) = try twins.run()
        #expect(remembering == forgetful)
    }

    @Test func `a lock file that Git took back counts`() throws {
        let before = try twins.remembering.folder.read("repro.lock")
        try twins.edit { try $0.write("rate: 7\nunused: 2\n", to: "params.yaml") }
        try twins.settle()
        #expect(try twins.recalls())
        #expect(before != (try twins.remembering.folder.read("repro.lock")))
        try twins.edit { try $0.write(before, to: "repro.lock") }
        let (remembering, forgetful) = try twins.run()
        #expect(remembering == forgetful)
        #expect(remembering.states.contains("train cached"))
    }

    @Test func `a variable counts as it is now`() throws {
        for environment in [["TEAM": "blue", "OTHER": "1"], ["TEAM": "red"], [:]] {
            let (remembering, forgetful) = try twins.run(environment: environment)
            #expect(remembering == forgetful)
            #expect(remembering.states.contains("report skipped") == (environment["OTHER"] != nil))
        }
    }

    static let questions: [@Sendable (inout RunPipelineOptions) -> Void] = [
        { $0.targets = ["train"] }, { $0.targets = ["copies@a"] }, { $0.targets = ["nothing"] },
        {
            $0.targets = ["train"]
            $0.scope = .alone
        },
        {
            $0.targets = ["train"]
            $0.scope = .withDownstream
        },
        { $0.isForced = true }, { $0.overrides = ["rate=7"] }, { $0.overrides = ["rate=1"] }, { $0.pulls = true },
        { $0.refusesToRun = true }, { $0.keepGoing = true }, { $0.name = "named" }, { $0.experiment = "other" },
    ]

    @Test(arguments: 0..<questions.count)
    func `another question has its own answer`(number: Int) throws {
        let question = Self.questions[number]
        for _ in 1...3 {
            let (remembering, forgetful) = try twins.run(question)
            #expect(remembering == forgetful)
        }
        let (remembering, forgetful) = try twins.run()
        #expect(remembering == forgetful)
    }

    @Test func `a run of part of the pipeline is remembered, too`() throws {
        for _ in 1...2 { _ = try twins.run { $0.targets = ["report"] } }
        #expect(try twins.recalls { $0.targets = ["report"] })
        #expect(try !twins.recalls())
        #expect(try !twins.recalls { $0.targets = ["report", "split"] })
    }

    @Test func `a record that was tampered with is not used`() throws {
        let path = twins.remembering.folder[".repro/up-to-date"]
        let whole = try FileSystem.real.read(path)
        let record = try #require(UpToDateRecord(decoding: whole))
        #expect(record.encoded() == whole)
        for end in 0..<whole.count { #expect(UpToDateRecord(decoding: Array(whole[..<end])) == nil) }
        for place in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[place] ^= 1 << bit
                #expect(UpToDateRecord(decoding: bytes) == nil)
            }
        }
        #expect(UpToDateRecord(decoding: whole + [0]) == nil)
        for bytes in [Array(whole.dropLast()), [], Array("repro up-to-date 2\n".utf8) + whole.dropFirst(19)] {
            try FileSystem.real.writeAtomically(bytes, to: path)
            let (remembering, forgetful) = try twins.run()
            #expect(remembering == forgetful)
            #expect(try FileSystem.real.read(path) == whole)
        }
    }

    @Test func `a folder in place of the record stops nobody`() throws {
        let path = twins.remembering.folder[".repro/up-to-date"]
        _ = try FileSystem.real.removeFile(path)
        try FileSystem.real.makeFolders(path)
        let (remembering, forgetful) = try twins.run()
        #expect(remembering == forgetful)
    }

    @Test(arguments: [FaultyFileSystem.Failure.diskFull, .tornWrite, .crash])
    func `a disk that fails while a run is remembered misleads nobody`(failure: FaultyFileSystem.Failure) throws {
        let path = twins.remembering.folder[".repro/up-to-date"]
        let counting = FaultyFileSystem()
        var options = RunPipelineOptions()
        func run(on fileSystem: FileSystem) throws {
            try FileSystem.real.removeTree(path)
            _ = try? runPipeline(
                options, in: twins.remembering.surroundings(environment: ["TEAM": "blue"], fileSystem: fileSystem),
                interrupter: RunInterrupter(), observer: SilentObserver())
        }
        options.reportsContents = false
        try run(on: counting.fileSystem)
        #expect(counting.calls.count > 50)
        for call in stride(from: 1, through: counting.calls.count, by: 5) {
            let faulty = FaultyFileSystem()
            faulty.fail(atCall: call, with: failure)
            try run(on: faulty.fileSystem)
            let (remembering, forgetful) = try twins.run()
            #expect(remembering == forgetful, "after a failing call \(call)")
        }
    }

    @Test func `several runs at once all say the same`() throws {
        let project = twins.remembering
        try FileSystem.real.removeTree(project.folder[".repro/up-to-date"])
        let states = try mapConcurrently(Array(0..<6), width: 6) { _ in
            project.states(try project.run({ $0.reportsContents = false }, environment: ["TEAM": "blue"]))
        }
        #expect(Set(states).count == 1)
        #expect(try twins.recalls())
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `after random edits both say the same`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var untouched: [String: [UInt8]] = [:]
        for name in TwinProjects.files.keys.sorted() + ["repro.yaml", "repro.lock", "all.txt", "metrics.json"] {
            untouched[name] = try FileSystem.real.read(twins.remembering.folder[name])
        }
        var done: [String] = []
        for _ in 1...12 {
            for _ in 0...random.next(below: 2) {
                if random.next(below: 3) == 0 {
                    // Back to the beginning, as by Git.
                    done.append("restore")
                    try twins.edit { folder in
                        for (name, content) in untouched { try folder.write(content, to: name) }
                    }
                } else {
                    let edit = Self.edits[random.next(below: Self.edits.count)]
                    done.append(edit.testDescription)
                    // One that finds nothing to edit any more fails for both.
                    try twins.edit { folder in try? edit.change(folder) }
                }
            }
            let targets = random.next(below: 4) == 0 ? ["report"] : []
            let (remembering, forgetful) = try twins.run { $0.targets = targets }
            #expect(remembering == forgetful, "seed \(seed): \(done.joined(separator: ", "))")
        }
    }
}

/// Several `dvc.yaml`: which folders there are is a part of the question.
@Suite struct UpToDateFoldersTests {
    @Test func `a pipeline file that appears in a folder is found`() throws {
        let stage = """
            stages:
              copy:
                foreach: [a, b, c, d]
                do: {cmd: 'cp in.txt ${item}.txt', deps: [in.txt], outs: ['${item}.txt']}

            """
        let project = try PipelineProject("", files: ["dvc.yaml": stage, "in.txt": "1\n", "sub/in.txt": "2\n"])
        _ = try FileSystem.real.removeFile(project.folder["repro.yaml"])
        for _ in 1...3 { try project.run { $0.reportsContents = false } }
        var memory = UpToDateMemory(try OpenProject(project.surroundings()), RunPipelineOptions())
        #expect(memory?.recall()?.stages.count == 4)
        try project.folder.write(stage, to: "sub/dvc.yaml")
        memory = UpToDateMemory(try OpenProject(project.surroundings()), RunPipelineOptions())
        #expect(memory?.recall() == nil)
        #expect(try project.run { $0.reportsContents = false }.records.count == 8)
    }
}
