package import Diagnostics
package import Objects
import Threads

extension Remote {
    /// What a push of these fingerprints, objects and records would send.
    package func planPush(
        _ fingerprints: [Fingerprint], objects: [Digest] = [], records: [RemoteRecord] = [], from store: ObjectStore
    ) throws -> PushPlan {
        let wish = PushPlan.Wish(fingerprints: fingerprints, objects: objects, records: records)
        return try plan(wish, from: store, given: inventory(), suspecting: [])
    }

    /// A tree that is listed is not looked into, unless it is among `suspects`.
    private func plan(
        _ wish: PushPlan.Wish, from store: ObjectStore, given inventory: Inventory, suspecting suspects: Set<Digest>
    ) throws -> PushPlan {
        let closure = Closure(of: wish.fingerprints, in: store) {
            inventory.contains($0) && !suspects.contains($0)
        }
        if let id = closure.unreadable.first { throw ObjectError.missing(id) }
        return PushPlan(wish, wanting: closure.digests + wish.objects, trees: closure.trees, given: inventory)
    }

    /// Sends what `plan` says, for as much of it as can be read from the store; the rest is reported to `monitor` and
    /// left out, with the trees that stand after it and all records: they promise what they refer to. Then the error at
    /// the end is `TransferError.incomplete`.
    ///
    /// Nothing that was sent is lost when this is cut off: the next push goes on from there. The plan is made again if
    /// the remote is another by now.
    @discardableResult
    package func push(
        _ plan: PushPlan, from store: ObjectStore, options: TransferOptions = TransferOptions(),
        monitor: any Monitor = SilentMonitor()
    ) throws -> TransferReport {
        let claim = Claim(plan.wish.fingerprints, objects: plan.wish.objects)
        let isClaimNeeded = try !plan.isEmpty || !claim.fingerprints.isEmpty && !isFresh(claim, given: inventory())
        if plan.isEmpty, !isClaimNeeded, damagedPacks().isEmpty { return TransferReport() }
        if plan.isEmpty, !storage.isWritable { return TransferReport() }
        try prepareForWriting()
        let lease = try lease(.push)
        defer { lease.end() }
        let damaged = try confirmDamage(among: inventory())
        var index = try indexForWriting(monitor)
        var plan = try self.plan(plan.wish, from: store, given: index.inventory, suspecting: [])
        if isClaimNeeded {
            let content = try store.put(claim.text(Clock.system.now()))
            guard let record = RemoteRecord(kind: .claim, name: claim.name, content: content) else {
                preconditionFailure("a SHA-256 is a name that records can have")
            }
            plan = try self.plan(plan.wish.adding(record), from: store, given: index.inventory, suspecting: [])
        }
        var report = TransferReport()
        for _ in 0..<attemptLimit {
            var pusher = Pusher(
                remote: self, plan: plan, store: store, lease: lease, options: options, monitor: monitor)
            report.add(try pusher.run(given: index))
            try lease.renew()
            let after = try indexForWriting(monitor)
            let isSteady =
                after.condemned == index.condemned && index.segments.keys.allSatisfy { after.segments[$0] != nil }
            index = after
            if isSteady || plan.wanted.allSatisfy({ after.inventory.contains($0) }) {
                if !damaged.isEmpty { try replaceDamagedEntries(index, damaged, monitor) }
                return report
            }
            plan = try self.plan(plan.wish, from: store, given: index.inventory, suspecting: Set(plan.missing))
        }
        throw RemoteError.unsteady(remote: label)
    }

    /// Whether somebody has vouched for the same not long ago.
    private func isFresh(_ claim: Claim, given inventory: Inventory) -> Bool {
        guard let written = inventory.claims[claim.name] else { return false }
        guard let written else { return true }
        return Clock.system.now().milliseconds(since: written) < claimFreshMilliseconds
    }
}

/// How often a push begins anew because the remote has changed meanwhile.
private let attemptLimit = 5
/// Half of the usual grace period.
private let claimFreshMilliseconds: Int64 = 7 * 24 * 3600 * 1000
