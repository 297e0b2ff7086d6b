import Files
import Glibc
import TestSupport
import Testing

/// Commands about data on a disk that is full at each of their writes in turn: nothing is lost, and all works again when
/// there is room.
@Suite(.enabled(if: SmallDisk.canMount, SmallDisk.reason), .serialized)
struct FullDiskDataTests {
    let project: TemporaryProject
    let disk: SmallDisk

    /// A project on a disk of its own, with `kept` added.
    init() throws {
        project = try TemporaryProject()
        disk = try SmallDisk(at: project.path("disk"), megabytes: 16)
        try project.succeed("-C", "disk", "init")
        try makeData("kept", seed: 1)
        try run("add", "kept")
    }

    /// Small files that go into a pack, a few that are files in the store, and text that is compressed.
    private func makeData(_ name: String, seed: UInt64, count: Int = 40) throws {
        var random = SeededRandom(seed: seed)
        func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
        for number in 0..<count { try project.write("disk/\(name)/small/\(number)", bytes: bytes(700)) }
        try project.write("disk/\(name)/large", bytes: bytes(150_000))
        try project.write("disk/\(name)/text", bytes: Array(String(repeating: "\(seed) shrinks ", count: 20_000).utf8))
    }

    @discardableResult
    private func run(_ arguments: String...) throws -> ProgramResult {
        let result = try project.run(["-C", "disk"] + arguments)
        if result.status != 0 { throw UnexpectedStatus(command: arguments, result: result) }
        return result
    }

    /// Gives the command one more page each time, until it is done. Answers how often it was not.
    private func fill(
        _ arguments: String..., before: () throws -> Void = {}, after: () throws -> Void = {}
    ) throws -> Int {
        for pages in 0..<600 {
            try before()
            let result = try disk.leaving(pages: pages) { try project.run(["-C", "disk"] + arguments) }
            try after()
            let verified = try project.run("-C", "disk", "verify", "--store")
            #expect(verified.status == 0, "\(pages) pages: \(verified.stdout)\(verified.stderr)")
            if result.status == 0 { return pages }
            #expect(result.status == 1 || result.status == 6, "\(result.status): \(result.stderr)")
            #expect(
                result.stderr.contains("disk full") || result.stderr.contains("database or disk is full"),
                "\(result.stderr)")
            #expect(!result.stderr.contains("internal error"), "\(result.stderr)")
        }
        Issue.record("600 pages are not enough")
        return 600
    }

    private func checkKept(_ names: String...) throws {
        for name in names {
            #expect(try project.shell("mv disk/\(name) disk/expected").status == 0)
            try run("checkout", name)
            #expect(try project.shell("diff -r disk/\(name) disk/expected && rm -r disk/expected").status == 0)
        }
    }

    @Test func `add`() throws {
        try makeData("new", seed: 2)
        let failures = try fill(
            "add", "new",
            after: { () throws -> Void in
                // A pointer is there only if all is.
                if !project.exists("disk/new.repro") { return }
                #expect(try project.run("-C", "disk", "status", "--check").status == 0)
            })
        #expect(failures > 3)
        try checkKept("kept", "new")
        #expect(try project.run("-C", "disk", "status", "--check").status == 0)
    }

    @Test func `checkout`() throws {
        #expect(try project.shell("cp -r disk/kept expected").status == 0)
        let failures = try fill(
            "checkout", before: { project.remove("disk/kept") },
            after: { () throws -> Void in
                // What is there is whole.
                for path in try project.files(below: "disk").filter({ $0.hasPrefix("disk/kept/") }) {
                    let expected = "expected" + path.dropFirst("disk/kept".count)
                    let isSame = try project.readBytes(path) == project.readBytes(expected)
                    #expect(isSame, "\(path)")
                }
            })
        #expect(failures > 3)
        #expect(try project.shell("diff -r disk/kept expected").status == 0)
    }

    @Test func `gc that writes packs again`() throws {
        // Half of what lies in the pack is no longer needed.
        try makeData("other", seed: 3, count: 80)
        try run("add", "other")
        for number in 0..<40 { project.remove("disk/other/small/\(number)") }
        try run("add", "other")
        let failures = try fill("gc")
        #expect(failures > 0)
        try checkKept("kept", "other")
        #expect(try run("gc").stdout.hasSuffix("removed 0 objects, 0 B\n"))
    }

    @Test func `compaction of small packs`() throws {
        for number in 0..<18 {
            try makeData("part\(number)", seed: UInt64(10 + number), count: 26)
            project.remove("disk/part\(number)/large")
            try run("add", "part\(number)")
        }
        let before = try project.files(below: "disk/.repro/store/packs").filter { $0.hasSuffix(".pack") }.count
        #expect(before >= 18)
        let failures = try fill("gc")
        #expect(failures > 3)
        #expect(try project.files(below: "disk/.repro/store/packs").filter { $0.hasSuffix(".pack") }.count < before)
        try checkKept("kept", "part0", "part17")
    }
}
