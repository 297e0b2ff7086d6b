import Files
import Glibc
import TestSupport
import Testing

/// A disk that is really full: a small file system in memory, which only root may mount.
@Suite struct FullDiskTests {
    @Test(.enabled(if: SmallDisk.canMount, SmallDisk.reason))
    func `a stage that fills the disk fails with words, and the run goes on when there is room again`() throws {
        let project = try TemporaryProject()
        let disk = try SmallDisk(at: project.path("disk"), megabytes: 6)
        defer { withExtendedLifetime(disk) {} }
        try project.write(
            "disk/repro.yaml",
            """
            stages:
              small:
                cmd: echo s > small.txt
                outs: [small.txt]
              large:
                cmd: cat small.txt > large.bin; head -c ${bytes} /dev/urandom >> large.bin
                deps: [small.txt]
                outs: [large.bin]

            """)
        // The second does not fit twice: the stage ends well, and keeping its out does not.
        for bytes in [50_000_000, 4_500_000] {
            try project.write("disk/params.yaml", "bytes: \(bytes)\n")
            let result = try project.run("-C", "disk", "run")
            #expect(result.status != 0)
            #expect(result.status != 70, "\(result.stderr)")
            #expect(result.stderr.contains("No space left on device") || result.stderr.contains("disk full"))
            project.remove("disk/large.bin")
            #expect(try project.run("-C", "disk", "verify", "--store").status == 0)
        }
        try project.write("disk/params.yaml", "bytes: 1000\n")
        let result = try project.run("-C", "disk", "run", "--json")
        #expect(result.status == 0, "\(result.stderr)")
        #expect(try project.readBytes("disk/large.bin").count == 1002)
    }
}
