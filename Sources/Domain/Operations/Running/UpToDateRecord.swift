import Experiments
import Files
import Hashing
import JSON
import Pipelines

/// That a run found nothing to do, with all that it was concluded from and all that it said: docs/formats/up-to-date.md.
struct UpToDateRecord: Equatable {
    /// What was asked for, and which program answered.
    var question: XXH3Digest
    var evidence: PlanEvidence
    /// In the order of the plan.
    var stages: [StageName]
    var params: [Param]
    var metrics: [NamedMetric]
    var skippedStages: SkippedStagesID
}

// MARK: Encoding

extension UpToDateRecord {
    private static let magic = Array("repro up-to-date 1\n".utf8)
    private static let listCount = 8
    private static let metricFields = 5

    /// Nil for a record that could not be read back as it is.
    func encoded() -> [UInt8]? {
        let bytes = encodedLists()
        return UpToDateRecord(decoding: bytes)?.encodedLists() == bytes ? bytes : nil
    }

    private func encodedLists() -> [UInt8] {
        let digests = [
            question.bytes, evidence.readingDigest.bytes, evidence.contentDigest.bytes, skippedStages.digest.bytes,
        ]
        let metricFields = metrics.flatMap { metric in
            [
                Array(metric.stage.text.utf8), metric.file.bytes, Array(metric.name.utf8),
                Array(String(metric.value.bitPattern).utf8), Array((metric.step.map { String($0) } ?? "").utf8),
            ]
        }
        let lists: [[[UInt8]]] = [
            digests, evidence.files.map(\.bytes), evidence.folders.map(\.bytes),
            evidence.variables.map { Array($0.utf8) }, evidence.contents.map(\.bytes),
            stages.map { Array($0.text.utf8) },
            params.flatMap { [Array($0.key.utf8), Array($0.value.text().utf8)] }, metricFields,
        ]
        var body: [UInt8] = []
        for list in lists {
            body.append(number: list.count)
            for item in list {
                body.append(number: item.count)
                body += item
            }
        }
        return Self.magic + XXH3.hash(body).bytes + body
    }

    /// Nil for anything but what `encoded` wrote.
    init?(decoding bytes: [UInt8]) {
        let head = Self.magic.count + 16
        guard bytes.starts(with: Self.magic), bytes.count >= head else { return nil }
        let body = Array(bytes[head...])
        guard XXH3.hash(body).bytes.elementsEqual(bytes[Self.magic.count..<head]) else { return nil }
        var reader = ListReader(body)
        var lists: [[[UInt8]]] = []
        while lists.count < Self.listCount, let list = reader.list() { lists.append(list) }
        guard lists.count == Self.listCount, reader.isAtEnd, lists[0].count == 4,
            let question = XXH3Digest(bytes: lists[0][0]), let reading = XXH3Digest(bytes: lists[0][1]),
            let content = XXH3Digest(bytes: lists[0][2]), let skipped = SHA256Digest(bytes: lists[0][3]),
            let params = Self.params(lists[6]), let metrics = Self.metrics(lists[7])
        else { return nil }
        self.init(
            question: question,
            evidence: PlanEvidence(
                files: lists[1].map(RelativePath.init(unchecked:)),
                folders: lists[2].map(RelativePath.init(unchecked:)),
                variables: lists[3].map(text), contents: lists[4].map(RelativePath.init(unchecked:)),
                readingDigest: reading, contentDigest: content),
            stages: lists[5].map { StageName(text($0)) }, params: params, metrics: metrics,
            skippedStages: SkippedStagesID(skipped))
    }

    private static func params(_ fields: [[UInt8]]) -> [Param]? {
        if !fields.count.isMultiple(of: 2) { return nil }
        return try? stride(from: 0, to: fields.count, by: 2).map { place in
            Param(key: text(fields[place]), value: try JSONValue(parsing: fields[place + 1]))
        }
    }

    private static func metrics(_ fields: [[UInt8]]) -> [NamedMetric]? {
        if !fields.count.isMultiple(of: metricFields) { return nil }
        var metrics: [NamedMetric] = []
        for place in stride(from: 0, to: fields.count, by: metricFields) {
            guard let bits = UInt64(text(fields[place + 3])) else { return nil }
            metrics.append(
                NamedMetric(
                    stage: StageName(text(fields[place])), file: RelativePath(unchecked: fields[place + 1]),
                    name: text(fields[place + 2]), value: Double(bitPattern: bits), step: Int64(text(fields[place + 4]))
                ))
        }
        return metrics
    }
}

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

extension [UInt8] {
    fileprivate mutating func append(number: Int) {
        Swift.withUnsafeBytes(of: UInt32(number).bigEndian) { self += $0 }
    }
}

/// Reads lists of byte strings: each list after the number of its items, each item after the number of its bytes.
private struct ListReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    /// Nil if it ends too early.
    mutating func list() -> [[UInt8]]? {
        guard let count = number(), count <= (bytes.count - position) / 4 else { return nil }
        var items: [[UInt8]] = []
        items.reserveCapacity(count)
        for _ in 0..<count {
            guard let size = number(), size <= bytes.count - position else { return nil }
            items.append(Array(bytes[position..<position + size]))
            position += size
        }
        return items
    }

    private mutating func number() -> Int? {
        if bytes.count - position < 4 { return nil }
        defer { position += 4 }
        return bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
    }
}
