import Diagnostics
import Hashing
import JSON
import Objects

/// What each noun looks like with --json. Keys are camel case, moments ISO 8601 in UTC, durations milliseconds;
/// what is not known is null, so that every object of a kind has the same keys.
extension JSONValue {
    init(_ text: String?) { self = text.map { .string($0) } ?? .null }
    init(_ number: Int64?) { self = number.map { .integer($0) } ?? .null }
    init(_ number: Int?) { self.init(number.map { Int64($0) }) }
    init(_ number: Double?) { self = number.map { .number($0) } ?? .null }
    init(_ moment: Timestamp?) { self.init(moment?.description) }
    init(_ texts: some Sequence<String>) { self = .array(texts.map { .string($0) }) }

    init(_ digest: Digest?) {
        guard let digest else {
            self = .null
            return
        }
        self = .object([
            "id": .string(digest.id.description), "sha256": .string(digest.sha256.description),
            "sizeBytes": .integer(Int64(clamping: digest.sizeBytes)),
        ])
    }

    init(_ fingerprint: Fingerprint?) {
        guard let fingerprint else {
            self = .null
            return
        }
        var fields: JSONObject = [:]
        switch fingerprint.kind {
        case .file(let isExecutable):
            fields["kind"] = .string("file")
            fields["isExecutable"] = .bool(isExecutable)
        case .folder(let fileCount):
            fields["kind"] = .string("folder")
            fields["fileCount"] = .integer(Int64(fileCount))
        }
        fields["contentBytes"] = .integer(Int64(clamping: fingerprint.contentBytes))
        fields["digest"] = JSONValue(fingerprint.digest)
        self = .object(fields)
    }

    init(_ error: (any UserFacingError)?) {
        self = error.map { ErrorReport($0).fields } ?? .null
    }
}
