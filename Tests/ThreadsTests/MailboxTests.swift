import Testing
import Threads

@Suite struct MailboxTests {
    @Test func `messages arrive in the order in which they were sent`() {
        let mailbox = Mailbox<Int>()
        for number in 1...3 { mailbox.send(number) }
        #expect([mailbox.receive(), mailbox.receive(), mailbox.receive()] == [1, 2, 3])
    }

    @Test func `messages sent between receives keep their order`() {
        let mailbox = Mailbox<Int>()
        mailbox.send(1)
        mailbox.send(2)
        let first = mailbox.receive()
        mailbox.send(3)
        #expect([first, mailbox.receive(), mailbox.receive()] == [1, 2, 3])
    }

    @Test func `an empty mailbox answers nil when the timeout has passed`() {
        let start = ContinuousClock.now
        #expect(Mailbox<Int>().receive(timeout: .milliseconds(20)) == nil)
        #expect(ContinuousClock.now - start >= .milliseconds(20))
    }

    @Test func `a zero timeout only looks`() {
        let mailbox = Mailbox<Int>()
        #expect(mailbox.receive(timeout: .zero) == nil)
        mailbox.send(7)
        #expect(mailbox.receive(timeout: .zero) == 7)
    }

    @Test func `a timeout without end does not overflow`() {
        let mailbox = Mailbox<Int>()
        let thread = Thread.start(name: "sender") { mailbox.send(1) }
        #expect(mailbox.receive(timeout: .seconds(Int64.max)) == 1)
        thread.join()
    }

    @Test func `each of many messages from many threads is received once`() {
        let mailbox = Mailbox<Int>()
        let received = Mailbox<Int>()
        let receivers = (0..<4).map { _ in
            Thread.start(name: "receiver") {
                while true {
                    let number = mailbox.receive()
                    if number < 0 { return }
                    received.send(number)
                }
            }
        }
        let senders = (0..<4).map { sender in
            Thread.start(name: "sender") { for i in 0..<500 { mailbox.send(sender * 500 + i) } }
        }
        for thread in senders { thread.join() }
        for _ in receivers { mailbox.send(-1) }
        for thread in receivers { thread.join() }
        let numbers = (0..<2000).map { _ in received.receive() }
        #expect(numbers.sorted() == Array(0..<2000))
        #expect(received.receive(timeout: .zero) == nil)
    }
}
