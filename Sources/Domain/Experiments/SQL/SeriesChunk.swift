import Diagnostics

/// Many points of one series as few bytes: docs/formats/tracking-database.md. A pure codec.
///
/// Steps and times are most often an arithmetic row, which costs nothing a point; values are kept as they are, in four
/// bytes where that loses nothing. Compressing values further was weighed: metrics are noise in their low bits, and
/// reading a million points must cost milliseconds.
enum SeriesChunk {
    /// A chunk is made when so many points wait, and holds twice as many at most.
    static let leastPoints = 1024
    /// Fewer points are not worth a chunk: they stay rows.
    static let worthwhile = 32
    /// A chunk of fewer points is small: it may overlap others, and goes into a larger one later. The index
    /// `chunks_small` has this number in it.
    static let smallLimit = 512

    private static let format: UInt8 = 1

    private enum NumberPlane: UInt8 { case row = 0, differences = 1 }
    private enum ValuePlane: UInt8 { case double = 0, single = 1, constant = 2 }

    static func encode(_ points: [MetricPoint]) -> [UInt8] {
        var bytes: [UInt8] = [format]
        bytes.reserveCapacity(points.count * 8 + 64)
        append(UInt64(points.count), to: &bytes)
        appendNumbers(points.map(\.step), to: &bytes)
        appendNumbers(points.map(\.timestamp.milliseconds), to: &bytes)
        appendValues(points.map(\.value), to: &bytes)
        return bytes
    }

    /// `most`: how many points there may be; a few bytes can stand for many.
    static func decode(_ bytes: [UInt8], most: UInt64 = 1 << 24) throws -> SeriesPoints {
        try bytes.withUnsafeBytes { buffer in
            var reader = Reader(bytes: buffer)
            guard try reader.byte() == format else { throw damaged }
            let count = try reader.count(most: most)
            let steps = try reader.numbers(count)
            let times = try reader.numbers(count)
            let values = try reader.values(count)
            guard reader.isAtEnd else { throw damaged }
            return SeriesPoints(steps: steps, times: times, values: values)
        }
    }

    /// How many points a chunk has, without looking at them.
    static func count(of bytes: [UInt8], most: UInt64 = 1 << 24) throws -> Int {
        try bytes.withUnsafeBytes { buffer in
            var reader = Reader(bytes: buffer)
            guard try reader.byte() == format else { throw damaged }
            return try reader.count(most: most)
        }
    }

    static let damaged = ExperimentError.damagedRecord(what: "chunk of metric points", value: "its encoding is broken")

    // MARK: Writing

    private static func appendNumbers(_ numbers: [Int64], to bytes: inout [UInt8]) {
        guard let first = numbers.first else { return }
        let stride = numbers.count > 1 ? numbers[1] &- first : 0
        let isRow = zip(numbers, numbers.dropFirst()).allSatisfy { $1 &- $0 == stride }
        bytes.append((isRow ? NumberPlane.row : .differences).rawValue)
        append(zigzag(first), to: &bytes)
        if isRow { return append(zigzag(stride), to: &bytes) }
        var previous = first
        var difference: Int64 = 0
        for number in numbers.dropFirst() {
            let next = number &- previous
            append(zigzag(next &- difference), to: &bytes)
            difference = next
            previous = number
        }
    }

    private static func appendValues(_ values: [Double], to bytes: inout [UInt8]) {
        // All NaNs are one: which of its many bit patterns it is, nobody logs.
        let values = values.map { $0.isNaN ? .nan : $0 }
        if let first = values.first, values.allSatisfy({ $0.bitPattern == first.bitPattern }) {
            bytes.append(ValuePlane.constant.rawValue)
            withUnsafeBytes(of: first.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        } else if values.allSatisfy({ $0.isNaN || Double(Float($0)).bitPattern == $0.bitPattern }) {
            bytes.append(ValuePlane.single.rawValue)
            for value in values {
                withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
            }
        } else {
            bytes.append(ValuePlane.double.rawValue)
            for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
        }
    }

    static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    static func zigzag(_ number: Int64) -> UInt64 { UInt64(bitPattern: (number << 1) ^ (number >> 63)) }

    // MARK: Reading

    struct Reader {
        let bytes: UnsafeRawBufferPointer
        private var index = 0

        init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

        var isAtEnd: Bool { index == bytes.count }

        mutating func byte() throws -> UInt8 {
            guard index < bytes.count else { throw damaged }
            index += 1
            return bytes[index - 1]
        }

        mutating func count(most: UInt64) throws -> Int {
            let count = try varint()
            if count > most { throw damaged }
            return Int(count)
        }

        mutating func numbers(_ count: Int) throws -> [Int64] {
            if count == 0 { return [] }
            guard let plane = NumberPlane(rawValue: try byte()) else { throw damaged }
            let first = try signed()
            if plane == .row {
                let stride = try signed()
                return (0..<count).map { first &+ Int64($0) &* stride }
            }
            var numbers = [first]
            numbers.reserveCapacity(count)
            var number = first
            var difference: Int64 = 0
            for _ in 1..<count {
                difference &+= try signed()
                number &+= difference
                numbers.append(number)
            }
            return numbers
        }

        mutating func values(_ count: Int) throws -> [Double] {
            guard let plane = ValuePlane(rawValue: try byte()) else { throw damaged }
            switch plane {
            case .constant:
                let value = try load(UInt64.self, 1)[0]
                return [Double](repeating: Double(bitPattern: value), count: count)
            case .single: return try load(UInt32.self, count).map { Double(Float(bitPattern: $0)) }
            case .double: return try load(UInt64.self, count).map { Double(bitPattern: $0) }
            }
        }

        mutating func load<Number: FixedWidthInteger & BitwiseCopyable>(
            _ type: Number.Type, _ count: Int
        ) throws -> [Number] {
            let size = MemoryLayout<Number>.size
            guard bytes.count - index >= count * size else { throw damaged }
            defer { index += count * size }
            return (0..<count).map {
                Number(littleEndian: bytes.loadUnaligned(fromByteOffset: index + $0 * size, as: type))
            }
        }

        mutating func signed() throws -> Int64 {
            let number = try varint()
            return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
        }

        private mutating func varint() throws -> UInt64 {
            var number: UInt64 = 0
            for shift in stride(from: 0, through: 63, by: 7) {
                let next = try byte()
                number |= UInt64(next & 0x7F) << UInt64(shift)
                if next < 0x80 { return number }
            }
            throw damaged
        }
    }
}
