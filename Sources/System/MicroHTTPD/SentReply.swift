import CMicroHTTPD
import HTTP
import Synchronization

/// A reply on its way: what the library reads its body from.
final class SentReply: Sendable {
    private let reply: Reply
    private let counter = Mutex(0)

    /// What one call of a reader fills at most.
    private static let blockBytes = 128 << 10

    init(_ reply: Reply) { self.reply = reply }

    var sentBytes: Int { counter.withLock { $0 } }

    var eventStream: EventStream? {
        if case .events(let stream) = reply.body { stream } else { nil }
    }

    func makeResponse(endsConnection: Bool) -> OpaquePointer? {
        guard let response = makeBody() else { return nil }
        for field in reply.headers.fields { _ = mhd_reply_header(response, field.name, field.value) }
        if endsConnection { _ = mhd_reply_header(response, "Connection", "close") }
        return response
    }

    private func makeBody() -> OpaquePointer? {
        switch reply.body {
        case .none: return mhd_reply_bytes(nil, 0)
        case .bytes(let bytes):
            counter.withLock { $0 = bytes.count }
            return bytes.withUnsafeBytes { mhd_reply_bytes($0.baseAddress, $0.count) }
        case .source(_, let size): return makeReader(size: size ?? UInt64.max)
        case .events: return makeReader(size: UInt64.max)
        }
    }

    private func makeReader(size: UInt64) -> OpaquePointer? {
        mhd_reply_reader(size, Self.blockBytes, Unmanaged.passRetained(self).toOpaque(), readReply, releaseReply)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count: Int
        switch reply.body {
        case .none, .bytes: return mhdReaderEnd
        case .events(let stream): count = stream.read(into: buffer)
        case .source(let source, let size):
            guard let read = try? source.read(into: buffer) else { return mhdReaderFailed }
            // A source that ends before the size it promised must not look whole.
            if read == 0 { return size == nil ? mhdReaderEnd : mhdReaderFailed }
            count = read
        }
        if count > 0 { counter.withLock { $0 += count } }
        return count
    }

    func released() { eventStream?.detach() }
}

private func readReply(
    context: UnsafeMutableRawPointer?, position: UInt64, buffer: UnsafeMutablePointer<CChar>?, maximum: Int
) -> Int {
    guard let context, let buffer else { return mhdReaderFailed }
    return Unmanaged<SentReply>.fromOpaque(context).takeUnretainedValue()
        .read(into: UnsafeMutableRawBufferPointer(start: buffer, count: maximum))
}

private func releaseReply(context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<SentReply>.fromOpaque(context).takeRetainedValue().released()
}
