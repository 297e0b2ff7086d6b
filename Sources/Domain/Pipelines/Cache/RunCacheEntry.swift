package import Diagnostics
import Files
import Hashing
package import JSON
package import Objects

/// What one execution of a stage made. `docs/formats/run-cache.md` describes its JSON.
package struct RunCacheEntry: Sendable, Equatable {
    package static let version: Int64 = 1

    package var key: StageKey
    package var stage: StageName
    package var outputs: [LockedOutput]
    package var log: Digest?
    package var durationMilliseconds: Int64
    package var host: String
    package var endedAt: Timestamp

    package init(
        key: StageKey, stage: StageName, outputs: [LockedOutput], log: Digest?, durationMilliseconds: Int64,
        host: String, endedAt: Timestamp
    ) {
        self.key = key
        self.stage = stage
        self.outputs = outputs
        self.log = log
        self.durationMilliseconds = durationMilliseconds
        self.host = host
        self.endedAt = endedAt
    }
}

extension RunCacheEntry {
    package var json: JSONValue {
        var object: JSONObject = [
            "version": .integer(Self.version),
            "key": .string(key.description),
            "stage": .string(stage.text),
            "outs": .array(outputs.map(\.json)),
            "duration_ms": .integer(durationMilliseconds),
            "host": .string(host),
            "ended_ms": .integer(endedAt.milliseconds),
        ]
        if let log { object["log"] = .object(log.json) }
        object["check"] = .string(Self.check(of: object))
        return .object(object)
    }

    /// By which a flipped bit is found that leaves a valid entry.
    private static func check(of object: JSONObject) -> String {
        var object = object
        object["check"] = nil
        return XXH3.hash(Array(JSONValue.object(object).text().utf8)).description
    }

    /// Nil if anything is missing, or not as this version writes it.
    package init?(json: JSONValue) {
        guard case .object(let object) = json, object["version"] == .integer(Self.version),
            case .string(let keyText) = object["key"], let key = StageKey(hex: keyText),
            case .string(let stage) = object["stage"],
            case .array(let outs) = object["outs"],
            case .integer(let duration) = object["duration_ms"],
            case .string(let host) = object["host"],
            case .integer(let ended) = object["ended_ms"]
        else { return nil }
        // Entries of earlier programs have no check.
        if let check = object["check"], check != .string(Self.check(of: object)) { return nil }
        let outputs = outs.compactMap(LockedOutput.init(json:))
        if outputs.count != outs.count { return nil }
        self.init(
            key: key, stage: StageName(stage), outputs: outputs, log: object["log"].flatMap(Digest.init(json:)),
            durationMilliseconds: duration, host: host, endedAt: Timestamp(milliseconds: ended))
    }
}

extension LockedOutput {
    package var json: JSONValue {
        guard case .object(var object) = fingerprint.json else { return .null }
        object["path"] = .string(path.description)
        return .object(object)
    }

    package init?(json: JSONValue) {
        guard case .object(let object) = json, case .string(let text) = object["path"],
            let path = try? RelativePath(parsing: text), let fingerprint = Fingerprint(json: json)
        else { return nil }
        self.init(path: path, fingerprint: fingerprint)
    }
}
