package import Diagnostics

/// One thing that a remote must be able to do, tried.
package struct RemoteCheck: Sendable {
    package let name: String
    /// Nil if it works.
    package let failure: (any UserFacingError)?

    package var isPassed: Bool { failure == nil }
}

/// Tries all that a push and a fetch will ask of a remote, on a small file that is removed again. Stops at the first
/// step that fails, since those after it would fail with it.
package func probeRemote(_ storage: any RemoteStorage) -> [RemoteCheck] {
    let text = String(UInt64.random(in: .min ... .max), radix: 36)
    let name = RemoteName(unchecked: "probe-\(text)")
    let content = Array("repro remote test \(text)\n".utf8)
    var steps: [(String, () throws -> Void)] = [
        ("list", { _ = try storage.list(RemoteFormat.indexFolder, page: nil) })
    ]
    if storage.isWritable {
        steps += [
            ("write", { _ = try storage.put(name, content) }),
            (
                "read",
                {
                    let found = try storage.get(name, nil, limitBytes: 4096)
                    if found != content {
                        throw RemoteError.unexpectedReply(remote: storage.label, what: "other bytes than were written")
                    }
                }
            ),
            ("delete", { try storage.delete(name) }),
        ]
    }
    var checks: [RemoteCheck] = []
    for (name, step) in steps {
        do {
            try step()
            checks.append(RemoteCheck(name: name, failure: nil))
        } catch let error as any UserFacingError {
            checks.append(RemoteCheck(name: name, failure: error))
            break
        } catch {
            break
        }
    }
    return checks
}
