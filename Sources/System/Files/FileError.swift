package import Diagnostics

/// What the operating system refused to do, and to which path.
package struct FileError: UserFacingError, Equatable {
    package let action: FileAction
    package let path: AbsolutePath
    package let reason: Reason

    package init(_ action: FileAction, _ path: AbsolutePath, _ reason: Reason) {
        self.action = action
        self.path = path
        self.reason = reason
    }

    package enum Reason: Hashable, Sendable {
        case notFound
        case denied
        case readOnly
        case diskFull
        case quotaExceeded
        case alreadyExists
        case notAFolder
        case isAFolder
        case folderNotEmpty
        case otherFileSystem
        case tooManyOpenFiles
        case tooManyLinks
        case tooManySymbolicLinks
        case nameTooLong
        case unsupported
        /// Someone else uses or locks it.
        case busy
        case inputOutput
        /// What the system calls it.
        case other(String)
    }

    package var kind: ErrorKind {
        switch reason {
        case .notFound: .notFound
        case .denied, .readOnly: .denied
        case .alreadyExists, .folderNotEmpty: .conflict
        case .notAFolder, .isAFolder, .nameTooLong, .tooManySymbolicLinks: .invalidInput
        case .diskFull, .quotaExceeded, .otherFileSystem, .tooManyOpenFiles, .tooManyLinks, .unsupported, .busy,
            .inputOutput, .other:
            .unavailable
        }
    }

    package var message: String { "\(reasonText) while \(action.participle) \(path)" }

    private var reasonText: String {
        switch reason {
        case .notFound: "no such file or folder"
        case .denied: "permission denied"
        case .readOnly: "read-only file system"
        case .diskFull: "disk full"
        case .quotaExceeded: "disk quota exceeded"
        case .alreadyExists: "something of that name exists already"
        case .notAFolder: "a file stands where a folder should be"
        case .isAFolder: "a folder stands where a file should be"
        case .folderNotEmpty: "folder not empty"
        case .otherFileSystem: "the two ends are on different file systems"
        case .tooManyOpenFiles: "too many open files"
        case .tooManyLinks: "too many links to one file"
        case .tooManySymbolicLinks: "too many levels of symbolic links"
        case .nameTooLong: "name too long"
        case .unsupported: "the file system cannot do that"
        case .busy: "in use by another process"
        case .inputOutput: "input/output error"
        case .other(let text): text.lowercased()
        }
    }

    package var hint: String? {
        switch reason {
        case .denied: "see who owns it with `ls -ld \(path)`"
        case .readOnly: "mount it for writing, or use a folder that is writable"
        case .diskFull, .quotaExceeded: "free some space there, then run the same command again; nothing was lost"
        case .tooManyOpenFiles: "raise the limit with `ulimit -n 4096`"
        case .inputOutput: "the disk may be failing: see the system's log with `dmesg`"
        default: nil
        }
    }
}

/// What we do to files. Each system call that `FileSystem` makes is one of these.
package enum FileAction: String, Sendable, CaseIterable {
    case inspect, list, open, read, create, write, synchronise, rename, link, remove, makeFolder, changeAttributes, lock

    /// For an error's text.
    var participle: String {
        switch self {
        case .inspect: "looking at"
        case .list: "listing"
        case .open: "opening"
        case .read: "reading"
        case .create: "creating"
        case .write: "writing"
        case .synchronise: "flushing to disk"
        case .rename: "renaming"
        case .link: "linking"
        case .remove: "removing"
        case .makeFolder: "making folder"
        case .changeAttributes: "changing the attributes of"
        case .lock: "locking"
        }
    }
}
