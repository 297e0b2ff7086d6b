/// Base64 with the common alphabet (RFC 4648, section 4).
func encodeBase64(_ bytes: some Sequence<UInt8>) -> String {
    var result: [UInt8] = []
    var buffer: UInt32 = 0
    var bits = 0
    for byte in bytes {
        buffer = buffer << 8 | UInt32(byte)
        bits += 8
        while bits >= 6 {
            bits -= 6
            result.append(alphabet[Int(buffer >> UInt32(bits) & 63)])
        }
    }
    if bits > 0 { result.append(alphabet[Int(buffer << UInt32(6 - bits) & 63)]) }
    while result.count % 4 != 0 { result.append(UInt8(ascii: "=")) }
    return String(decoding: result, as: UTF8.self)
}

/// Nil for anything that is not base64; padding may be missing.
func decodeBase64(_ text: String) -> [UInt8]? {
    var result: [UInt8] = []
    var buffer: UInt32 = 0
    var bits = 0
    for digit in text.utf8.prefix(while: { $0 != UInt8(ascii: "=") }) {
        guard let value = values[digit] else { return nil }
        buffer = buffer << 6 | value
        bits += 6
        if bits >= 8 {
            bits -= 8
            result.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
        }
    }
    return result
}

private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
private let values = Dictionary(uniqueKeysWithValues: alphabet.enumerated().map { ($1, UInt32($0)) })
