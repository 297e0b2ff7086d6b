import CLinux

/// Large files between the program and the disk, without a copy in the kernel's memory: there in a third of the time, and what
/// lies in memory stays there.
extension OpenFile {
    /// Memory, place and number of bytes of what is read or written directly are multiples of it.
    package static let directAlignment = 4096

    /// From this size on a file is worth it: smaller ones are likely to be read again soon, and then are in memory.
    package static let directFromBytes: UInt64 = 64 << 20

    /// Reads and writes directly from now on, or no longer. False if the file system cannot do it; one that finds out later
    /// answers a write with `unsupported`.
    @discardableResult
    package func setDirect(_ isDirect: Bool) -> Bool {
        withDescriptor { linux_set_direct($0, isDirect ? 1 : 0) } == 0
    }

    /// Writes a piece of a file for which `setDirect` was true. After one that does not end where the disk's blocks do, the
    /// rest is written as usual.
    package func writeDirectly(_ piece: RawSpan, at offset: UInt64) throws(FileError) {
        if piece.byteCount % Self.directAlignment != 0 { setDirect(false) }
        do throws(FileError) {
            try write(piece, at: offset)
        } catch {
            guard error.reason == .unsupported else { throw error }
            setDirect(false)
            try write(piece, at: offset)
        }
    }

    /// Hands the content from the start to the end over, piece by piece. What is in the kernel's memory is taken from there,
    /// the rest directly from the disk: it is not wanted in memory afterwards.
    package func forEachPieceDirectly(_ body: (RawSpan) throws -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.pieceBytes, alignment: Self.directAlignment)
        defer { buffer.deallocate() }
        var (offset, canBeDirect): (UInt64, Bool) = (0, true)
        while true {
            let isDirect = canBeDirect && isInMemory(at: offset, count: buffer.count) == false && setDirect(true)
            let count: Int
            do throws(FileError) {
                count = try read(into: buffer, at: offset)
                if isDirect { setDirect(false) }
            } catch {
                guard isDirect else { throw error }
                (_, canBeDirect) = (setDirect(false), false)
                continue
            }
            if count == 0 { return }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            try body(piece.bytes)
            offset += UInt64(count)
            // Only the last piece is shorter, but for a file that changes.
            if count < buffer.count { canBeDirect = false }
        }
    }

    /// Nil if that cannot be known.
    private func isInMemory(at offset: UInt64, count: Int) -> Bool? {
        let answer = withDescriptor { linux_is_in_memory($0, offset, count) }
        return answer < 0 ? nil : answer == 1
    }
}

/// Writes a new large file from pieces of any size: collects them into such as the disk takes directly.
///
/// Several of them may be at work on all cores, so each holds little.
package final class DirectWriter {
    private let memory = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 4 << 20, alignment: OpenFile.directAlignment)
    private var filled = 0
    private var offset: UInt64 = 0

    /// Nil if the file is too small for it to be worth it, or its file system cannot do it. `expectedBytes` need not be true.
    package init?(_ file: borrowing OpenFile, expectedBytes: UInt64) {
        guard expectedBytes >= OpenFile.directFromBytes, file.setDirect(true) else { return nil }
    }

    deinit { memory.deallocate() }

    package func write(_ bytes: RawSpan, to file: borrowing OpenFile) throws(FileError) {
        var written = 0
        while written < bytes.byteCount {
            let count = min(bytes.byteCount - written, memory.count - filled)
            bytes.withUnsafeBytes { all in
                UnsafeMutableRawBufferPointer(rebasing: memory[filled...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: all[written..<written + count]))
            }
            (filled, written) = (filled + count, written + count)
            if filled == memory.count { try flush(to: file) }
        }
    }

    /// Writes what is left. Nothing may follow.
    package func finish(to file: borrowing OpenFile) throws(FileError) {
        if filled > 0 { try flush(to: file) }
    }

    private func flush(to file: borrowing OpenFile) throws(FileError) {
        let piece = UnsafeRawBufferPointer(rebasing: memory[..<filled])
        try file.writeDirectly(piece.bytes, at: offset)
        (filled, offset) = (0, offset + UInt64(piece.count))
    }
}
