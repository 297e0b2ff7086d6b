import CCurl
import Synchronization
import Threads

/// One thread that moves the bytes of all transfers of a client, through one multi handle of libcurl.
final class TransferLoop: @unchecked Sendable {
    // Sendable because `multi` is used on the loop's own thread only, except for `ccurl_multi_wakeup`, which libcurl
    // allows from any; it is freed by that thread as its last act, and nobody wakes a loop that was told to stop.
    private let multi: UnsafeMutableRawPointer
    private let orders = Mutex(Orders())
    private let thread = Mutex<Thread?>(nil)

    private struct Orders {
        var starting: [Transfer] = []
        var resuming: [Transfer] = []
        var cancelling: [Transfer] = []
        var isStopping = false
    }

    init(maxConnectionsPerHost: Int) throws {
        guard let multi = ccurl_multi_init() else { throw HTTPClientError.libraryMissing(reason: "out of memory") }
        self.multi = multi
        ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, maxConnectionsPerHost)
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, maxConnectionsPerHost * 2)
        thread.withLock { $0 = Thread.start(name: "network") { self.run() } }
    }

    func start(_ transfer: Transfer) { order { $0.starting.append(transfer) } }

    /// The transfer goes on, if it waits for the caller.
    func resume(_ transfer: Transfer) { order { $0.resuming.append(transfer) } }

    /// The transfer ends soon; nothing happens if it has ended already.
    func cancel(_ transfer: Transfer) { order { $0.cancelling.append(transfer) } }

    /// Ends the thread. No transfer may be running.
    func stop() {
        order { $0.isStopping = true }
        thread.withLock { $0 }?.join()
    }

    private func order(_ change: (inout Orders) -> Void) {
        orders.withLock { change(&$0) }
        ccurl_multi_wakeup(multi)
    }

    private func run() {
        // The transfers that libcurl holds a pointer to: this keeps them alive.
        var active: [ObjectIdentifier: Transfer] = [:]
        while true {
            let next = orders.withLock { orders in
                defer { orders = Orders() }
                return orders
            }
            for transfer in next.starting {
                active[ObjectIdentifier(transfer)] = transfer
                if ccurl_multi_add_handle(multi, transfer.easy) != CURLM_OK {
                    end(transfer, CURLE_FAILED_INIT, &active)
                }
            }
            for transfer in next.cancelling where active[ObjectIdentifier(transfer)] != nil {
                end(transfer, CURLE_ABORTED_BY_CALLBACK, &active)
            }
            for transfer in next.resuming where active[ObjectIdentifier(transfer)] != nil {
                ccurl_easy_pause(transfer.easy, CURLPAUSE_CONT)
            }
            if next.isStopping { break }
            var running: Int32 = 0
            ccurl_multi_perform(multi, &running)
            var result = CURLE_OK
            while let easy = ccurl_multi_next_done(multi, &result), let pointer = ccurl_get_private(easy) {
                end(Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue(), result, &active)
            }
            ccurl_multi_poll(multi, idleMilliseconds)
        }
        for transfer in active.values { end(transfer, CURLE_ABORTED_BY_CALLBACK, &active) }
        ccurl_multi_cleanup(multi)
    }

    private func end(_ transfer: Transfer, _ result: CURLcode, _ active: inout [ObjectIdentifier: Transfer]) {
        ccurl_multi_remove_handle(multi, transfer.easy)
        active[ObjectIdentifier(transfer)] = nil
        transfer.ended(result)
    }
}

/// Orders wake the loop at once, and libcurl shortens the wait for its own timers: this only bounds a lost wake-up.
private let idleMilliseconds: Int32 = 10_000
