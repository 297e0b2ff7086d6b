import Diagnostics
import Files
import Objects
import Synchronization
import TestSupport
import Testing
import Workspaces

/// What a monitor hears while one large file is worked at.
@Suite struct ProgressTests {
    let fixture: WorkspaceFixture
    let bytes = [UInt8]((0..<9_000_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) })

    init() throws {
        fixture = try WorkspaceFixture(config: "version: 1\nstore:\n  compression: never\n")
        try fixture.folder.write(bytes, to: "data/large")
        try fixture.folder.write("small", to: "data/small")
    }

    /// Grows with each piece, and ends with all of it.
    private func check(_ heard: Listener) {
        let done = heard.done
        #expect(done.count > 8)
        #expect(done == done.sorted())
        #expect(done.last == bytes.count + 5)
        #expect(heard.items.last == 2)
        #expect(heard.totals.last == bytes.count + 5)
    }

    @Test func `storing, comparing and making it are heard of piece by piece`() throws {
        let (storing, making, comparing) = (Listener(), Listener(), Listener())
        // With one thread: several may be heard of in another order.
        let store = try ObjectStore.openOrCreate(at: fixture.project.storeFolder, compresses: false)
        let workspace = Workspace(project: fixture.project, store: store, width: 1)
        let kept = try workspace.keep([path("data")], monitor: storing)[0]
        check(storing)
        try workspace.remove(path("data"))
        try workspace.place(Tree.Content(kept), at: path("data"), unsaved: .refuse, monitor: making)
        check(making)
        try fixture.folder.write(bytes.reversed(), to: "data/large")
        try fixture.folder.write("SMALL", to: "data/small")
        _ = try workspace.changesToNow(from: kept, at: path("data"), monitor: comparing)
        #expect(comparing.done.last == bytes.count + 5)
        #expect(comparing.done.count > 8)
    }
}

private final class Listener: Monitor {
    private let heard = Mutex<[Progress]>([])

    var done: [Int] { heard.withLock { $0.map(\.doneBytes) } }
    var items: [Int] { heard.withLock { $0.map(\.doneItems) } }
    var totals: [Int?] { heard.withLock { $0.map(\.totalBytes) } }

    func progress(_ progress: Progress) { heard.withLock { $0.append(progress) } }
    func warning(_ error: any UserFacingError) {}
}
