import CCrypto

/// HMAC over SHA-256 (RFC 2104): the code that only who knows `key` can make for `message`.
package func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
        var length: UInt32 = 0
        let result = HMAC(
            EVP_sha256(), key, Int32(clamping: key.count), message, message.count, buffer.baseAddress, &length)
        precondition(result != nil && length == 32, "libcrypto failed to compute an HMAC")
        count = 32
    }
}
