package import Files
package import Objects

/// In what ways the files of the workspace were made from stored ones, and why not in the way that was asked for first.
package struct LinkReport: Sendable, Equatable {
    package var counts: [LinkKind: Int] = [:]
    package var refusals: [LinkRefusal: Int] = [:]

    package init() {}

    mutating func count(_ made: Materialised) {
        counts[made.link, default: 0] += 1
        if let reason = made.reason { refusals[reason, default: 0] += 1 }
    }

    package mutating func add(_ other: LinkReport) {
        counts.merge(other.counts) { $0 + $1 }
        refusals.merge(other.refusals) { $0 + $1 }
    }
}
