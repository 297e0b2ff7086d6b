/// CRC-32C (Castagnoli), as records of TensorFlow have it: finds damage, and is no defence against anybody.
package enum CRC32C {
    package static func hash(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes { sum = sum >> 8 ^ table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] }
        return ~sum
    }

    /// Rotated and moved, so that a checksum of bytes that hold their checksum is not a constant.
    package static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let sum = hash(bytes)
        return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0x82F6_3B78 : 0) }
    }
}
