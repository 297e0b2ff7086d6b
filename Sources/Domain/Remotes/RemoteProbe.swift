package import Diagnostics

/// One thing that a remote must be able to do, tried.
package struct RemoteCheck: Sendable {
    package let name: String
    /// Nil if it works.
    package let failure: (any UserFacingError)?
    /// Something that does no harm, and is worth knowing.
    package var note: String?

    package var isPassed: Bool { failure == nil }
}

/// Tries all that a push and a fetch will ask of a remote, on a small file that is removed again. Stops at the first
/// step that fails, since those after it would fail with it. Nothing is written to one of DVC's.
package func probeRemote(
    _ storage: any RemoteStorage, isDVC: Bool = false, clock: Clock = .system
) -> [RemoteCheck] {
    let text = String(UInt64.random(in: .min ... .max), radix: 36)
    let name = RemoteName(unchecked: "probe-\(text)")
    let content = Array("repro remote test \(text)\n".utf8)
    var skew: String?
    let list = { _ = try storage.list(isDVC ? "" : RemoteFormat.indexFolder, page: nil) }
    let write = { _ = try storage.put(name, content) }
    let read = {
        let found = try storage.get(name, nil, limitBytes: 4096)
        if found != content {
            throw RemoteError.unexpectedReply(remote: storage.label, what: "other bytes than were written")
        }
    }
    let find = {
        if try storage.head(RemoteFormat.markerName) == nil { throw RemoteError.notARemote(remote: storage.label) }
    }
    let steps: [(String, () throws -> Void)] =
        switch (isDVC, storage.isWritable) {
        case (false, true):
            [
                ("list", list), ("write", write), ("read", read),
                ("clock", { skew = try clockSkew(of: storage, name, clock) }), ("delete", { try storage.delete(name) }),
            ]
        case (false, false): [("list", list), ("read", find)]
        case (true, true): [("list", list)]
        // A web server need not list what DVC pushed: each file is looked for by its name.
        case (true, false): [("read", { _ = try storage.head(name) })]
        }
    var checks: [RemoteCheck] = []
    for (name, step) in steps {
        do {
            try step()
            checks.append(RemoteCheck(name: name, failure: nil, note: name == "clock" ? skew : nil))
        } catch let error as any UserFacingError {
            checks.append(RemoteCheck(name: name, failure: error))
            break
        } catch {
            break
        }
    }
    return checks
}

/// How far this machine's clock is from the server's, which has just written `name`; nil if they agree, or if the server
/// says nothing. Signatures are put right by it, so that it does no harm.
private func clockSkew(of storage: any RemoteStorage, _ name: RemoteName, _ clock: Clock) throws -> String? {
    guard let theirs = try storage.head(name)?.modified else { return nil }
    let seconds = clock.now().milliseconds(since: theirs) / 1000
    if abs(seconds) <= unnoticedSkewSeconds { return nil }
    return "this machine's is \(abs(seconds)) s \(seconds > 0 ? "ahead of" : "behind") the server's"
}

/// Between writing and asking, time passes.
private let unnoticedSkewSeconds: Int64 = 30
