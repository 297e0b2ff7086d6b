import Diagnostics
import Files
import Hashing
import JSON
import Objects
import Testing

@testable import Pipelines

@Suite struct LockFileTests {
    @Test func `what is written is read back the same`() throws {
        let lock = Self.sample()
        #expect(try LockFile(parsing: Array(lock.text().utf8)) == lock)
    }

    @Test func `the text is one fact a line, in byte order of the stages`() throws {
        let small = LockFile(stages: [
            StageName("train"): LockedStage(
                inputs: Samples.inputs(), outputs: [Samples.output("model.bin", "m")])
        ])
        let data = Samples.file("a").digest
        let model = Samples.file("m").digest
        #expect(
            small.text() == """
                # Made by `repro run`: what each stage last read and wrote. Keep it in Git.
                version: 1
                stages:
                  train:
                    cmd:
                    - "python3 train.py"
                    deps:
                    - path: data.csv
                      size: 1
                      xxh3: "\(data.id)"
                      sha256: "\(data.sha256)"
                    params:
                      params.yaml:
                        train.dim: 50
                    outs:
                    - path: model.bin
                      size: 1
                      xxh3: "\(model.id)"
                      sha256: "\(model.sha256)"

                """)
    }

    @Test func `an empty file is an empty lock`() throws {
        #expect(try LockFile(parsing: []) == LockFile())
        #expect(try LockFile(parsing: Array(LockFile().text().utf8)) == LockFile())
    }

    @Test func `a newer version is refused with what to do`() {
        let error = #expect(throws: LockFileError.self) {
            try LockFile(parsing: Array("version: 2\nstages: {}\n".utf8))
        }
        #expect(
            error?.description == """
                repro.lock:1:1: the lock file has version 2, newer than this Repro reads (1)
                hint: install a newer Repro
                """)
    }

    @Test func `an older version is refused with what to do`() {
        let error = #expect(throws: LockFileError.self) {
            try LockFile(parsing: Array("version: 0\nstages: {}\n".utf8))
        }
        #expect(error?.message == "the lock file has version 0, which this Repro does not read")
    }

    @Test func `a merge conflict is named as one`() {
        let text = "version: 1\nstages:\n<<<<<<< HEAD\n  a:\n=======\n  b:\n>>>>>>> other\n"
        let error = #expect(throws: LockFileError.self) { try LockFile(parsing: Array(text.utf8)) }
        #expect(error == .mergeConflict(location: SourceLocation(file: "repro.lock", line: 3, column: 1)))
    }

    @Test(arguments: [
        ("version: 1\nstages:\n  a:\n    deps:\n    - path: ../x\n", "path ../x is outside the project"),
        ("version: 1\nstages:\n  a: 5\n", "a stage must be a mapping, not a number"),
        ("version: 1\nstages:\n  a:\n    dep: []\n", "a stage has an unknown key `dep`"),
        ("version: 1\nstages:\n  a:\n    deps:\n    - path: x\n      size: -1\n", "`size` must be a whole number"),
        (
            "version: 1\nstages:\n  a:\n    deps:\n    - path: x\n      size: 1\n      xxh3: zz\n",
            "xxh3 is not 32 hexadecimal digits"
        ),
        ("stages: {}\n", "`version` is missing"),
    ])
    func `a damaged file is refused with the place`(text: String, problem: String) {
        let error = #expect(throws: LockFileError.self) { try LockFile(parsing: Array(text.utf8)) }
        #expect(error?.message == "the lock file is damaged: \(problem)")
    }

    /// A lock with everything in it.
    static func sample() -> LockFile {
        var inputs = Samples.inputs(commands: ["a: b # c", "x \"y\"\nz"])
        inputs.workingDirectory = Samples.path("sub dir")
        inputs.dependencies = [
            InputFile(path: Samples.path("data"), fingerprint: Samples.folder("tree", fileCount: 3)),
            InputFile(path: Samples.path("run.sh"), fingerprint: Samples.file("#!", isExecutable: true)),
        ]
        inputs.params = [
            InputParam(file: Samples.path("other.json"), key: "list", value: .array([.integer(1), .string("a: b")])),
            InputParam(file: Samples.path("params.yaml"), key: "flag", value: .bool(true)),
            InputParam(file: Samples.path("params.yaml"), key: "inf", value: .number(-.infinity)),
            InputParam(file: Samples.path("params.yaml"), key: "lr", value: .number(1e-5)),
            InputParam(file: Samples.path("params.yaml"), key: "map", value: .object(["k": .null])),
            InputParam(file: Samples.path("params.yaml"), key: "text", value: .string("5")),
        ]
        inputs.environment = [
            InputVariable(name: "A", valueHash: SHA256.hash(Array("v".utf8))), InputVariable(name: "B", valueHash: nil),
        ]
        inputs.outputs = [
            DeclaredOutput(path: Samples.path("123"), isCached: false, persists: true),
            DeclaredOutput(path: Samples.path("true"), isCached: true, persists: false),
        ]
        let outputs = [Samples.output("123", "x"), Samples.output("true", "y")]
        return LockFile(stages: [
            StageName("null"): LockedStage(inputs: inputs, outputs: outputs),
            StageName("train@a: b"): LockedStage(inputs: Samples.inputs(outputs: []), outputs: []),
        ])
    }
}
