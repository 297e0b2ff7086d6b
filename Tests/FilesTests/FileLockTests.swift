import Files
import Glibc
import TestSupport
import Testing

@Suite struct FileLockTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `an exclusive lock keeps everyone else out until it is let go`() throws {
        var lock = try FileLock.tryAcquire(folder["lock"])
        #expect(lock != nil)
        #expect(try FileLock.tryAcquire(folder["lock"]) == nil)
        #expect(try FileLock.tryAcquire(folder["lock"], sharing: .shared) == nil)
        lock = nil
        #expect(try FileLock.tryAcquire(folder["lock"]) != nil)
    }

    @Test func `shared locks stand side by side`() throws {
        let first = try FileLock.tryAcquire(folder["lock"], sharing: .shared)
        let second = try FileLock.tryAcquire(folder["lock"], sharing: .shared)
        #expect(first != nil && second != nil)
        #expect(try FileLock.tryAcquire(folder["lock"]) == nil)
        withExtendedLifetime((first, second)) {}
    }

    @Test func `whoever waits in vain is told who holds it`() throws {
        let lock = try FileLock.acquire(folder["lock"], timeout: .zero)
        let error = #expect(throws: LockError.self) {
            _ = try FileLock.acquire(folder["lock"], timeout: .milliseconds(5))
        }
        #expect(error?.message == "\(folder["lock"]) is locked by process \(getpid())")
        #expect(error?.hint == "wait until it is done, or end it")
        withExtendedLifetime(lock) {}
    }
}
