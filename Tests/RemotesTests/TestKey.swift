import CCrypto

/// A new RSA key as PEM text, for one test.
func makeTestKey() -> String {
    let context = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil)
    defer { EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    EVP_PKEY_keygen_init(context)
    EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048)
    EVP_PKEY_keygen(context, &key)
    defer { EVP_PKEY_free(key) }
    let output = BIO_new(BIO_s_mem())
    defer { BIO_free(output) }
    PEM_write_bio_PrivateKey(output, key, nil, nil, 0, nil, nil)
    return String(
        decoding: [UInt8](unsafeUninitializedCapacity: 8192) { buffer, count in
            count = max(0, Int(BIO_read(output, buffer.baseAddress, Int32(buffer.count))))
        }, as: UTF8.self)
}
