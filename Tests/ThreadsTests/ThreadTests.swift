import Glibc
import Testing
import Threads

func currentThread() -> UInt { UInt(pthread_self()) }
func pauseBriefly() { usleep(500) }

@Suite struct ThreadTests {
    @Test func `join returns after the body has ended`() {
        let ended = Mailbox<Bool>()
        let thread = Thread.start(name: "body") {
            usleep(20_000)
            ended.send(true)
        }
        thread.join()
        #expect(ended.receive(timeout: .zero) == true)
    }

    @Test func `join may be called twice`() {
        let thread = Thread.start(name: "short") {}
        thread.join()
        thread.join()
    }

    @Test func `a thread bears its name, cut to 15 bytes`() {
        let name = Mailbox<[UInt8]>()
        Thread.start(name: "a name that is too long") { name.send(readFile("/proc/thread-self/comm")) }.join()
        #expect(String(decoding: name.receive(), as: UTF8.self) == "a name that is \n")
    }

    @Test func `a thousand threads that nobody joins all run to their end`() {
        let ended = Mailbox<Void>()
        for _ in 0..<1000 { _ = Thread.start(name: "unjoined") { ended.send(()) } }
        for _ in 0..<1000 { ended.receive() }
        #expect(ended.receive(timeout: .zero) == nil)
    }

    @Test func `a cancellation is seen by other threads`() {
        let cancellation = Cancellation()
        #expect(!cancellation.isCancelled)
        let thread = Thread.start(name: "waiter") { while !cancellation.isCancelled { usleep(100) } }
        cancellation.cancel()
        thread.join()
        #expect(cancellation.isCancelled)
    }

    @Test func `there is at least one core`() {
        #expect(coreCount >= 1)
    }
}

private func readFile(_ path: String) -> [UInt8] {
    let fd = open(path, O_RDONLY)
    defer { close(fd) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(fd, &bytes, bytes.count)
    return Array(bytes.prefix(max(count, 0)))
}
