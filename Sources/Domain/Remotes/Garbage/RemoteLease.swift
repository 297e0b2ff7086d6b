import Diagnostics
import Files
import Synchronization

/// Tells those who collect garbage in a remote that somebody is at work there, and since when: a small file that is
/// written before the index is read, and removed at the end. docs/formats/remote.md, "Leases".
///
/// Lost 24 hours after it was last renewed. A process that is killed leaves its lease behind; the next one of the same
/// project, which finds its file lock free, removes it.
final class RemoteLease: Sendable {
    enum Kind: String, Sendable { case push, gc }

    let id: String
    private let kind: Kind
    private let storage: any RemoteStorage
    private let fileSystem: FileSystem
    private let lock: FileLock
    private let lockPath: AbsolutePath
    private let elapsed: @Sendable () -> Duration
    private let text: [UInt8]
    private let state: Mutex<State>

    private struct State: Sendable {
        var number = 0
        var renewed: Duration
    }

    static let life = Duration.seconds(24 * 3600)
    private static let renewalInterval = Duration.seconds(3600)

    /// `folder` is where the file locks are; `elapsed` goes on while the machine sleeps; `host` is for people.
    init(
        _ kind: Kind, in storage: any RemoteStorage, locks folder: AbsolutePath, _ fileSystem: FileSystem, host: String,
        elapsed: @escaping @Sendable () -> Duration
    ) throws {
        self.kind = kind
        self.storage = storage
        self.fileSystem = fileSystem
        self.elapsed = elapsed
        text = Array("repro lease 1\nkind: \(kind.rawValue)\nhost: \(host)\n".utf8)
        try fileSystem.makeFolders(folder)
        try Self.removeDead(storage, folder, fileSystem)
        id = (0..<2).map { _ in
            let text = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
        lockPath = folder.appending(id)
        lock = try FileLock.acquire(lockPath, timeout: .seconds(5), in: fileSystem)
        state = Mutex(State(renewed: elapsed()))
        try storage.put(LeaseName(id: id, number: 0, kind: kind).file, text)
    }

    /// Renews the lease if it is time to. Throws if it may have been lost: what was planned under it no longer holds.
    func renew() throws {
        try state.withLock { state in
            let now = elapsed()
            if now - state.renewed < Self.renewalInterval { return }
            // A request that was under way when the machine fell asleep is still to come, hence the hour.
            if now - state.renewed > Self.life - Self.renewalInterval {
                throw RemoteError.leaseLost(remote: storage.label)
            }
            try storage.put(LeaseName(id: id, number: state.number + 1, kind: kind).file, text)
            if state.number > 0 { try storage.delete(LeaseName(id: id, number: state.number, kind: kind).file) }
            state.number += 1
            state.renewed = now
        }
    }

    /// Gives the lease up. If the network does not allow it, the lease dies with its lock.
    func end() {
        let number = state.withLock { $0.number }
        do {
            // The first file goes last: it says when all began.
            if number > 0 { try storage.delete(LeaseName(id: id, number: number, kind: kind).file) }
            try storage.delete(LeaseName(id: id, number: 0, kind: kind).file)
            _ = try fileSystem.removeFile(lockPath)
        } catch {}
        withExtendedLifetime(lock) {}
    }

    /// Removes the leases of processes of this project that died.
    private static func removeDead(
        _ storage: any RemoteStorage, _ folder: AbsolutePath, _ fileSystem: FileSystem
    ) throws {
        var entries: [RemoteEntry]?
        for name in try fileSystem.openFolder(folder).names() {
            let path = folder.appending(RelativePath(unchecked: name))
            guard let lock = try FileLock.tryAcquire(path, in: fileSystem) else { continue }
            let listed = try entries ?? storage.listAll(RemoteFormat.leaseFolder)
            entries = listed
            let id = String(decoding: name, as: UTF8.self)
            for entry in listed where LeaseName(entry.name)?.id == id { try storage.delete(entry.name) }
            _ = try fileSystem.removeFile(path)
            withExtendedLifetime(lock) {}
        }
    }
}

/// `leases/<id>.<n>.<kind>`
struct LeaseName: Sendable, Hashable {
    let id: String
    let number: Int
    let kind: RemoteLease.Kind

    init(id: String, number: Int, kind: RemoteLease.Kind) {
        self.id = id
        self.number = number
        self.kind = kind
    }

    /// Nil for a name of another form.
    init?(_ name: RemoteName) {
        let parts = name.lastComponent.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard name.folder == RemoteFormat.leaseFolder, parts.count == 3, parts[0].utf8.count == 32,
            let number = Int(parts[1]), let kind = RemoteLease.Kind(rawValue: parts[2])
        else { return nil }
        self.init(id: parts[0], number: number, kind: kind)
    }

    var file: RemoteName { RemoteName(unchecked: "\(RemoteFormat.leaseFolder)/\(id).\(number).\(kind.rawValue)") }
}

/// A lease that is not known to be dead.
struct LivingLease: Sendable, Equatable {
    let id: String
    let kind: RemoteLease.Kind
    /// Nil where the server gives files no time: it may have begun at any moment.
    let began: Timestamp?

    /// Those of a listing of `leases/` that are alive at `now`, which is the server's.
    static func all(in entries: [RemoteEntry], now: Timestamp) -> [LivingLease] {
        var files: [String: [(name: LeaseName, modified: Timestamp?)]] = [:]
        for entry in entries {
            if let name = LeaseName(entry.name) { files[name.id, default: []].append((name, entry.modified)) }
        }
        return files.sorted { $0.key < $1.key }.compactMap { id, files in
            let times = files.map(\.modified)
            let life = RemoteLease.life.components.seconds * 1000
            let isDead = times.allSatisfy { time in time.map { now.milliseconds(since: $0) > life } ?? false }
            if isDead { return nil }
            // Without its first file it may have begun at any moment.
            let began = files.first { $0.name.number == 0 }?.modified
            return LivingLease(id: id, kind: files[0].name.kind, began: began)
        }
    }

    /// Whether it may have read the index before `moment`.
    func mayPrecede(_ moment: Timestamp) -> Bool { began.map { $0 <= moment } ?? true }
}
