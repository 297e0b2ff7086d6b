import JSON
import Remotes

/// What a push, a fetch or a pull did, in words and as JSON.
enum TransferText {
    static func json(_ report: TransferReport) -> JSONValue {
        .object([
            "objects": .integer(Int64(report.objects)),
            "objectBytes": .integer(Int64(clamping: report.objectBytes)),
            "savedBytes": .integer(Int64(clamping: report.savedBytes)),
            "networkBytes": .integer(Int64(clamping: report.networkBytes)),
            "requests": .integer(Int64(report.requests)),
        ])
    }

    /// `12 objects, 3.4 MiB, as 1.2 MiB on the network`
    static func line(_ report: TransferReport) -> String {
        let objects = Formats.count(report.objects, "object")
        return
            "\(objects), \(Formats.bytes(report.objectBytes)), as \(Formats.bytes(report.networkBytes)) on the network"
    }
}
