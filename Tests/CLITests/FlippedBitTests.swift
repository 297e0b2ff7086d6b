import Files
import TestSupport
import Testing

/// A bit that flips in any kind of file that Repro keeps is found by `repro verify`, named, and healed.
@Suite struct FlippedBitTests {
    let project: TemporaryProject

    /// Tracked data that lies in the store in every form, and a stage that has run.
    init() throws {
        project = try TemporaryProject.sample()
        var random = SeededRandom(seed: 7)
        func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
        for number in 0..<30 { try project.write("small/\(number)", bytes: bytes(500)) }
        try project.write("few/raw", bytes: bytes(200_000))
        try project.write("few/text", String(repeating: "it shrinks ", count: 20_000))
        try project.succeed("add", "small")
        // So few that they become files of their own, the listing of the folder too.
        try project.succeed("add", "few")
        try project.succeed("run")
        #expect(try project.run("verify", "--store").status == 0)
    }

    /// Flips one bit of a file, whatever its mode.
    private func flip(_ path: String, byte: Int, bit: UInt8) throws {
        var bytes = try project.readBytes(path)
        bytes[byte] ^= 1 << bit
        project.remove(path)
        try project.write(path, bytes: bytes)
    }

    private func file(_ suffix: String, below folder: String, where fits: ([UInt8]) -> Bool = { _ in true }) throws
        -> String
    {
        let files = try project.files(below: folder).filter { $0.hasSuffix(suffix) }
        return try #require(try files.first { fits(try project.readBytes($0)) })
    }

    /// Flips bits at some places of the file, one after another; each is found, named by `name` and healed.
    private func check(_ path: String, named name: String, from first: Int = 0) throws {
        let whole = try project.readBytes(path)
        var random = SeededRandom(seed: 11)
        for round in 0..<6 {
            let byte = round == 0 ? first : first + random.next(below: whole.count - first)
            try flip(path, byte: byte, bit: UInt8(random.next(below: 8)))
            let found = try project.run("verify", "--store")
            // Of a frame's header a bit may say nothing.
            if path.hasSuffix(".zst"), found.status == 0 {
                project.remove(path)
                try project.write(path, bytes: whole)
                continue
            }
            #expect(found.status == 5, "byte \(byte) of \(path): \(found.stdout)\(found.stderr)")
            #expect((found.stdout + found.stderr).contains(name), "byte \(byte): \(found.stdout)\(found.stderr)")
            let healed = try project.run("verify", "--store", "--repair")
            #expect(healed.status == 0, "byte \(byte) of \(path): \(healed.stdout)\(healed.stderr)")
            #expect(try project.run("verify", "--store").status == 0)
            if project.exists(path) { #expect(try project.readBytes(path) == whole) }
        }
        #expect(try project.run("status", "--check").status == 0)
    }

    @Test func `in a raw object`() throws {
        let path = try file("", below: ".repro/store/objects") { $0.count == 200_000 }
        try check(path, named: "needed by tracked data, few/raw")
    }

    @Test func `in a compressed object`() throws {
        let path = try file(".zst", below: ".repro/store/objects")
        try check(path, named: "needed by tracked data, few/text")
    }

    @Test func `in the listing of a folder`() throws {
        let path = try file("", below: ".repro/store/objects") { $0.starts(with: "RPTREE".utf8) }
        try check(path, named: "needed by tracked data, ")
    }

    @Test func `in a pack, of which no record is changed`() throws {
        let path = try file(".pack", below: ".repro/store/packs")
        let name = path.split(separator: "/").last.map { String($0.dropLast(5)) } ?? ""
        var random = SeededRandom(seed: 13)
        let count = try project.readBytes(path).count
        for round in 0..<6 {
            // Of another record each time: what was healed is whole elsewhere.
            let byte = 8 + round * (count / 7) + random.next(below: 200)
            try flip(path, byte: byte, bit: UInt8(random.next(below: 8)))
            let found = try project.run("verify", "--store")
            #expect(found.status == 5, "byte \(byte): \(found.stdout)")
            #expect(found.stdout.contains("(pack \(name), byte "))
            #expect(found.stdout.contains("needed by tracked data, small/"))
            #expect(try project.run("verify", "--store", "--repair").status == 0)
            #expect(try project.run("verify", "--path", "small").status == 0)
        }
    }

    @Test func `in the index of a pack, which is made again at once`() throws {
        let path = try file(".index", below: ".repro/store/packs")
        let whole = try project.readBytes(path)
        var random = SeededRandom(seed: 17)
        for _ in 0..<6 {
            try flip(path, byte: random.next(below: whole.count), bit: UInt8(random.next(below: 8)))
            let found = try project.run("verify", "--store")
            #expect(found.status == 5)
            #expect(found.stdout.contains(path + ": made again from its pack"))
            #expect(try project.run("verify", "--store").status == 0)
            #expect(try project.readBytes(path) == whole)
        }
    }

    @Test func `in the run cache`() throws {
        let path = try file(".json", below: ".repro/store/run-cache")
        let whole = try project.readBytes(path)
        var random = SeededRandom(seed: 19)
        for _ in 0..<12 {
            try project.write(path, bytes: whole)
            // Space between the values may change without harm.
            var byte = 0
            repeat { byte = random.next(below: whole.count) } while whole[byte] == 0x20 || whole[byte] == 0x0A
            try flip(path, byte: byte, bit: UInt8(random.next(below: 8)))
            let found = try project.run("verify", "--store")
            #expect(found.status == 5, "byte \(byte)")
            #expect(found.stdout.contains("\(project.path(path)): an entry of the run cache"), "\(found.stdout)")
            #expect(try project.run("verify", "--store", "--repair").status == 0)
            #expect(!project.exists(path))
        }
        #expect(try project.run("run").status == 0)
    }

    @Test func `in the version of the store`() throws {
        let whole = try project.readBytes(".repro/store/version")
        for byte in whole.indices.dropLast(2) {
            try flip(".repro/store/version", byte: byte, bit: UInt8(byte % 8))
            let found = try project.run("verify", "--store")
            #expect(found.status == 5, "byte \(byte)")
            #expect(found.stderr.contains("hint: `repro verify --store --repair` writes it again"))
            let mended = try project.run("verify", "--store", "--repair")
            #expect(mended.status == 0, "\(mended.stderr)")
            #expect(mended.stdout.contains("the version of the store; written again"))
            #expect(try project.readBytes(".repro/store/version") == whole)
        }
    }

    @Test func `in a pointer file, which Git has, or which is written by adding again`() throws {
        let whole = try project.readBytes("few.repro")
        let start = try #require(whole.firstIndex(of: 0x0A))
        var random = SeededRandom(seed: 23)
        let digits = UInt8(ascii: "a")...UInt8(ascii: "f")
        for _ in 0..<40 {
            var (byte, bit) = (0, UInt8(0))
            // Neither space nor the case of a hexadecimal digit says anything.
            repeat {
                byte = start + random.next(below: whole.count - start)
                bit = UInt8(random.next(below: 8))
            } while whole[byte] == 0x20 || (bit == 5 && digits.contains(whole[byte]))
            try flip("few.repro", byte: byte, bit: bit)
            let found = try project.run("verify", "--path", "few")
            let text = "\(byte): " + String(decoding: try project.readBytes("few.repro"), as: UTF8.self)
            #expect(found.status != 0, "\(text)\(found.stdout)")
            #expect((found.stdout + found.stderr).contains("few"), "\(text)\(found.stdout)\(found.stderr)")
            try project.succeed("add", "few")
            #expect(try project.readBytes("few.repro") == whole)
        }
    }

    @Test func `in the file-state index, which is never believed where it is damaged`() throws {
        var random = SeededRandom(seed: 29)
        for _ in 0..<25 {
            try project.succeed("status", "--check")
            let size = try project.readBytes(".repro/index.sqlite").count
            try flip(".repro/index.sqlite", byte: random.next(below: size), bit: UInt8(random.next(below: 8)))
            let verified = try project.run("verify", "--store")
            #expect(verified.status == 0, "\(verified.stdout)\(verified.stderr)")
            #expect(try project.run("status", "--check").status == 0)
        }
        // In the row of few/raw.
        let line = #"sqlite3 .repro/index.sqlite "UPDATE files SET changed = changed + 4 WHERE name = x'726177'""#
        guard try project.shell("command -v sqlite3").status == 0 else { return }
        #expect(try project.shell(line).status == 0)
        #expect(try project.run("verify", "--store").stdout.contains("1 entry of the file-state index; forgotten"))
    }
}
