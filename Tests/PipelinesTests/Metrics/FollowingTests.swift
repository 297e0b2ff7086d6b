import Diagnostics
import Files
import Hashing
import JSON
import TestSupport
import Testing

@testable import Pipelines

/// Files of measurements, read while they grow.
@Suite struct FollowingTests {
    let folder: TemporaryFolder
    private let fixtures: AbsolutePath
    private let expected: JSONValue

    init() throws {
        folder = try TemporaryFolder()
        fixtures = AbsolutePath("\(#filePath)/../../../../fixtures/tracking")
        expected = try JSONValue(parsing: FileSystem.real.read(fixtures.appending("expected.json")))
    }

    @Test(arguments: [1, 7, 64, 100_000])
    func `TensorBoard's files hold what was written, in pieces of any size`(piece: Int) throws {
        for name in ["plain", "tensors"] {
            let bytes = try FileSystem.real.read(fixtures.appending("events.out.tfevents.1700000000.\(name)"))
            var file = EventFile()
            var points: [FollowedPoint] = []
            for start in stride(from: 0, to: bytes.count, by: piece) {
                points += file.read(Array(bytes[start..<min(start + piece, bytes.count)]))
            }
            #expect(file.takeMistakes() == [])
            #expect(points.allSatisfy { $0.timestamp.map { $0.milliseconds >= 1_700_000_000_000 } ?? false })
            try check(points, against: name)
        }
    }

    @Test func `a file that is cut off anywhere gives what is whole, and goes on later`() throws {
        let bytes = try FileSystem.real.read(fixtures.appending("events.out.tfevents.1700000000.plain"))
        var whole = EventFile()
        let all = whole.read(bytes)
        for cut in stride(from: 0, to: bytes.count, by: 97) {
            var file = EventFile()
            let before = file.read(Array(bytes[..<cut]))
            #expect(file.takeMistakes() == [])
            let after = file.read(Array(bytes[cut...]))
            #expect((before + after).map(\.key) == all.map(\.key))
            #expect((before + after).map(\.step) == all.map(\.step))
        }
    }

    @Test func `damage is named, and what can be read is read`() throws {
        let bytes = try FileSystem.real.read(fixtures.appending("events.out.tfevents.1700000000.plain"))
        var whole = EventFile()
        let count = whole.read(bytes).count
        // In the content of the second record: the first one, of 12 + 24 + 4 bytes, says only the version.
        var damaged = bytes
        damaged[60] ^= 0xFF
        var file = EventFile()
        #expect(file.read(damaged).count == count - 1)
        #expect(file.takeMistakes() == ["the record at byte 40 is damaged"])
        // In a length: nothing after it can be found.
        damaged = bytes
        damaged[41] ^= 0xFF
        file = EventFile()
        #expect(file.read(damaged).isEmpty)
        #expect(file.takeMistakes() == ["what follows byte 40 is no record of TensorFlow"])
        file = EventFile()
        #expect(file.read(Array("this is no event file at all".utf8)).isEmpty)
        #expect(file.takeMistakes() == ["what follows byte 0 is no record of TensorFlow"])
    }

    @Test func `a record of a gigabyte is passed over without being kept`() throws {
        let bytes = try FileSystem.real.read(fixtures.appending("events.out.tfevents.1700000000.plain"))
        let length: [UInt8] = (0..<8).map { UInt8(truncatingIfNeeded: UInt64(1 << 30) >> UInt64(8 * $0)) }
        let sum = CRC32C.masked(length)
        let head = length + (0..<4).map { UInt8(truncatingIfNeeded: sum >> UInt32(8 * $0)) }
        var file = EventFile()
        #expect(file.read(head).isEmpty)
        let piece = [UInt8](repeating: 1, count: 1 << 20)
        for _ in 0..<1024 { #expect(file.read(piece).isEmpty) }
        #expect(file.read([0, 0, 0, 0] + bytes).count == 53)
    }

    @Test func `random bytes are no event file, and do no harm`() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<2_000 {
            let count = Int.random(in: 0..<200, using: &random)
            var bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            var file = EventFile()
            _ = file.read(bytes)
            // As a record that is whole, so that the message itself is read.
            let length = (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) }
            func sum(_ part: [UInt8]) -> [UInt8] {
                let sum = CRC32C.masked(part)
                return (0..<4).map { UInt8(truncatingIfNeeded: sum >> UInt32(8 * $0)) }
            }
            bytes = length + sum(length) + bytes + sum(bytes)
            file = EventFile()
            _ = file.read(bytes)
            #expect(file.takeMistakes() == [])
        }
    }

    @Test func `the checksum is that of the standard`() {
        #expect(CRC32C.hash(Array("123456789".utf8)) == 0xE306_9283)
    }

    @Test func `DVCLive's folder gives its metrics by their names`() throws {
        try copy("dvclive/plots/metrics/train/loss.tsv", to: "dvclive/plots/metrics/train/loss.tsv")
        try copy("dvclive/plots/metrics/accuracy.tsv", to: "dvclive/plots/metrics/accuracy.tsv")
        var follower = StageFollower(stage([]), root: folder.path, startedAt: Timestamp(milliseconds: 0))
        try check(follower.look(isFinal: true).points, against: "dvclive")
    }

    @Test func `a table is read while it grows, with quotes, gaps and all numbers`() {
        var table = MetricTable(separator: ",")
        #expect(
            table.read(Array("epoch,loss,\"name, with comma\",note\n0,1.5,2,start\n1,na".utf8)).map(\.key) == [
                "loss", "name, with comma",
            ])
        let points = table.read(Array("n,-inf,x\r\n\n2,0.25,\"1\n2\",\"say \"\"hi\"\"\"\n3,1\n".utf8))
        #expect(points.map(\.step) == [1, 1, 2])
        #expect(points[0].value.isNaN)
        #expect(points[1].value == -.infinity)
        #expect(points[2].value == 0.25)
        #expect(table.takeMistakes() == ["line 7 has 2 fields, and the header 4"])
        #expect(table.read(Array("4,9,9,z".utf8)).isEmpty)
        #expect(table.finish().map(\.value) == [9, 9])
    }

    @Test func `lines of JSON are read while they grow, and a bad one is named`() {
        var lines = MetricLines()
        #expect(lines.read(Array(#"{"loss": 1, "val": {"acc": 0.5}}"#.utf8)).isEmpty)
        let points = lines.read(Array("\n{\"loss\": NaN, \"step\": 7}\nnot json\n{\"loss\": 2}\n".utf8))
        #expect(points.map(\.key) == ["loss", "val.acc", "loss", "loss"])
        #expect(points.map(\.step) == [0, 0, 7, 2])
        #expect(lines.takeMistakes() == ["line 3 is no JSON object"])
    }

    @Test func `a stage's files are followed as they grow, are written anew, and end`() throws {
        var declared = stage([
            ("metrics.jsonl", .metric), ("curve.csv", .plot), ("points.csv", .plot), ("logs", .output),
        ])
        declared.outputs.append(Output(path: try RelativePath(parsing: "m.json"), role: .metric, location: location))
        var follower = StageFollower(declared, root: folder.path, startedAt: Timestamp(milliseconds: 0))
        #expect(follower.look().points.isEmpty)
        try folder.write("{\"a\": 1}\n{\"a\"", to: "metrics.jsonl")
        try folder.write("step,loss\n0,1\n", to: "curve.csv")
        try folder.write("x,y\n0,1\n", to: "points.csv")
        try folder.write("{\"acc\": 0.5}", to: "m.json")
        try copy("events.out.tfevents.1700000000.tensors", to: "logs/train/events.out.tfevents.1.host")
        let first = follower.look()
        #expect(first.mistakes == [])
        #expect(values(first, "a") == [1])
        #expect(values(first, "loss") == [1])
        #expect(values(first, "acc") == [0.5])
        #expect(values(first, "train/epoch_loss").count == 20)
        #expect(values(first, "y").isEmpty)
        #expect(follower.look().points.isEmpty)
        // A table that is written anew with one row more.
        try folder.write("step,loss\n0,1\n1,0.5\n", to: "curve.csv")
        try folder.write("{\"a\": 1}\n{\"a\": 2}\n{\"a\": 3}", to: "metrics.jsonl")
        try folder.write("{\"acc\": 0.75}", to: "m.json")
        let second = follower.look()
        #expect(values(second, "loss") == [0.5])
        #expect(values(second, "a") == [2])
        #expect(values(second, "acc") == [0.75])
        #expect(second.points.first { $0.key == "acc" }?.step == 1)
        #expect(values(follower.look(isFinal: true), "a") == [3])
    }

    @Test func `what was there before the stage began is not read`() throws {
        try folder.write("step,loss\n0,1\n", to: "old.csv")
        try folder.write("step\tloss\n0\t1\n", to: "dvclive/plots/metrics/loss.tsv")
        let now = Clock.system.now().milliseconds + 60_000
        var follower = StageFollower(
            stage([("old.csv", .plot)]), root: folder.path, startedAt: Timestamp(milliseconds: now))
        #expect(follower.look().points.isEmpty)
        // The out is the stage's own when it has ended; DVCLive's folder may be of another run.
        #expect(follower.look(isFinal: true).points.map(\.key) == ["loss"])
    }

    // MARK: Helpers

    private let location = SourceLocation(file: "repro.yaml", line: 1, column: 1)

    private func stage(_ outputs: [(String, Output.Role)]) -> Stage {
        var stage = Stage(name: StageName("s"), commands: [], location: location)
        stage.outputs = outputs.map { path, role in
            Output(path: RelativePath(unchecked: Array(path.utf8)), role: role, location: location)
        }
        return stage
    }

    private func copy(_ name: String, to target: String) throws {
        try folder.write(FileSystem.real.read(fixtures.appending(name)), to: target)
    }

    private func values(_ news: FollowedNews, _ key: String) -> [Double] {
        news.points.filter { $0.key == key }.map(\.value)
    }

    /// That the points are exactly those that expected.json lists.
    private func check(_ points: [FollowedPoint], against name: String) throws {
        guard case .object(let all) = expected, case .object(let series)? = all[name] else {
            Issue.record("nothing is expected of \(name)")
            return
        }
        #expect(Set(points.map(\.key)) == Set(series.keys))
        for (key, list) in series.pairs {
            guard case .array(let rows) = list else { continue }
            let found = points.filter { $0.key == key }
            #expect(found.count == rows.count, "\(key)")
            for (point, row) in zip(found, rows) {
                guard case .array(let pair) = row, case .integer(let step) = pair[0] else { continue }
                #expect(point.step == step)
                let wanted = number(pair[1])
                #expect(point.value.isNaN == wanted.isNaN)
                if !wanted.isNaN, wanted.isFinite { #expect(abs(point.value - wanted) < 1e-6, "\(key)") }
                if wanted.isInfinite { #expect(point.value == wanted) }
            }
        }
    }

    private func number(_ value: JSONValue) -> Double {
        if case .string(let text) = value { return Double(text) ?? 0 }
        return value.asNumber ?? 0
    }
}
