package import Diagnostics
package import Objects
import Threads

extension Remote {
    /// What a push of these fingerprints, objects and records would send.
    package func planPush(
        _ fingerprints: [Fingerprint], objects: [Digest] = [], records: [RemoteRecord] = [], from store: ObjectStore
    ) throws -> PushPlan {
        let inventory = try inventory()
        let closure = Closure(of: fingerprints, in: store) { inventory.contains($0) }
        if let id = closure.unreadable.first { throw ObjectError.missing(id) }
        return PushPlan(
            wanting: closure.digests + objects, trees: closure.trees, records: records, given: inventory)
    }

    /// Sends what `plan` says, for as much of it as can be read from the store; the rest is reported to `monitor` and
    /// left out, with the trees that stand after it and all records: they promise what they refer to. Then the error at
    /// the end is `TransferError.incomplete`.
    ///
    /// Nothing that was sent is lost when this is cut off: the next push goes on from there.
    @discardableResult
    package func push(
        _ plan: PushPlan, from store: ObjectStore, options: TransferOptions = TransferOptions(),
        monitor: any Monitor = SilentMonitor()
    ) throws -> TransferReport {
        if plan.isEmpty { return TransferReport() }
        try prepareForWriting()
        var pusher = Pusher(remote: self, plan: plan, store: store, options: options, monitor: monitor)
        return try pusher.run(given: inventory())
    }
}
