import Diagnostics

/// Points of several series of one run as they came, as the inbox keeps them: docs/formats/tracking-database.md.
enum PointBatch {
    private static let format: UInt8 = 1

    static func encode(_ points: [(key: Int64, point: MetricPoint)]) -> [UInt8] {
        var bytes: [UInt8] = [format]
        bytes.reserveCapacity(points.count * 14 + 16)
        var previous = (key: Int64(0), step: Int64(0), time: Int64(0))
        for (key, point) in points {
            let time = point.timestamp.milliseconds
            SeriesChunk.append(SeriesChunk.zigzag(key &- previous.key), to: &bytes)
            SeriesChunk.append(SeriesChunk.zigzag(point.step &- previous.step), to: &bytes)
            SeriesChunk.append(SeriesChunk.zigzag(time &- previous.time), to: &bytes)
            let value = point.value.isNaN ? Double.nan : point.value
            withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
            previous = (key, point.step, time)
        }
        return bytes
    }

    static func decode(_ bytes: [UInt8], _ body: (_ key: Int64, MetricPoint) -> Void) throws {
        try bytes.withUnsafeBytes { buffer in
            var reader = SeriesChunk.Reader(bytes: buffer)
            guard try reader.byte() == format else { throw SeriesChunk.damaged }
            var last = (key: Int64(0), step: Int64(0), time: Int64(0))
            while !reader.isAtEnd {
                last.key &+= try reader.signed()
                last.step &+= try reader.signed()
                last.time &+= try reader.signed()
                let value = Double(bitPattern: try reader.load(UInt64.self, 1)[0])
                body(
                    last.key,
                    MetricPoint(step: last.step, timestamp: Timestamp(milliseconds: last.time), value: value))
            }
        }
    }
}
