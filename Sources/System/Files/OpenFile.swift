import CLinux
import Glibc

/// A file that is open, for reading or, if it was created by us, for both. Closed when it goes out of scope.
package struct OpenFile: ~Copyable, Sendable {
    /// How much is read or copied at once: larger gains nothing (measured), smaller costs calls.
    package static let pieceBytes = 1 << 20

    private let descriptor: Descriptor
    package let path: AbsolutePath
    private let fileSystem: FileSystem

    init(descriptor: consuming Descriptor, path: AbsolutePath, fileSystem: FileSystem) {
        self.descriptor = descriptor
        self.path = path
        self.fileSystem = fileSystem
    }

    /// Closes it and reports what only closing brings to light (a full disk, on a network file system).
    package consuming func close() throws(FileError) {
        let path = path
        let code = descriptor.close()
        if code != 0, code != EINTR { throw FileError(.write, path, errno: code) }
    }

    /// Lends the descriptor to other files of this module.
    func withDescriptor<Result>(_ body: (Int32) -> Result) -> Result { body(descriptor.number) }

    package func status() throws(FileError) -> FileStatus {
        try fileSystem.gate(.inspect, path)
        var raw = linux_stat()
        try retryingInterrupts(.inspect, path) { linux_stat_fd(descriptor.number, &raw) }
        return FileStatus(raw)
    }

    // MARK: Reading

    /// Hands the content from here to the end over, piece by piece; `expectedBytes` sizes the buffer.
    package func forEachPiece(expectedBytes: UInt64? = nil, _ body: (RawSpan) throws -> Void) throws {
        // One byte more than expected, so that the end is seen without the buffer being full.
        let capacity = expectedBytes.map { Int(min($0, UInt64(Self.pieceBytes - 1))) + 1 } ?? Self.pieceBytes
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let count = try readPiece(into: buffer)
            if count == 0 { return }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            try body(piece.bytes)
        }
    }

    /// The content from here to the end.
    package func readAll() throws(FileError) -> [UInt8] { try readAll(expectedBytes: status().sizeBytes) }

    /// The same, where the size is known already: `expectedBytes` only sizes the buffer.
    package func readAll(expectedBytes expected: UInt64) throws(FileError) -> [UInt8] {
        var content = [UInt8]()
        var capacity = Int(min(expected, 1 << 40)) + 1
        while true {
            var failure: FileError?
            let piece = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
                let raw = UnsafeMutableRawBufferPointer(buffer)
                do throws(FileError) {
                    while filled < raw.count {
                        let count = try readPiece(into: UnsafeMutableRawBufferPointer(rebasing: raw[filled...]))
                        filled += count
                        // A file that gives less than was asked for has ended there: one call less for each small one.
                        if count == 0 || (filled == Int(expected) && content.isEmpty) { break }
                    }
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            if content.isEmpty { content = piece } else { content += piece }
            if piece.count < capacity { return content }
            // Small at first: for a file of /proc, the kernel allocates as much as is asked for.
            capacity = min(Self.pieceBytes, max(4096, 2 * content.count))
        }
    }

    /// At most `count` bytes from the start; fewer only if there are no more. The place for reading on moves.
    package func readPrefix(_ count: Int) throws(FileError) -> [UInt8] {
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            do throws(FileError) {
                while filled < raw.count {
                    let read = try readPiece(into: UnsafeMutableRawBufferPointer(rebasing: raw[filled...]))
                    if read == 0 { break }
                    filled += read
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Fills the start of `buffer` from the byte at `offset` on; answers how many bytes, 0 at the end. The place for
    /// reading on stays.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileError) -> Int {
        try fileSystem.gate(.read, path)
        return try retryingInterrupts(.read, path) {
            pread(descriptor.number, buffer.baseAddress, buffer.count, off_t(clamping: offset))
        }
    }

    /// Goes back to the first byte.
    package func rewind() throws(FileError) {
        try retryingInterrupts(.read, path) { lseek(descriptor.number, 0, SEEK_SET) }
    }

    /// At most `count` bytes from `offset` on; fewer only if there are no more. The place for reading on stays.
    package func read(at offset: UInt64, count: Int) throws(FileError) -> [UInt8] {
        try fileSystem.gate(.read, path)
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(FileError) {
                while filled < count {
                    let target = buffer.baseAddress.map { $0 + filled }
                    let place = off_t(clamping: offset + UInt64(filled))
                    let read = try retryingInterrupts(.read, path) {
                        pread(descriptor.number, target, count - filled, place)
                    }
                    if read == 0 { break }
                    filled += read
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    private func readPiece(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        try fileSystem.gate(.read, path)
        return try retryingInterrupts(.read, path) { Glibc.read(descriptor.number, buffer.baseAddress, buffer.count) }
    }

    // MARK: Writing

    package func write(_ bytes: [UInt8]) throws(FileError) { try write(bytes.span.bytes) }

    package func write(_ bytes: RawSpan) throws(FileError) {
        let allowed = fileSystem.gateWrite(path, count: bytes.byteCount)
        var written = 0
        while written < allowed.bytes {
            written += try retryingInterrupts(.write, path) {
                bytes.withUnsafeBytes { all in
                    let rest = UnsafeRawBufferPointer(rebasing: all[written..<allowed.bytes])
                    return Glibc.write(descriptor.number, rest.baseAddress, rest.count)
                }
            }
        }
        if let error = allowed.error { throw error }
    }

    /// Writes `bytes` over what is at `offset`; what lies between the end and there reads as zeros.
    package func write(_ bytes: [UInt8], at offset: UInt64) throws(FileError) {
        try write(bytes.span.bytes, at: offset)
    }

    package func write(_ bytes: RawSpan, at offset: UInt64) throws(FileError) {
        let allowed = fileSystem.gateWrite(path, count: bytes.byteCount)
        var written = 0
        while written < allowed.bytes {
            let place = off_t(clamping: offset + UInt64(written))
            written += try retryingInterrupts(.write, path) {
                bytes.withUnsafeBytes { all in
                    let rest = UnsafeRawBufferPointer(rebasing: all[written..<allowed.bytes])
                    return pwrite(descriptor.number, rest.baseAddress, rest.count, place)
                }
            }
        }
        if let error = allowed.error { throw error }
    }

    /// Appends all of `source`; the kernel shares blocks where it can and copies elsewhere.
    package func append(contentOf source: borrowing OpenFile) throws(FileError) {
        let path = path
        while true {
            if let error = fileSystem.gateWrite(path, count: 0).error { throw error }
            let (from, to) = (source.descriptor.number, descriptor.number)
            let count = linux_copy_file_range(from, to, 1 << 30)
            let code = errno
            if count == 0 { return }
            if count > 0 || code == EINTR { continue }
            // Old kernels and some file systems cannot; what was copied so far stands, and we go on from there.
            if code == EXDEV || code == EINVAL || code == EOPNOTSUPP || code == ENOSYS { break }
            throw FileError(.write, path, errno: code)
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceBytes, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let count = try source.readPiece(into: buffer)
            if count == 0 { return }
            try write(UnsafeRawBufferPointer(rebasing: buffer[..<count]).bytes)
        }
    }

    /// Becomes the whole of `source` by sharing its blocks; false if the file system cannot do that.
    package func reflink(_ source: borrowing OpenFile) throws(FileError) -> Bool {
        try fileSystem.gate(.link, path)
        if linux_reflink(source.descriptor.number, descriptor.number) == 0 { return true }
        let code = errno
        switch FileError.Reason(errno: code) {
        case .unsupported, .otherFileSystem, .isAFolder: return false
        default: throw FileError(.link, path, errno: code)
        }
    }

    /// Lets the disk begin with what was written so far; nobody waits for it, and it promises nothing.
    package func beginWritingBack() { _ = linux_begin_writing_back(descriptor.number) }

    /// Makes the content survive a power cut.
    package func synchronise() throws(FileError) {
        try fileSystem.gate(.synchronise, path)
        try retryingInterrupts(.synchronise, path) { fsync(descriptor.number) }
    }

    package func setPermissions(_ permissions: UInt32) throws(FileError) {
        try fileSystem.gate(.changeAttributes, path)
        try retryingInterrupts(.changeAttributes, path) { fchmod(descriptor.number, mode_t(permissions)) }
    }

    /// Sets the time at which the content is said to have changed.
    package func setModified(nanoseconds: Int64) throws(FileError) {
        try fileSystem.gate(.changeAttributes, path)
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let time = timespec(tv_sec: Int(seconds), tv_nsec: Int(rest))
        let times = [time, time]
        try retryingInterrupts(.changeAttributes, path) { futimens(descriptor.number, times) }
    }
}
