import CCurl
import Glibc
import HTTP
import Threads

// What libcurl calls, on the network's thread.

extension Transfer {
    fileprivate func headerArrived(_ line: UnsafeRawBufferPointer) -> Bool {
        state.withLock { state in
            // Each reply starts anew: a redirect and "100 Continue" come before the one that counts.
            if line.starts(with: "HTTP/".utf8) { state.headers = HTTPHeaders() }
            state.headerBytes += line.count
            state.headers.append(line: String(decoding: line, as: UTF8.self))
            return state.headerBytes <= maxHeaderBytes
        }
    }

    fileprivate func bodyArrived(_ bytes: UnsafeRawBufferPointer) -> Int {
        let isSuccess = HTTPStatus(code: ccurl_get_long(easy, CURLINFO_RESPONSE_CODE)).isSuccess
        return state.withLock { state in
            if !isSuccess {
                state.collected += bytes.prefix(maxErrorBytes - state.collected.count)
            } else if collectsBody {
                guard state.collected.count + bytes.count <= maxReplyBytes else {
                    state.replyIsTooLarge = true
                    return 0
                }
                if state.collected.isEmpty, let text = state.headers["Content-Length"], let size = Int(text) {
                    state.collected.reserveCapacity(min(size, maxReplyBytes))
                }
                state.collected += bytes
            } else {
                if state.pieceBytes >= maxWaitingBytes { return Int(CURL_WRITEFUNC_PAUSE) }
                state.pieces.append(Array(bytes))
                state.pieceBytes += bytes.count
            }
            return bytes.count
        }
    }

    fileprivate func bodyWanted(_ target: UnsafeMutableRawBufferPointer) -> Int {
        state.withLock { state in
            let left = body.sizeBytes - state.sent
            switch body {
            case .none: return 0
            case .bytes(let bytes):
                let count = Int(min(UInt64(target.count), left))
                bytes.withUnsafeBytes {
                    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[Int(state.sent)...].prefix(count)))
                }
                state.sent += UInt64(count)
                return count
            case .source:
                if left == 0 { return 0 }
                let ready = state.supplied.count - state.suppliedStart
                if ready == 0 {
                    state.wantsBody = true
                    return Int(CURL_READFUNC_PAUSE)
                }
                let count = Int(min(UInt64(min(target.count, ready)), left))
                let start = state.suppliedStart
                state.supplied.withUnsafeBytes {
                    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + count]))
                }
                state.suppliedStart += count
                state.sent += UInt64(count)
                return count
            }
        }
    }

    /// A kept connection turned out to be dead: libcurl sends the body again on a new one.
    fileprivate func bodyRewound(to offset: UInt64) {
        state.withLock { state in
            state.sent = min(offset, body.sizeBytes)
            state.supplied = []
            state.suppliedStart = 0
        }
    }
}

/// More than any honest server sends.
private let maxHeaderBytes = 256 << 10
/// How much of a reply that reports an error is kept.
private let maxErrorBytes = 64 << 10
/// How far the network may be ahead of the caller.
private let maxWaitingBytes = 1 << 20

// Global functions: closures that become C callbacks compile in some places where they then trap.

private func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
}

func onHeader(
    _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    let line = UnsafeRawBufferPointer(start: data, count: size * count)
    return transfer(context)?.headerArrived(line) == true ? line.count : 0
}

func onBody(
    _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    transfer(context)?.bodyArrived(UnsafeRawBufferPointer(start: data, count: size * count)) ?? 0
}

func onBodyWanted(
    _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    transfer(context)?.bodyWanted(UnsafeMutableRawBufferPointer(start: data, count: size * count))
        ?? Int(CURL_READFUNC_ABORT)
}

func onRewind(_ context: UnsafeMutableRawPointer?, _ offset: curl_off_t, _ origin: Int32) -> Int32 {
    guard origin == SEEK_SET, offset >= 0, let transfer = transfer(context) else { return CURL_SEEKFUNC_CANTSEEK }
    transfer.bodyRewound(to: UInt64(offset))
    return CURL_SEEKFUNC_OK
}
