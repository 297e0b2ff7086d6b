import Diagnostics
import Files
import Glibc
import Objects
import Synchronization
import TestSupport
import Testing
import Workspaces

/// What a walk of the workspace meets that is not a plain file of a plain name.
@Suite struct SurveyTests {
    let fixture: WorkspaceFixture
    let files = FileSystem.real
    var folder: TemporaryFolder { fixture.folder }

    init() throws { fixture = try WorkspaceFixture() }

    /// Kept, removed, placed again: the same to the last byte.
    func expectRoundTrip(_ name: String = "data") throws -> Fingerprint {
        let before = try names(below: RelativePath(parsing: name))
        let workspace = try fixture.open()
        let fingerprint = try workspace.keep(path(name))
        try workspace.remove(path(name))
        try workspace.place(fingerprint, at: path(name))
        #expect(try names(below: RelativePath(parsing: name)) == before)
        let later = try fixture.open()
        #expect(try later.fingerprint(path(name)) == fingerprint)
        #expect(later.contentReadCount == 0)
        #expect(try later.freshFingerprint(path(name)) == fingerprint)
        return fingerprint
    }

    func names(below path: RelativePath) throws -> [[UInt8]] {
        let absolute = folder.path.appending(path)
        guard try files.status(of: absolute)?.kind == .folder else { return [path.bytes] }
        return try [path.bytes]
            + files.openFolder(absolute).names().flatMap { try names(below: path.appending(name: $0)) }
    }

    @Test func `names that are not UTF-8, hold newlines or differ in case alone are kept apart`() throws {
        let strange: [[UInt8]] = [
            [0xff, 0xfe], [0xc3, 0x28], Array("line\nbreak".utf8), Array("tab\t\"quote\" 'and' \\".utf8),
            Array("README".utf8), Array("readme".utf8), Array("\u{e9}".utf8), Array("e\u{301}".utf8),
            Array(" ".utf8), Array("-rf".utf8), [UInt8](repeating: 0x61, count: 255),
        ]
        for (number, name) in strange.enumerated() {
            let relative = RelativePath(unchecked: Array("data".utf8)).appending(name: name)
            try files.makeFolders(folder["data"])
            let file = try files.create(folder.path.appending(relative))
            try file.write(Array("content \(number)".utf8))
            try file.close()
        }
        let fingerprint = try expectRoundTrip()
        #expect(fingerprint.kind == .folder(fileCount: strange.count))
    }

    @Test func `a folder of many folders and files is listed whole, in any order of the threads`() throws {
        for number in 0..<300 { try folder.write("file \(number)", to: "data/\(number % 7)/\(number % 5)/\(number)") }
        for number in 0..<600 { try folder.write("flat \(number)", to: "data/flat/\(number)") }
        try files.makeFolders(folder["data/empty/emptier"])
        let fingerprint = try expectRoundTrip()
        #expect(fingerprint.kind == .folder(fileCount: 900))
        // What one thread finds, many find.
        let alone = Workspace(project: fixture.project, store: try fixture.open().store, width: 1)
        #expect(try alone.freshFingerprint(path("data")) == fingerprint)
        let many = Workspace(project: fixture.project, store: try fixture.open().store, width: 16)
        #expect(try many.freshFingerprint(path("data")) == fingerprint)
    }

    @Test func `a path of 4,000 bytes is kept and made again`() throws {
        // As long as the kernel takes, from the root of the file system.
        let room = 4095 - folder.path.bytes.count - "/data/file".utf8.count
        let part = String(repeating: "d", count: 200)
        let depth = room / (part.utf8.count + 1)
        let place = (["data"] + Array(repeating: part, count: depth)).joined(separator: "/")
        try folder.write("deep", to: "\(place)/file")
        _ = try expectRoundTrip()
        #expect(try folder.read("\(place)/file") == "deep")
    }

    @Test func `a path that is too long for the kernel is looked at all the same`() throws {
        let part = [UInt8](repeating: UInt8(ascii: "d"), count: 250)
        try files.makeFolders(folder["data"])
        var descriptor = open(folder["data"].description, O_RDONLY | O_DIRECTORY)
        for _ in 0..<20 {
            let name = part.map { CChar(bitPattern: $0) } + [0]
            #expect(mkdirat(descriptor, name, 0o777) == 0)
            let next = openat(descriptor, name, O_RDONLY | O_DIRECTORY)
            close(descriptor)
            descriptor = next
        }
        let file = openat(descriptor, "file", O_CREAT | O_WRONLY, 0o666)
        #expect(write(file, "deep", 4) == 4)
        close(file)
        close(descriptor)
        let workspace = try fixture.open()
        let fingerprint = try workspace.keep(path("data"))
        #expect(fingerprint.kind == .folder(fileCount: 1))
        #expect(try workspace.isKept(fingerprint))
        #expect(try workspace.fingerprint(path("data")) == fingerprint)
    }

    @Test func `sockets, pipes and what cannot be read are named, and nothing of the path is stored`() throws {
        try folder.write("x", to: "data/f")
        #expect(mkfifo(folder["data/pipe"].description, 0o600) == 0)
        let pipe = #expect(throws: WorkspaceError.self) { try fixture.open().keep(path("data")) }
        #expect(pipe == .specialFile(try path("data/pipe")))
        try files.removeFile(folder["data/pipe"])

        let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(folder["data/socket"].bytes.prefix(100))
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        #expect(isBound)
        let error = #expect(throws: WorkspaceError.self) { try fixture.open().keep(path("data")) }
        #expect(error == .specialFile(try path("data/socket")))
        try files.removeFile(folder["data/socket"])
        #expect(try fixture.open().store.storedObjects().isEmpty)
    }

    @Test func `a file that cannot be read is named`() throws {
        try folder.write("x", to: "data/a/readable")
        try folder.write("x", to: "data/b/unreadable")
        let faulty = FileSystem { call in
            call.action == .open && call.path.name == Array("unreadable".utf8) ? .fail(.denied) : nil
        }
        let error = #expect(throws: FileError.self) { try fixture.open(in: faulty).keep(path("data")) }
        #expect(error?.reason == .denied)
        #expect(error?.path == folder["data/b/unreadable"])
        #expect(try fixture.open().store.storedObjects().isEmpty)
    }

    @Test func `links are kept as links, wherever they lead, and nothing behind them is`() throws {
        try folder.write("secret", to: "outside/secret")
        try folder.write("x", to: "data/f")
        for (name, target) in [
            ("up", "../outside"), ("absolute", folder["outside/secret"].description), ("loop", "loop"),
            ("dangling", "none"),
            ("etc", "/etc"), ("self", "."),
        ] { try files.symbolicLink(at: folder["data/\(name)"], to: Array(target.utf8)) }
        let fingerprint = try expectRoundTrip()
        #expect(fingerprint.contentBytes == 1)
        let store = try fixture.open().store
        #expect(try !store.contains(Digest(of: Array("secret".utf8))))
        #expect(try files.readLink(folder["data/loop"]) == Array("loop".utf8))
    }

    @Test func `a file that is written to while it is read is read again, and given up in the end`() throws {
        let content = [UInt8](repeating: 7, count: 3_000_000)
        try folder.write(content, to: "data/f")
        let path = folder["data/f"].description
        // Each read of it is followed by a write.
        let writes = Mutex(0)
        let limit = Mutex(3)
        let faulty = FileSystem { call in
            guard call.action == .read, call.path.description == path else { return nil }
            let count = writes.withLock { count in
                count += 1
                return count
            }
            if count > limit.withLock({ $0 }) { return nil }
            let file = open(path, O_WRONLY)
            _ = pwrite(file, "changed", 7, off_t(count))
            close(file)
            return nil
        }
        let fingerprint = try fixture.open(in: faulty).keep(RelativePath(parsing: "data"))
        #expect(try fixture.open().freshFingerprint(RelativePath(parsing: "data")) == fingerprint)
        #expect(try fixture.open().isKept(fingerprint))
        limit.withLock { $0 = .max }
        try folder.write(content, to: "data/f")
        let error = #expect(throws: WorkspaceError.self) {
            try fixture.open(in: faulty).keep(RelativePath(parsing: "data"))
        }
        #expect(error == .keepsChanging(try RelativePath(parsing: "data/f")))
    }

    @Test func `the inode of a file that is gone does not make another file known`() throws {
        let workspace = try fixture.open()
        // The same size, the same time, and very likely the same inode.
        try folder.write("first", to: "data/f")
        _ = try workspace.fingerprint(path("data"))
        let status = try #require(try files.status(of: folder["data/f"]))
        for _ in 0..<50 {
            try files.removeFile(folder["data/f"])
            try folder.write("other", to: "data/f")
            try files.open(folder["data/f"]).setModified(nanoseconds: status.modifiedNanoseconds)
            #expect(try workspace.fingerprint(path("data/f"))?.digest == Digest(of: Array("other".utf8)))
            try files.removeFile(folder["data/f"])
            try folder.write("first", to: "data/f")
            try files.open(folder["data/f"]).setModified(nanoseconds: status.modifiedNanoseconds)
            #expect(try workspace.fingerprint(path("data/f"))?.digest == Digest(of: Array("first".utf8)))
        }
    }

    @Test func `a look at what is known opens no file and costs a few calls for each`() throws {
        for number in 0..<400 { try folder.write("\(number)", to: "data/\(number % 4)/\(number)") }
        _ = try fixture.open().keep(path("data"))
        let faulty = FaultyFileSystem()
        let workspace = try fixture.open(in: faulty.fileSystem)
        faulty.forgetCalls()
        _ = try workspace.fingerprint(path("data"))
        #expect(workspace.contentReadCount == 0)
        #expect(faulty.count(of: .read) == 0)
        #expect(faulty.count(of: .open) == 5)
        #expect(faulty.count(of: .inspect) < 400 + 20)
    }
}
