import CMicroHTTPD
import Synchronization

/// What the library's callbacks need, apart from the daemon itself.
final class ServerCore: Sendable {
    let handler: any RequestHandler
    let workers: WorkerPool
    let watch: ConnectionWatch
    private let stopping = Atomic(false)

    init(handler: any RequestHandler, options: HTTPServerOptions) {
        self.handler = handler
        workers = WorkerPool(threadCount: options.workerThreads)
        watch = ConnectionWatch(options: options)
    }

    var isStopping: Bool { stopping.load(ordering: .acquiring) }

    func beginStopping() { stopping.store(true, ordering: .releasing) }

    /// The callbacks with this core as their context; the core must outlive the daemon.
    func callbacks() -> mhd_callbacks {
        mhd_callbacks(
            context: Unmanaged.passUnretained(self).toOpaque(), begin: beginRequest, body: receiveBody, end: endRequest,
            opened: openedConnection, closed: closedConnection, problem: reportProblem)
    }
}

// Global functions, because closures that become C callbacks compile in some places where they then trap.

private func core(_ context: UnsafeMutableRawPointer?) -> ServerCore? {
    context.map { Unmanaged<ServerCore>.fromOpaque($0).takeUnretainedValue() }
}

private func beginRequest(
    context: UnsafeMutableRawPointer?, target: UnsafePointer<CChar>?, connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let core = core(context), let target, let connection else { return nil }
    let exchange = Exchange(
        target: String(validatingCString: target), connection: ConnectionHandle(pointer: connection), server: core)
    core.watch.began(exchange, on: exchange.descriptor)
    return Unmanaged.passRetained(exchange).toOpaque()
}

private func receiveBody(
    request: UnsafeMutableRawPointer?, connection: OpaquePointer?, method: UnsafePointer<CChar>?,
    version: UnsafePointer<CChar>?, data: UnsafePointer<CChar>?, size: Int
) -> Int32 {
    guard let request, let method else { return 0 }
    let exchange = Unmanaged<Exchange>.fromOpaque(request).takeUnretainedValue()
    let piece = UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : size)
    return exchange.advance(method: String(cString: method), piece: piece) ? 1 : 0
}

private func endRequest(request: UnsafeMutableRawPointer?, reason: Int32) {
    guard let request else { return }
    Unmanaged<Exchange>.fromOpaque(request).takeRetainedValue().end(reason: reason)
}

private func openedConnection(context: UnsafeMutableRawPointer?, descriptor: Int32) {
    core(context)?.watch.opened(descriptor)
}

private func closedConnection(context: UnsafeMutableRawPointer?, descriptor: Int32) {
    core(context)?.watch.closed(descriptor)
}

private func reportProblem(context: UnsafeMutableRawPointer?, text: UnsafePointer<CChar>?) {
    guard let text else { return }
    var problem = String(decoding: UnsafeRawBufferPointer(start: text, count: length(text)), as: UTF8.self)
    while problem.last?.isNewline == true { problem.removeLast() }
    core(context)?.handler.complained(problem)
}

private func length(_ text: UnsafePointer<CChar>) -> Int {
    var count = 0
    while text[count] != 0 { count += 1 }
    return count
}
