import Synchronization
import Testing

@testable import Threads

private struct Failure: Error, Equatable {
    let item: Int
}

@Suite struct ConcurrentlyTests {
    @Test func `results keep the order of their items`() throws {
        #expect(try mapConcurrently(Array(0..<100), width: 4) { $0 * 2 } == (0..<100).map { $0 * 2 })
    }

    @Test(arguments: [1, 2, 3, 8])
    func `never more than width bodies run at once`(width: Int) throws {
        let running = Mutex((now: 0, most: 0))
        try forEachConcurrently(Array(0..<40), width: width) { _ in
            running.withLock { count in
                count.now += 1
                count.most = max(count.most, count.now)
            }
            pauseBriefly()
            running.withLock { $0.now -= 1 }
        }
        #expect(running.withLock { $0.now } == 0)
        #expect(running.withLock { $0.most } <= width)
    }

    @Test func `width bodies do run at once`() throws {
        let arrived = Guarded(0)
        try forEachConcurrently([1, 2, 3], width: 3) { _ in
            arrived.withLock { $0 += 1 }
            arrived.wait { $0 == 3 ? true : nil }
        }
    }

    @Test func `the error of the first failing item in order is thrown, even if a later one fails sooner`() {
        let laterFailed = Guarded(false)
        let error = #expect(throws: Failure.self) {
            try forEachConcurrently([0, 1, 2], width: 3) { item in
                if item == 1 { laterFailed.wait { $0 ? true : nil } }
                if item == 2 { laterFailed.withLock { $0 = true } }
                if item > 0 { throw Failure(item: item) }
            }
        }
        #expect(error == Failure(item: 1))
    }

    @Test(arguments: [1, 2])
    func `no item starts after an error`(width: Int) {
        let started = Mutex<[Int]>([])
        #expect(throws: Failure(item: 0)) {
            try forEachConcurrently(Array(0..<1000), width: width) { item in
                started.withLock { $0.append(item) }
                if item == 0 { throw Failure(item: 0) }
                while !started.withLock({ $0.contains(0) }) {}
                pauseBriefly()
            }
        }
        #expect(started.withLock { $0.count } < 1000)
    }

    @Test func `a single item runs on the calling thread`() throws {
        let caller = currentThread()
        #expect(try mapConcurrently([1], width: 8) { _ in currentThread() } == [caller])
    }

    @Test func `width 1 runs on the calling thread`() throws {
        let caller = currentThread()
        #expect(try mapConcurrently([1, 2], width: 1) { _ in currentThread() } == [caller, caller])
    }

    @Test func `no items is no work`() throws {
        #expect(try mapConcurrently([Int](), width: 4) { $0 } == [])
    }
}
