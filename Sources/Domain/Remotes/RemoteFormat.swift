/// The names and bounds of docs/formats/remote.md.
package enum RemoteFormat {
    package static let version = 1

    static let packFolder = "packs"
    static let indexFolder = "index"
    static let leaseFolder = "leases"
    static let condemnedFolder = "condemned"
    static let markerName = RemoteName(unchecked: "repro-remote")
    static let markerPrefix = "repro remote format "

    /// A pack is closed by the chunk that takes it there.
    static let packTargetBytes = 16 << 20
    static let packLimitBytes = 64 << 20
    static let chunkLimitBytes = 4 << 20
    static let segmentBodyLimitBytes = 64 << 20
    static let segmentLimitBytes = 65 << 20
    static let condemnedListLimitBytes = 64 << 20
}
