package import Diagnostics
package import Threads

/// How a push or a fetch goes about it.
package struct TransferOptions: Sendable {
    /// How many packs, or parts of packs, are under way at once.
    package var jobs: Int
    package var cancellation: Cancellation?

    package init(jobs: Int = 4, cancellation: Cancellation? = nil) {
        self.jobs = max(1, jobs)
        self.cancellation = cancellation
    }

    func checkCancellation() throws {
        if cancellation?.isCancelled == true { throw TransferError.cancelled }
    }
}

/// What a push or a fetch did.
package struct TransferReport: Sendable, Equatable {
    /// Whole objects that are now there.
    package var objects = 0
    /// Of those objects.
    package var objectBytes: UInt64 = 0
    /// That went over the network, without what the protocol adds.
    package var networkBytes: UInt64 = 0
    /// Of objects that were sent: parts that the remote had already, or that were met twice.
    package var savedBytes: UInt64 = 0
    /// Packs, and parts of packs.
    package var requests = 0
    /// One for each object that could not be had or read, and each pack that is damaged; the rest was done.
    package var failures: [String] = []

    package init() {}
}

/// Why a push or a fetch ended early.
package enum TransferError: UserFacingError, Equatable {
    case cancelled
    /// Some objects were not transferred; each was reported. The rest was.
    case incomplete(action: String, remote: String, failures: Int)

    package var kind: ErrorKind {
        switch self {
        case .cancelled: .interrupted
        case .incomplete: .corrupt
        }
    }

    package var message: String {
        switch self {
        case .cancelled: "the transfer was cancelled"
        case .incomplete(let action, let remote, let failures):
            "\(action) \(remote): \(failures) object\(failures == 1 ? "" : "s") could not be transferred"
        }
    }

    package var hint: String? {
        switch self {
        case .cancelled: "run the same command again: what has arrived is not sent again"
        case .incomplete: "the messages above name them"
        }
    }
}
