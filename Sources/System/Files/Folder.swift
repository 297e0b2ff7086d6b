import CLinux
import Glibc

/// A folder that is open: its entries are reached by their names alone, which is what makes a walk fast. Closed when
/// it goes out of scope.
package struct Folder: ~Copyable, Sendable {
    let descriptor: Descriptor
    package let path: AbsolutePath
    let fileSystem: FileSystem

    /// A name in a folder, and what is there.
    package struct Entry: Sendable {
        package let name: [UInt8]
        package let status: FileStatus

        package init(name: [UInt8], status: FileStatus) {
            self.name = name
            self.status = status
        }
    }

    init(descriptor: consuming Descriptor, path: AbsolutePath, fileSystem: FileSystem) {
        self.descriptor = descriptor
        self.path = path
        self.fileSystem = fileSystem
    }

    /// All names but `.` and `..`, in byte order. One that vanishes meanwhile is left out.
    package func entries() throws(FileError) -> [Entry] {
        var entries: [Entry] = []
        for name in try names() {
            if let status = try status(of: name) { entries.append(Entry(name: name, status: status)) }
        }
        return entries
    }

    /// All names but `.` and `..`, in byte order.
    package func names() throws(FileError) -> [[UInt8]] { try list().map(\.name) }

    /// All names, in byte order, and whether each is a folder; cheaper than the status of each.
    package func namesAndFolders() throws(FileError) -> [(name: [UInt8], isFolder: Bool)] {
        var entries: [(name: [UInt8], isFolder: Bool)] = []
        for (name, type) in try list() {
            let isFolder = type == DT_UNKNOWN ? try status(of: name)?.kind == .folder : type == DT_DIR
            entries.append((name, isFolder))
        }
        return entries
    }

    private func list() throws(FileError) -> [(name: [UInt8], type: Int)] {
        try fileSystem.gate(.list, path)
        // A stream of its own, so that this folder can be listed again.
        let copy = try retryingInterrupts(.list, path) {
            openat(descriptor.number, ".", O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        }
        guard let stream = fdopendir(copy) else {
            let code = errno
            Glibc.close(copy)
            throw FileError(.list, path, errno: code)
        }
        defer { closedir(stream) }
        var names: [(name: [UInt8], type: Int)] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                let code = errno
                if code != 0 { throw FileError(.list, path, errno: code) }
                break
            }
            let name = entryName(entry)
            if !isDots(name) { names.append((name, Int(entry.pointee.d_type))) }
        }
        names.sort { precedes($0.name, $1.name) }
        return names
    }

    /// Of the entry itself, even if it is a symbolic link; nil if it is not there.
    package func status(of name: [UInt8]) throws(FileError) -> FileStatus? {
        try fileSystem.gate(.inspect, path(of: name))
        var raw = linux_stat()
        let code = withCName(name) { linux_stat_at(descriptor.number, $0, 0, &raw) == 0 ? 0 : errno }
        if code == 0 { return FileStatus(raw) }
        if code == ENOENT { return nil }
        throw FileError(.inspect, path(of: name), errno: code)
    }

    package func openFile(_ name: [UInt8]) throws(FileError) -> OpenFile {
        let path = path(of: name)
        try fileSystem.gate(.open, path)
        // Not to wait for a writer if a pipe was put there meanwhile.
        let file = try retryingInterrupts(.open, path) {
            withCName(name) { openat(descriptor.number, $0, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) }
        }
        return OpenFile(descriptor: Descriptor(file), path: path, fileSystem: fileSystem)
    }

    /// A folder in this one; a symbolic link is refused.
    package func openFolder(_ name: [UInt8]) throws(FileError) -> Folder {
        let path = path(of: name)
        try fileSystem.gate(.open, path)
        let folder = try retryingInterrupts(.open, path) {
            withCName(name) { openat(descriptor.number, $0, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_DIRECTORY) }
        }
        return Folder(descriptor: Descriptor(folder), path: path, fileSystem: fileSystem)
    }

    /// Where the symbolic link `name` points, as it is written there.
    package func readLink(_ name: [UInt8]) throws(FileError) -> [UInt8] {
        try fileSystem.gate(.read, path(of: name))
        var failure: FileError?
        let target = withCName(name) { cName -> [UInt8] in
            do throws(FileError) {
                return try linkTarget(descriptor.number, cName, path(of: name))
            } catch {
                failure = error
                return []
            }
        }
        if let failure { throw failure }
        return target
    }

    /// Removes all that is below, links not followed; the folder itself stays.
    package func removeContent() throws(FileError) {
        for name in try names() { try removeEntry(name) }
    }

    /// Removes one entry with all that is below it; nothing if it is absent.
    func removeEntry(_ name: [UInt8]) throws(FileError) {
        guard let status = try status(of: name) else { return }
        guard status.kind == .folder else { return try remove(name, flags: 0) }
        do {
            let folder = try openFolder(name)
            try folder.removeContent()
        }
        try remove(name, flags: AT_REMOVEDIR)
    }

    private func remove(_ name: [UInt8], flags: Int32) throws(FileError) {
        let path = path(of: name)
        try fileSystem.gate(.remove, path)
        do throws(FileError) {
            try retryingInterrupts(.remove, path) { withCName(name) { unlinkat(descriptor.number, $0, flags) } }
        } catch {
            if error.reason != .notFound { throw error }
        }
    }

    func path(of name: [UInt8]) -> AbsolutePath { path.appending(RelativePath(unchecked: name)) }
}

/// Byte order, as `lexicographicallyPrecedes` has it, at a tenth of its cost: a folder can have a million names.
private func precedes(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.withUnsafeBytes { a in
        b.withUnsafeBytes { b in
            guard let first = a.baseAddress, let second = b.baseAddress else { return a.count < b.count }
            let order = memcmp(first, second, min(a.count, b.count))
            return order == 0 ? a.count < b.count : order < 0
        }
    }
}

private func entryName(_ entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
    let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
    let start = UnsafeRawPointer(entry) + offset
    return Array(UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self))))
}

private func isDots(_ name: [UInt8]) -> Bool {
    let dot = UInt8(ascii: ".")
    return name == [dot] || name == [dot, dot]
}
