import Files
import Hashing
import JSON
import Objects
import TestSupport
import Testing

@testable import Pipelines

/// The quick reader of lock files beside YAML's: what it reads it reads alike, and all that is not ours it leaves alone.
@Suite struct LockTextReaderTests {
    @Test func `reads what we write`() {
        let lock = LockFileTests.sample()
        #expect(LockTextReader.read(Array(lock.text().utf8)) == lock)
    }

    @Test(arguments: 1...200)
    func `reads any lock file of ours as YAML does`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let lock = Self.randomLock(&random)
        let text = Array(lock.text().utf8)
        let byYAML = try LockFile(parsingYAML: text, file: "repro.lock")
        let quick = LockTextReader.read(text)
        #expect(quick == nil || quick == byYAML, "seed \(seed)")
        #expect(try LockFile(parsing: text) == byYAML)
    }

    @Test(arguments: 1...300)
    func `a changed byte is read as YAML reads it, or left to YAML`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var text = Array(Self.randomLock(&random).text().utf8)
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0..<text.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: text[place] = Array(" \n:\"#-{}[]'\\x0é\t&*!|>%@`,?".utf8).randomElement(using: &random) ?? 0
            case 1: text.remove(at: place)
            default: text.insert(text.randomElement(using: &random) ?? 0, at: place)
            }
        }
        guard let quick = LockTextReader.read(text) else { return }
        let byYAML = try? LockFile(parsingYAML: text, file: "repro.lock")
        #expect(quick == byYAML, "seed \(seed): \(String(decoding: text, as: UTF8.self))")
    }

    @Test(arguments: [
        "version: 1\nstages:\n  a:\n    cmd:\n    - x\n  a:\n    cmd:\n    - y\n",
        "version: 2\nstages:\n  a:\n    cmd:\n    - x\n",
        "version: 1\nstages:\n  a:\n    cmd:\n    - x # note\n",
        "version: 1\nstages:\n  a:\n    cmd:\n    - true\n",
        "version: 1\nstages:\n  a:\n    cmd:\n    - \"\\u0041\"\n",
        "version: 1\nstages:\n<<<<<<< HEAD\n  a:\n",
        "version: 1\nstages:\n  a:\n    cmd:\n    - x",
        "",
    ])
    func `leaves all else to YAML`(text: String) {
        #expect(LockTextReader.read(Array(text.utf8)) == nil)
    }

    // MARK: Random lock files

    private static let names = [
        "train", "a/b", "with space", "true", "ü", "\"quoted\"", "back\\slash", "colon: in", "123", "train@0.5", "x\ny",
        "# no comment", "- dash", "a\u{85}b", "\u{2028}", "tab\there", "null", "_", "é", "\u{1F600}",
    ]

    private static func randomLock(_ random: inout SeededRandom) -> LockFile {
        var stages: [StageName: LockedStage] = [:]
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            stages[StageName(name(&random))] = LockedStage(
                inputs: StageInputs(
                    commands: (0..<Int.random(in: 1...2, using: &random)).map { _ in name(&random) },
                    workingDirectory: Bool.random(using: &random) ? .root : path(&random),
                    dependencies: unique((0..<2).map { _ in path(&random) }).map {
                        InputFile(path: $0, fingerprint: fingerprint(&random))
                    },
                    params: unique((0..<3).map { _ in name(&random) }).map {
                        InputParam(file: RelativePath(unchecked: Array("p.yaml".utf8)), key: $0, value: value(&random))
                    },
                    environment: Bool.random(using: &random)
                        ? [InputVariable(name: "HOME", valueHash: Bool.random(using: &random) ? SHA256.hash([1]) : nil)]
                        : [],
                    outputs: []), outputs: [])
        }
        return LockFile(stages: stages)
    }

    private static func name(_ random: inout SeededRandom) -> String { names.randomElement(using: &random) ?? "" }

    private static func path(_ random: inout SeededRandom) -> RelativePath {
        RelativePath(unchecked: Array(name(&random).utf8))
    }

    private static func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
        var seen: Set<Value> = []
        return values.filter { seen.insert($0).inserted }
    }

    private static func fingerprint(_ random: inout SeededRandom) -> Fingerprint {
        let digest = Digest(of: [UInt8.random(in: 0...255, using: &random)])
        return switch Int.random(in: 0..<3, using: &random) {
        case 0: Fingerprint(kind: .file(isExecutable: false), digest: digest, contentBytes: digest.sizeBytes)
        case 1: Fingerprint(kind: .file(isExecutable: true), digest: digest, contentBytes: digest.sizeBytes)
        default: Fingerprint(kind: .folder(fileCount: 7), digest: digest, contentBytes: 900)
        }
    }

    private static func value(_ random: inout SeededRandom) -> JSONValue {
        let values: [JSONValue] = [
            .null, .bool(true), .bool(false), .integer(-5), .integer(.max), .number(0.1), .number(1e-7), .number(1e300),
            .number(5), .number(.infinity), .number(-.infinity), .string(name(&random)), .string(""),
            .array([.integer(1), .string("a: b"), .array([])]), .object(["k": .number(2.5), "x y": .null]),
            .object([:]),
        ]
        return values.randomElement(using: &random) ?? .null
    }
}
