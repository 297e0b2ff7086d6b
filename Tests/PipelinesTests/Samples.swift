import Diagnostics
import Files
import Hashing
import JSON
import Objects

@testable import Pipelines

/// Small values that many tests are made of.
enum Samples {
    static let nowhere = SourceLocation(file: "repro.yaml", line: 1, column: 1)

    static func path(_ text: String) -> RelativePath { RelativePath(unchecked: Array(text.utf8)) }

    /// A fingerprint that differs exactly when `content` does.
    static func file(_ content: String, isExecutable: Bool = false) -> Fingerprint {
        let bytes = Array(content.utf8)
        let digest = Digest(
            id: ObjectID(XXH3.hash(bytes)), sha256: SHA256.hash(bytes), sizeBytes: UInt64(bytes.count))
        return Fingerprint(
            kind: .file(isExecutable: isExecutable), digest: digest, contentBytes: UInt64(bytes.count))
    }

    static func folder(_ content: String, fileCount: Int) -> Fingerprint {
        Fingerprint(kind: .folder(fileCount: fileCount), digest: file(content).digest, contentBytes: 1_000)
    }

    static func inputs(
        commands: [String] = ["python3 train.py"], data: String = "a", dim: Int64 = 50,
        outputs: [String] = ["model.bin"]
    ) -> StageInputs {
        StageInputs(
            commands: commands,
            dependencies: [InputFile(path: path("data.csv"), fingerprint: file(data))],
            params: [InputParam(file: path("params.yaml"), key: "train.dim", value: .integer(dim))],
            outputs: outputs.map { DeclaredOutput(path: path($0), isCached: true, persists: false) })
    }

    static func output(_ name: String, _ content: String) -> LockedOutput {
        LockedOutput(path: path(name), fingerprint: file(content))
    }

    static func stage(_ name: String = "train") -> Stage {
        var stage = Stage(name: StageName(name), commands: ["python3 train.py"], location: nowhere)
        stage.dependencies = [Dependency(path: path("data.csv"), location: nowhere)]
        stage.outputs = [Output(path: path("model.bin"), role: .output, location: nowhere)]
        return stage
    }
}
