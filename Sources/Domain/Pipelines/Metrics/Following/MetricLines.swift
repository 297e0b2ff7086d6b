import JSON

/// Lines of JSON, each an object: numbers in it are metrics, those of inner objects with dotted names. The step is
/// `step`, `epoch`, `iteration` or the like, or else the number of the line among those that can be read.
struct MetricLines: MetricFormat {
    private var cutter = LineCutter()
    private var rows: Int64 = 0
    private var mistakes: [String] = []

    mutating func read(_ bytes: [UInt8]) -> [FollowedPoint] { cutter.cut(bytes).flatMap { take($0) } }
    mutating func finish() -> [FollowedPoint] { cutter.finish().flatMap { take($0) } }

    mutating func takeMistakes() -> [String] {
        defer { mistakes = [] }
        return mistakes
    }

    private mutating func take(_ line: LineCutter.Line) -> [FollowedPoint] {
        guard let text = line.text else {
            mistakes.append("line \(line.number) is too long")
            return []
        }
        if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return [] }
        guard case .object(let object)? = try? JSONValue(parsing: Array(text)) else {
            mistakes.append("line \(line.number) is no JSON object")
            return []
        }
        let found = points(of: object, row: rows)
        rows += 1
        return found
    }

    private func points(of object: JSONObject, row: Int64) -> [FollowedPoint] {
        let stepName = object.keys.first { stepNames.contains($0.lowercased()) && object[$0]?.asNumber != nil }
        let step = stepName.flatMap { object[$0]?.asNumber }.flatMap { Int64(exactly: $0.rounded()) } ?? row
        return object.pairs.filter { $0.key != stepName }.flatMap { numbers(in: $0.value, name: $0.key) }.map {
            FollowedPoint(key: $0.name, value: $0.value, step: step)
        }
    }

    private func numbers(in value: JSONValue, name: String) -> [(name: String, value: Double)] {
        if case .object(let inner) = value {
            return inner.pairs.flatMap { numbers(in: $0.value, name: "\(name).\($0.key)") }
        }
        return value.asNumber.map { [(name, $0)] } ?? []
    }
}
