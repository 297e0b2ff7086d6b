import Experiments
import Files
import Hashing
import MicroHTTPD
import Objects
import Operations

/// Data of the project: what is tracked or made, in which versions, by whom, and who used it.
extension NativeAPI {
    private static let maximumUseCount = 50

    /// `path`: only that one, with its versions' makers and users.
    @Sendable func listData(_ request: Request) throws -> Reply {
        let histories = try showDataHistory(in: try project())
        if let path = request.queryValue("path") {
            guard let history = histories.first(where: { $0.path.description == path }) else {
                throw MLflowError.missing("nothing is known of data at \(path)")
            }
            return .json { $0.history(history, uses: Self.maximumUseCount) }
        }
        return .json { writer in
            writer.object { writer in
                writer.key("data")
                writer.array(histories) { $0.history($1, uses: 0) }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func history(_ history: DataHistory, uses: Int) {
        object { writer in
            writer.field("path", history.path.description)
            if let recorded = history.recorded {
                switch recorded.source {
                case .pointer: writer.field("source", "tracked")
                case .stage(let name):
                    writer.field("source", "stage")
                    writer.field("stage", name)
                }
                writer.fingerprint(recorded.fingerprint)
            } else {
                writer.field("source", "seen")
                if let version = history.versions.first { writer.fingerprint(version.fingerprint) }
            }
            writer.field("versionCount", Int64(history.versions.count))
            writer.field("stages", Set(history.versions.flatMap(\.users).map(\.stage)).sorted())
            if uses == 0 { return }
            writer.key("versions")
            writer.array(history.versions) { writer, version in
                writer.object { writer in
                    writer.fingerprint(version.fingerprint)
                    writer.key("isCurrent")
                    writer.bool(version.fingerprint == history.recorded?.fingerprint)
                    writer.uses("madeBy", version.makers, limit: uses)
                    writer.uses("usedBy", version.users, limit: uses)
                }
            }
        }
    }

    private mutating func uses(_ name: StaticString, _ uses: [DataHistory.Use], limit: Int) {
        key(name)
        object { writer in
            writer.field("count", Int64(uses.count))
            writer.key("first")
            writer.array(uses.prefix(limit)) { writer, use in
                writer.object {
                    $0.field("run", use.run.text)
                    $0.field("name", use.runName)
                    $0.field("stage", use.stage)
                }
            }
        }
    }

    private mutating func fingerprint(_ fingerprint: Fingerprint) {
        field("object", fingerprint.digest.id.description)
        field("sha256", fingerprint.digest.sha256.description)
        field("sizeBytes", Int64(clamping: fingerprint.contentBytes))
        if case .folder(let count) = fingerprint.kind { field("fileCount", Int64(count)) }
    }
}
