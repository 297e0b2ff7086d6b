import CLinux
import Glibc

/// What the file system says about a path, without its content being read.
package struct FileStatus: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file, folder, symbolicLink
        /// A socket, a pipe or a device.
        case other
    }

    package let kind: Kind
    package let device: UInt64
    package let inode: UInt64
    package let sizeBytes: UInt64
    /// When the content last changed, in nanoseconds since 1970.
    package let modifiedNanoseconds: Int64
    /// When content or attributes last changed: unlike the above, nobody can set it.
    package let changedNanoseconds: Int64
    /// Whether the owner may execute it.
    package let isExecutable: Bool
    package let isWritable: Bool
    /// Whether others of its group may write to it.
    package let isGroupWritable: Bool
    package let linkCount: Int

    package init(
        kind: Kind, device: UInt64, inode: UInt64, sizeBytes: UInt64, modifiedNanoseconds: Int64,
        changedNanoseconds: Int64, isExecutable: Bool, isWritable: Bool, isGroupWritable: Bool = false, linkCount: Int
    ) {
        self.kind = kind
        self.device = device
        self.inode = inode
        self.sizeBytes = sizeBytes
        self.modifiedNanoseconds = modifiedNanoseconds
        self.changedNanoseconds = changedNanoseconds
        self.isExecutable = isExecutable
        self.isWritable = isWritable
        self.isGroupWritable = isGroupWritable
        self.linkCount = linkCount
    }

    init(_ raw: linux_stat) {
        self.init(
            kind: Kind(mode: raw.mode), device: raw.device, inode: raw.inode, sizeBytes: raw.size,
            modifiedNanoseconds: raw.mtime_ns, changedNanoseconds: raw.ctime_ns,
            isExecutable: raw.mode & 0o100 != 0, isWritable: raw.mode & 0o200 != 0,
            isGroupWritable: raw.mode & 0o020 != 0, linkCount: Int(raw.links))
    }
}

extension FileStatus.Kind {
    fileprivate init(mode: UInt32) {
        switch mode & S_IFMT {
        case S_IFREG: self = .file
        case S_IFDIR: self = .folder
        case S_IFLNK: self = .symbolicLink
        default: self = .other
        }
    }
}
