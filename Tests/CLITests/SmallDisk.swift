import Files
import Glibc
import TestSupport
import Testing

/// A small file system in memory, which only root may mount; gone with the object.
final class SmallDisk: Sendable {
    static let reason: Comment = "only root can mount a small file system"
    private let path: AbsolutePath

    static var canMount: Bool {
        guard getuid() == 0 else { return false }
        // Containers often take the right away.
        let probe = "/tmp/repro-mount-probe-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        mkdir(probe, 0o700)
        defer { rmdir(probe) }
        guard mount("tmpfs", probe, "tmpfs", 0, "size=1m") == 0 else { return false }
        return umount2(probe, Int32(MNT_DETACH)) == 0
    }

    init(at path: AbsolutePath, megabytes: Int) throws {
        self.path = path
        mkdir(path.description, 0o700)
        guard mount("tmpfs", path.description, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
            throw FileError(.create, path, .denied)
        }
    }

    deinit { umount2(path.description, Int32(MNT_DETACH)) }

    static let pageBytes = 4096

    /// Runs `body` while only so many pages are free.
    func leaving<Result>(pages: Int, _ body: () throws -> Result) throws -> Result {
        let ballast = path.appending(".ballast")
        var status = statvfs()
        guard statvfs(path.description, &status) == 0 else { throw FileError(.inspect, path, .inputOutput) }
        let bytes = max(0, Int(status.f_bavail) - pages) * Self.pageBytes
        let file = open(ballast.description, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
        guard file >= 0, bytes == 0 || posix_fallocate(file, 0, off_t(bytes)) == 0 else {
            throw FileError(.write, ballast, .diskFull)
        }
        close(file)
        defer { unlink(ballast.description) }
        return try body()
    }
}
