/// A picture in memory: rows of pixels, from the top, each of one (grey), three (red, green, blue) or four (and opacity)
/// bytes.
public struct Image: Sendable, Hashable {
    /// How many pixels a row has.
    public let width: Int
    /// How many rows there are.
    public let height: Int
    /// How many bytes a pixel has: 1, 3 or 4.
    public let channels: Int
    /// All rows, one after the other.
    public let pixels: [UInt8]

    /// Nil if the pixels are not `width * height * channels` bytes, or `channels` is not 1, 3 or 4.
    public init?(width: Int, height: Int, channels: Int = 1, pixels: [UInt8]) {
        guard width > 0, height > 0, [1, 3, 4].contains(channels) else { return nil }
        let (row, rowOverflows) = width.multipliedReportingOverflow(by: channels)
        let (count, overflows) = row.multipliedReportingOverflow(by: height)
        guard !rowOverflows, !overflows, pixels.count == count, width < 1 << 24, height < 1 << 24 else { return nil }
        self.width = width
        self.height = height
        self.channels = channels
        self.pixels = pixels
    }

    /// A matrix as grey levels, the least value black and the greatest white; what is no number is black. Nil if it is
    /// empty or its rows are not equally long.
    public init?(matrix: [[Double]]) {
        let values = matrix.joined().filter(\.isFinite)
        let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
        let scale = greatest > least ? 255 / (greatest - least) : 0
        let width = matrix.first?.count ?? 0
        guard matrix.allSatisfy({ $0.count == width }) else { return nil }
        self.init(
            width: width, height: matrix.count,
            pixels: matrix.joined().map { $0.isFinite ? UInt8(max(0, min(255, ($0 - least) * scale))) : 0 })
    }

    /// PNG, without compression: the object store compresses.
    var png: [UInt8] {
        var png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let colour: UInt8 = [1: 0, 3: 2, 4: 6][channels] ?? 0
        append("IHDR", bigEndian(width) + bigEndian(height) + [8, colour, 0, 0, 0], to: &png)
        append("IDAT", zlib(filteredRows), to: &png)
        append("IEND", [], to: &png)
        return png
    }

    /// Each row after the number of its filter, which is none.
    private var filteredRows: [UInt8] {
        let row = width * channels
        return (0..<height).flatMap { [0] + pixels[($0 * row)..<(($0 + 1) * row)] }
    }

    private func append(_ type: StaticString, _ content: [UInt8], to png: inout [UInt8]) {
        let typed = type.withUTF8Buffer { Array($0) } + content
        png += bigEndian(content.count) + typed + bigEndian(Int(crc32(typed)))
    }

    /// RFC 1950 around stored blocks of RFC 1951.
    private func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x78, 0x01]
        var start = 0
        repeat {
            let count = min(65_535, bytes.count - start)
            let isLast = start + count == bytes.count
            result += [isLast ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), ~UInt8(count & 255), ~UInt8(count >> 8)]
            result += bytes[start..<start + count]
            start += count
        } while start < bytes.count
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return result + bigEndian(Int(b << 16 | a))
    }

    private func bigEndian(_ number: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    }
}

/// CRC-32 (ISO 3309), as PNG has it.
private func crc32(_ bytes: [UInt8]) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in bytes {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~sum
}
