import Files
import TestSupport
import Testing

/// What lies in a remote can be read by who knows only its format's page: `scripts/restore-from-remote` was written from it.
@Suite struct RemoteReaderTests {
    /// A project whose folder `data` and file `model.bin` take every way through the format, pushed to `../remote`.
    private func pushed() throws -> TemporaryProject {
        var random = SeededRandom(seed: 7)
        let noise = (0..<3_000_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let project = try TemporaryProject(["data/text.csv": String(repeating: "1,2,3,label\n", count: 200_000)])
        try project.write("model.bin", bytes: noise)
        try project.write("data/sub/tool.sh", "#!/bin/sh\n", isExecutable: true)
        try project.write("data/sub/empty", "")
        try project.write("data/part", bytes: Array(noise[1_000_000..<1_050_000]))
        try #require(project.shell("ln -s sub/tool.sh data/link && mkdir data/hollow").status == 0)
        try project.succeed("init")
        try project.succeed("add", "data", "model.bin")
        try project.succeed("remote", "add", "origin", "../remote")
        try project.succeed("push")
        return project
    }

    private func restore(_ project: TemporaryProject, _ pointer: String, _ target: String) throws -> ProgramResult {
        let reader = AbsolutePath(#filePath + "/../../../scripts/restore-from-remote")
        return try project.shell("python3 \(reader) ../remote \(pointer) \(target)")
    }

    @Test func `a reader that was written from the format's page restores files and folders`() throws {
        let project = try pushed()
        for name in ["data", "model.bin"] {
            let result = try restore(project, "\(name).repro", "../\(name)")
            #expect(result.status == 0, "\(result.stderr)")
            let difference = try project.shell("diff -r --no-dereference \(name) ../\(name)")
            #expect(difference.status == 0, "\(difference.stdout)")
        }
        #expect(try project.shell("test -x ../data/sub/tool.sh && test ! -x ../data/part").status == 0)
    }

    @Test func `it refuses what is damaged`() throws {
        let project = try pushed()
        let damage = "for f in ../remote/packs/*; do chmod +w $f; printf x | dd of=$f bs=1 seek=9 conv=notrunc; done"
        try #require(project.shell(damage).status == 0)
        let results = try ["data", "model.bin"].map { try restore(project, "\($0).repro", "../\($0)") }
        #expect(results.contains { $0.status != 0 && $0.stderr.contains(" is damaged: its SHA-256 is another") })
    }
}
