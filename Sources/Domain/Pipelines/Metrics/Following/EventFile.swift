import Diagnostics
import Hashing

/// A TensorBoard event file: records of TensorFlow, each an `Event` message; the scalars in them are points.
///
/// A record is its length (8 bytes, little-endian), a checksum of that, the content, and a checksum of that. One whose
/// content is damaged is named and passed over; where a length is damaged nothing after it can be found.
struct EventFile: MetricFormat {
    /// Longer ones (images, audio) are passed over without being kept.
    static let mostBytes = 16 << 20
    private static let headBytes = 12

    private var pending: [UInt8] = []
    private var start = 0
    /// Of the file: how far `start` is.
    private var offset: UInt64 = 0
    /// What is still to come of a record that is passed over.
    private var toSkip: UInt64 = 0
    private var isBroken = false
    private var mistakes: [String] = []
    /// Before each tag: the folder of the file below the folder that is followed.
    private let prefix: String

    init(prefix: String = "") { self.prefix = prefix }

    mutating func read(_ bytes: [UInt8]) -> [FollowedPoint] {
        if isBroken { return [] }
        pending += bytes
        var points: [FollowedPoint] = []
        while let record = nextRecord() { points += scalars(in: record) }
        pending.removeFirst(start)
        start = 0
        return points
    }

    /// A record that is cut off was never written: a program that died leaves one, and that is no mistake.
    mutating func finish() -> [FollowedPoint] { [] }

    mutating func takeMistakes() -> [String] {
        defer { mistakes = [] }
        return mistakes
    }

    // MARK: Records

    /// Nil until more comes.
    private mutating func nextRecord() -> ArraySlice<UInt8>? {
        while !isBroken {
            if toSkip > 0 {
                let count = Int(min(toSkip, UInt64(pending.count - start)))
                advance(count)
                toSkip -= UInt64(count)
                if toSkip > 0 { return nil }
            }
            guard pending.count - start >= Self.headBytes else { return nil }
            let length = number(at: start, bytes: 8)
            if CRC32C.masked(pending[start..<start + 8]) != UInt32(truncatingIfNeeded: number(at: start + 8, bytes: 4))
            {
                mistakes.append("what follows byte \(offset) is no record of TensorFlow")
                isBroken = true
                pending = []
                start = 0
                return nil
            }
            if length > UInt64(Self.mostBytes) {
                advance(Self.headBytes)
                toSkip = length &+ 4
                continue
            }
            let size = Int(length)
            guard pending.count - start >= Self.headBytes + size + 4 else { return nil }
            let content = start + Self.headBytes..<start + Self.headBytes + size
            let place = offset
            let sum = UInt32(truncatingIfNeeded: number(at: content.upperBound, bytes: 4))
            let isWhole = CRC32C.masked(pending[content]) == sum
            advance(Self.headBytes + size + 4)
            if isWhole { return pending[content] }
            mistakes.append("the record at byte \(place) is damaged")
        }
        return nil
    }

    private mutating func advance(_ count: Int) {
        start += count
        offset += UInt64(count)
    }

    private func number(at place: Int, bytes: Int) -> UInt64 {
        (0..<bytes).reduce(0) { $0 | UInt64(pending[place + $1]) << UInt64(8 * $1) }
    }

    // MARK: Events

    private func scalars(in record: ArraySlice<UInt8>) -> [FollowedPoint] {
        var step: Int64 = 0
        var time: Timestamp?
        var values: [ArraySlice<UInt8>] = []
        for field in ProtobufFields(record) {
            switch (field.number, field.value) {
            case (1, .fixed64(let bits)):
                let seconds = Double(bitPattern: bits)
                if seconds.isFinite, seconds > 0, seconds < 1e12 {
                    time = Timestamp(milliseconds: Int64(seconds * 1000))
                }
            case (2, .varint(let number)): step = Int64(bitPattern: number)
            case (5, .bytes(let summary)):
                values += ProtobufFields(summary).compactMap { field in
                    if field.number == 1, case .bytes(let value) = field.value { value } else { nil }
                }
            default: break
            }
        }
        return values.compactMap { scalar(in: $0).map { ($0, $1) } }.map { tag, value in
            FollowedPoint(key: prefix + tag, value: value, step: step, timestamp: time)
        }
    }

    /// `Summary.Value`: a tag, and a plain number or a tensor of one number.
    private func scalar(in message: ArraySlice<UInt8>) -> (tag: String, value: Double)? {
        var tag = ""
        var value: Double?
        var isOther = false
        for field in ProtobufFields(message) {
            switch (field.number, field.value) {
            case (1, .bytes(let text)): tag = String(decoding: text, as: UTF8.self)
            case (2, .fixed32(let bits)): value = Double(Float(bitPattern: bits))
            case (8, .bytes(let tensor)): value = scalar(inTensor: tensor)
            case (9, .bytes(let metadata)): isOther = Self.plugin(metadata).map { $0 != "scalars" } ?? false
            default: break
            }
        }
        guard let value, !tag.isEmpty, !isOther else { return nil }
        return (tag, value)
    }

    /// Who shows the value: histograms, texts and images are tensors, too.
    private static func plugin(_ metadata: ArraySlice<UInt8>) -> String? {
        for case (1, .bytes(let data)) in ProtobufFields(metadata).map({ ($0.number, $0.value) }) {
            for case (1, .bytes(let name)) in ProtobufFields(data).map({ ($0.number, $0.value) }) {
                return String(decoding: name, as: UTF8.self)
            }
        }
        return nil
    }

    private enum Element: UInt64 {
        case float = 1, double = 2, int32 = 3, int64 = 9
        case half = 19

        var size: Int {
            switch self {
            case .half: 2
            case .float, .int32: 4
            case .double, .int64: 8
            }
        }
    }

    /// Nil unless it is one number.
    private func scalar(inTensor message: ArraySlice<UInt8>) -> Double? {
        var element: Element?
        var content: ArraySlice<UInt8>?
        var value: Double?
        for field in ProtobufFields(message) {
            switch (field.number, field.value) {
            case (1, .varint(let type)): element = Element(rawValue: type)
            case (2, .bytes(let shape)): if !shape.isEmpty, !Self.isScalar(shape) { return nil }
            case (4, .bytes(let bytes)): content = bytes
            case (5, .fixed32(let bits)): value = Double(Float(bitPattern: bits))
            case (5, .bytes(let bytes)) where bytes.count == 4: value = Self.number(bytes, .float)
            case (6, .fixed64(let bits)): value = Double(bitPattern: bits)
            case (6, .bytes(let bytes)) where bytes.count == 8: value = Self.number(bytes, .double)
            case (7, .varint(let number)), (10, .varint(let number)): value = Double(Int64(bitPattern: number))
            case (7, .bytes(let bytes)), (10, .bytes(let bytes)):
                var reader = ProtobufReader(bytes)
                value = reader.varint().map { Double(Int64(bitPattern: $0)) }
            case (13, .varint(let bits)): value = Self.half(UInt16(truncatingIfNeeded: bits))
            case (13, .bytes(let bytes)):
                var reader = ProtobufReader(bytes)
                value = reader.varint().map { Self.half(UInt16(truncatingIfNeeded: $0)) }
            case (8, _): return nil
            default: break
            }
        }
        guard let element else { return nil }
        if let content, !content.isEmpty { return content.count == element.size ? Self.number(content, element) : nil }
        return value
    }

    /// A shape has a field 2 for each dimension.
    private static func isScalar(_ shape: ArraySlice<UInt8>) -> Bool {
        !ProtobufFields(shape).contains { $0.number == 2 }
    }

    private static func number(_ bytes: ArraySlice<UInt8>, _ element: Element) -> Double {
        let bits = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return switch element {
        case .float: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case .double: Double(bitPattern: bits)
        case .int32: Double(Int32(truncatingIfNeeded: bits))
        case .int64: Double(Int64(bitPattern: bits))
        case .half: Self.half(UInt16(truncatingIfNeeded: bits))
        }
    }

    /// IEEE 754 half precision.
    private static func half(_ bits: UInt16) -> Double {
        let sign: Double = bits >> 15 == 1 ? -1 : 1
        let exponent = Int(bits >> 10 & 31)
        let fraction = Double(bits & 1023)
        func power(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
        if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
        return exponent == 0 ? sign * fraction * power(-24) : sign * (1 + fraction / 1024) * power(exponent - 15)
    }
}
