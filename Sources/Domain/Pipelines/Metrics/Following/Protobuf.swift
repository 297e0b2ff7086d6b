/// One field of a protobuf message.
struct ProtobufField: Sendable {
    enum Value: Sendable {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        /// Text, bytes, an inner message, or packed numbers.
        case bytes(ArraySlice<UInt8>)
    }

    let number: UInt64
    let value: Value
}

/// The fields of a message, as they are on the wire. Ends at the first that is broken: nothing is read past the end, and
/// nothing is kept but slices of the message.
struct ProtobufFields: Sequence, IteratorProtocol {
    private var reader: ProtobufReader

    init(_ message: ArraySlice<UInt8>) { reader = ProtobufReader(message) }

    mutating func next() -> ProtobufField? {
        guard let key = reader.varint() else { return nil }
        let number = key >> 3
        switch key & 7 {
        case 0: return reader.varint().map { ProtobufField(number: number, value: .varint($0)) }
        case 1: return reader.fixed(8).map { ProtobufField(number: number, value: .fixed64($0)) }
        case 2:
            guard let length = reader.varint(), let bytes = reader.take(length) else { return nil }
            return ProtobufField(number: number, value: .bytes(bytes))
        case 5:
            return reader.fixed(4).map {
                ProtobufField(number: number, value: .fixed32(UInt32(truncatingIfNeeded: $0)))
            }
        default: return nil
        }
    }
}

/// Reads the parts of which messages are made; nil at the end, or where the bytes are none.
struct ProtobufReader: Sendable {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func varint() -> UInt64? {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
        }
        return nil
    }

    mutating func fixed(_ count: Int) -> UInt64? {
        guard let bytes = take(UInt64(count)) else { return nil }
        return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func take(_ count: UInt64) -> ArraySlice<UInt8>? {
        guard count <= UInt64(rest.count) else { return nil }
        let bytes = rest.prefix(Int(count))
        rest = rest.dropFirst(Int(count))
        return bytes
    }
}
