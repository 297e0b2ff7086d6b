import Files
import Objects

/// What the index remembers of a file: its status when it was read, and the digest of what was read.
struct FileState: Sendable, Equatable {
    let device: UInt64
    let inode: UInt64
    let modifiedNanoseconds: Int64
    let changedNanoseconds: Int64
    /// Its size is part of the digest.
    let digest: Digest
    /// Whether a change after the reading must show in the status. False: the file was so young when it was read that
    /// the file system's clock may not have moved on before a later change.
    let isSettled: Bool

    init(status: FileStatus, digest: Digest, isSettled: Bool) {
        self.init(
            device: status.device, inode: status.inode, modifiedNanoseconds: status.modifiedNanoseconds,
            changedNanoseconds: status.changedNanoseconds, digest: digest, isSettled: isSettled)
    }

    init(
        device: UInt64, inode: UInt64, modifiedNanoseconds: Int64, changedNanoseconds: Int64, digest: Digest,
        isSettled: Bool
    ) {
        self.device = device
        self.inode = inode
        self.modifiedNanoseconds = modifiedNanoseconds
        self.changedNanoseconds = changedNanoseconds
        self.digest = digest
        self.isSettled = isSettled
    }

    /// Whether a file with this status still holds what was read.
    func holds(for status: FileStatus) -> Bool {
        isSettled && status.sizeBytes == digest.sizeBytes && status.inode == inode && status.device == device
            && status.modifiedNanoseconds == modifiedNanoseconds && status.changedNanoseconds == changedNanoseconds
    }
}

/// The clock that stamps files moves in steps: two changes within one step leave the same stamp.
enum FileClock {
    /// How long a file must have been left alone before it is read, for a later change to show in its status.
    ///
    /// Linux steps by 1 to 10 ms. A stamp without a fraction of a second may come from a file system that counts in
    /// steps of 1 s (ext3, NFS) or 2 s (FAT).
    static func stepNanoseconds(for status: FileStatus) -> Int64 {
        status.latestStamp % 1_000_000_000 == 0 ? 2_000_000_000 : 12_000_000
    }

    /// Whether the file had been left alone for a step at the moment `now`.
    static func isSettled(_ status: FileStatus, at now: Int64) -> Bool {
        status.latestStamp + stepNanoseconds(for: status) <= now
    }

    /// How long to wait before reading, so that the state will be settled; zero if that takes longer than is worth
    /// while, or if the stamp is in the future.
    static func waitNanoseconds(for status: FileStatus, at now: Int64) -> Int64 {
        let age = now - status.latestStamp
        let step = stepNanoseconds(for: status)
        return age >= 0 && age < step && step <= 20_000_000 ? step - age : 0
    }
}

extension FileStatus {
    fileprivate var latestStamp: Int64 { max(modifiedNanoseconds, changedNanoseconds) }
}
