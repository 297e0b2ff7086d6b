import Diagnostics
import Files
import Objects
import Synchronization
import TestSupport
import Testing
import Workspaces

/// Files that cannot be read, or that change while they are read.
@Suite struct HardFileTests {
    let fixture: WorkspaceFixture
    var folder: TemporaryFolder { fixture.folder }

    init() throws {
        fixture = try WorkspaceFixture()
        try folder.write("one", to: "data/a.txt")
        try folder.write("two", to: "data/b.txt")
    }

    @Test func `a file that may not be read is named, and nothing is kept`() throws {
        let secret = folder["data/b.txt"]
        let fileSystem = FileSystem { call in call.action == .open && call.path == secret ? .fail(.denied) : nil }
        let workspace = try fixture.open(in: fileSystem)
        let error = #expect(throws: FileError.self) { try workspace.keep(path("data")) }
        #expect(error?.kind == .denied)
        #expect(error?.message.contains("data/b.txt") == true)
        #expect(try workspace.store.storedObjects() == [])
    }

    @Test func `a file that is written to each time it is read is refused, and nothing is kept`() throws {
        let busy = folder["data/b.txt"]
        let fileSystem = FileSystem { call in
            if call.action == .open, call.path == busy, let size = try? FileSystem.real.status(of: busy)?.sizeBytes {
                _ = try? FileSystem.real.removeFile(busy)
                let file = try? FileSystem.real.create(busy)
                try? file?.write([UInt8](repeating: 7, count: Int(size) + 1))
            }
            return nil
        }
        let workspace = try fixture.open(in: fileSystem)
        let error = #expect(throws: WorkspaceError.self) { try workspace.keep(path("data")) }
        #expect(error == .keepsChanging(try path("data/b.txt")))
        #expect(error?.message == "data/b.txt is being written to while it is read")
        #expect(error?.hint == "wait until whatever writes it is done, then run the command again")
        #expect(try workspace.store.storedObjects() == [])
    }

    @Test func `a file that changes once while it is read is kept as it was afterwards`() throws {
        let busy = folder["data/b.txt"]
        let changed = Flag()
        let fileSystem = FileSystem { call in
            if call.action == .open, call.path == busy, changed.set() {
                _ = try? FileSystem.real.removeFile(busy)
                let file = try? FileSystem.real.create(busy)
                try? file?.write(Array("after".utf8))
            }
            return nil
        }
        let kept = try fixture.open(in: fileSystem).keep(path("data"))
        #expect(try fixture.open().fingerprint(path("data")) == kept)
        #expect(try folder.read("data/b.txt") == "after")
    }
}

/// True once.
private final class Flag: Sendable {
    private let state = Mutex(false)

    func set() -> Bool {
        state.withLock { state in
            defer { state = true }
            return !state
        }
    }
}
