import Files
import Hashing
import Objects
import Synchronization
import Threads

/// A large object that is put together in a file, chunk by chunk in any order, by any thread.
///
/// Its digests are computed while it grows, by whichever thread has just delivered and finds nobody at it: at the end
/// little is left to read again, and nothing is hashed after the last byte has come but what came last.
final class GrowingFile: Sendable {
    let path: AbsolutePath
    private let fileSystem: FileSystem
    /// Where chunks that have come begin, and their sizes.
    private let arrived: Mutex<[UInt64: Int]>
    private let hashing = Mutex(Progress())

    private struct Progress: ~Copyable {
        let digests = DigestBuilder()
        var hashedBytes: UInt64 = 0
        var flushedBytes: UInt64 = 0
    }

    /// The file that was opened first: another one under its name would have gaps where this one has chunks.
    private let inode = Mutex<UInt64?>(nil)

    init(path: AbsolutePath, in fileSystem: FileSystem, arrived: [UInt64: Int] = [:]) {
        self.path = path
        self.fileSystem = fileSystem
        self.arrived = Mutex(arrived)
    }

    func deliver(_ bytes: [UInt8], at offset: UInt64) throws {
        let file = try fileSystem.openOrCreate(path)
        let opened = try file.status().inode
        let isSame = inode.withLock { inode in
            inode = inode ?? opened
            return inode == opened
        }
        guard isSame else { throw FileError(.write, path, .notFound) }
        try file.write(bytes, at: offset)
        arrived.withLock { $0[offset] = bytes.count }
        // Who is at it looks for what has come when it is done with the rest; what it misses is done at the end.
        _ = try hashing.withLockIfAvailable { try hash(&$0, having: (offset, bytes)) }
    }

    /// All chunks have come. Nil if the file is not what was written: longer, or another.
    func finish() throws -> Digest? {
        let status = try fileSystem.status(of: path)
        let first = inode.withLock { $0 }
        return try hashing.withLock { progress in
            try hash(&progress, having: nil)
            guard status?.sizeBytes == progress.hashedBytes, first == nil || status?.inode == first else { return nil }
            return Digest(progress.digests.finish())
        }
    }

    /// As far as the file is there without a gap. What is in memory still is not read again.
    private func hash(_ progress: inout Progress, having own: (offset: UInt64, bytes: [UInt8])?) throws {
        while let count = arrived.withLock({ $0[progress.hashedBytes] }) {
            if let own, own.offset == progress.hashedBytes {
                progress.digests.update(own.bytes.span.bytes)
            } else {
                let bytes = try fileSystem.open(path).read(at: progress.hashedBytes, count: count)
                progress.digests.update(bytes.span.bytes)
            }
            progress.hashedBytes += UInt64(count)
            if count == 0 { return }
        }
        // So that the disk works while the network does, and not only after it.
        if progress.hashedBytes - progress.flushedBytes >= flushBytes {
            try fileSystem.open(path).synchronise()
            progress.flushedBytes = progress.hashedBytes
        }
    }
}

private let flushBytes: UInt64 = 64 << 20
