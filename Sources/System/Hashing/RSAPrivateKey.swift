import CCrypto

/// A private key that signs; used for the tokens of Google's service accounts. Never printed.
///
/// Unchecked because the key is immutable once it was read; libcrypto allows its use from all threads.
package final class RSAPrivateKey: @unchecked Sendable, CustomStringConvertible {
    private let key: OpaquePointer

    /// From PEM text without a passphrase; nil for anything else.
    package init?(pem: String) {
        let text = Array(pem.utf8)
        let input = BIO_new_mem_buf(text, Int32(clamping: text.count))
        defer { BIO_free(input) }
        guard let key = PEM_read_bio_PrivateKey(input, nil, refusePassphrase, nil) else { return nil }
        self.key = key
        if EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA { return nil }
    }

    deinit { EVP_PKEY_free(key) }

    /// RSASSA-PKCS1-v1_5 over SHA-256 (`RS256` in a JWT); nil if the key cannot sign.
    package func signSHA256(_ message: [UInt8]) -> [UInt8]? {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var count = 0
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
            EVP_DigestSign(context, nil, &count, message, message.count) == 1
        else { return nil }
        var signature = [UInt8](repeating: 0, count: count)
        guard EVP_DigestSign(context, &signature, &count, message, message.count) == 1 else { return nil }
        return Array(signature[..<count])
    }

    package var description: String { "<redacted>" }
}

/// Without it libcrypto would ask for one at the terminal.
private func refusePassphrase(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int32, _ isWriting: Int32, _ context: UnsafeMutableRawPointer?
) -> Int32 { -1 }
