/// Runs `body` for each item, `width` at a time, and returns when all have ended.
///
/// Items start in order. After an error no new item starts; those that run are waited for. The error thrown is that of
/// the first failing item in order, whatever the timing: all items before it were started before it.
package func forEachConcurrently<Item: Sendable>(
    _ items: [Item], width: Int, _ body: @Sendable (Item) throws -> Void
) throws {
    _ = try mapConcurrently(items, width: width, body)
}

/// What `transform` makes of each item, in the items' order; otherwise as `forEachConcurrently`.
///
/// The calling thread does its share, so a width of 1 or a single item costs no thread.
package func mapConcurrently<Item: Sendable, Result: Sendable>(
    _ items: [Item], width: Int, _ transform: @Sendable (Item) throws -> Result
) throws -> [Result] {
    let width = min(width, items.count)
    if width <= 1 { return try items.map(transform) }
    return try withoutActuallyEscaping(transform) { transform in
        let state = Guarded(MapState<Result>(count: items.count))
        let work: @Sendable () -> Void = {
            while let index = state.withLock({ $0.takeNext() }) {
                do {
                    let result = try transform(items[index])
                    state.withLock { $0.results[index] = result }
                } catch {
                    state.withLock { $0.failed(at: index, error) }
                }
            }
        }
        let others = (1..<width).map { Thread.startIfPossible(name: "worker \($0)", work) }
        work()
        for thread in others { thread?.join() }
        return try state.withLock { try $0.outcome() }
    }
}

/// Both results, `second` being worked on beside `first`. If both throw, the error is that of `first`.
package func concurrently<First, Second: Sendable>(
    _ first: () throws -> First, _ second: @Sendable () throws -> Second
) throws -> (First, Second) {
    try withoutActuallyEscaping(second) { second in
        let result = Guarded<Result<Second, any Error>?>(nil)
        let work: @Sendable () -> Void = {
            let found = Result { try second() }
            result.withLock { $0 = found }
        }
        let thread = Thread.startIfPossible(name: "beside", work)
        defer { thread?.join() }
        let mine = try first()
        if let thread { thread.join() } else { work() }
        guard let found = result.withLock({ $0 }) else { preconditionFailure("the thread has ended") }
        return (mine, try found.get())
    }
}

private struct MapState<Result: Sendable>: Sendable {
    var results: [Result?]
    private var next = 0
    private var firstFailure: (index: Int, error: any Error)?

    init(count: Int) { results = Array(repeating: nil, count: count) }

    mutating func takeNext() -> Int? {
        guard firstFailure == nil, next < results.count else { return nil }
        next += 1
        return next - 1
    }

    mutating func failed(at index: Int, _ error: any Error) {
        if index < firstFailure?.index ?? .max { firstFailure = (index, error) }
    }

    func outcome() throws -> [Result] {
        if let firstFailure { throw firstFailure.error }
        return results.compactMap(\.self)
    }
}
