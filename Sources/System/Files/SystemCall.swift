import Glibc

extension FileError {
    /// From errno, right after the call that set it.
    init(_ action: FileAction, _ path: AbsolutePath, errno code: Int32) {
        self.init(action, path, Reason(errno: code))
    }
}

extension FileError.Reason {
    init(errno code: Int32) {
        switch code {
        case ENOENT: self = .notFound
        case EACCES, EPERM: self = .denied
        case EROFS: self = .readOnly
        case ENOSPC: self = .diskFull
        case EDQUOT: self = .quotaExceeded
        case EEXIST: self = .alreadyExists
        case ENOTDIR: self = .notAFolder
        case EISDIR: self = .isAFolder
        case ENOTEMPTY: self = .folderNotEmpty
        case EXDEV: self = .otherFileSystem
        case EMFILE, ENFILE: self = .tooManyOpenFiles
        case EMLINK: self = .tooManyLinks
        case ELOOP: self = .tooManySymbolicLinks
        case ENAMETOOLONG: self = .nameTooLong
        case EOPNOTSUPP, ENOSYS, ENOTTY, EINVAL: self = .unsupported
        case EAGAIN, EBUSY, ETXTBSY: self = .busy
        case EIO: self = .inputOutput
        default: self = .other(String(cString: strerror(code)))
        }
    }
}

/// Runs a call that answers -1 and errno on failure; again if a signal interrupted it.
@discardableResult
func retryingInterrupts<Value: FixedWidthInteger>(
    _ action: FileAction, _ path: @autoclosure () -> AbsolutePath, _ call: () -> Value
) throws(FileError) -> Value {
    while true {
        let result = call()
        if result != -1 { return result }
        let code = errno
        if code != EINTR { throw FileError(action, path(), errno: code) }
    }
}

/// Lends a name to C, with a NUL at its end.
func withCName<Result>(_ name: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: name.count + 1) { buffer in
        for (index, byte) in name.enumerated() { buffer[index] = CChar(bitPattern: byte) }
        buffer[name.count] = 0
        guard let base = buffer.baseAddress else { preconditionFailure("an allocation of at least one byte") }
        return body(base)
    }
}
