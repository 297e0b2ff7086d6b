package import Hashing

/// The fingerprint of all that can change what a stage makes: SHA-256 over the components of its inputs.
///
/// Encoding: the bytes `repro stage key 1\n`, then for each component its kind, name and value, each as its count of
/// UTF-8 bytes in decimal, a colon, the bytes, and a comma (a netstring). No two lists of components encode alike.
package struct StageKey: Hashable, Sendable, CustomStringConvertible {
    package let hash: SHA256Digest

    package init(_ inputs: StageInputs) {
        var encoding = Array("repro stage key 1\n".utf8)
        for component in inputs.components {
            for field in [component.identity.kind.rawValue, component.identity.name, component.value] {
                encoding += String(field.utf8.count).utf8
                encoding.append(UInt8(ascii: ":"))
                encoding += field.utf8
                encoding.append(UInt8(ascii: ","))
            }
        }
        hash = SHA256.hash(encoding)
    }

    /// From 64 hexadecimal digits; nil for anything else.
    package init?(hex: String) {
        guard let hash = SHA256Digest(hex: hex) else { return nil }
        self.hash = hash
    }

    /// 64 lower-case hexadecimal digits.
    package var description: String { hash.description }
}
