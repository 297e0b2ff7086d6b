import HTTP
import Hashing

/// Signs requests as AWS asks (Signature Version 4, in headers). Pure: the time is passed in.
///
/// What is signed is what is sent: the caller writes path and query in their canonical form into the URL (each byte
/// but the unreserved ones escaped once, the query sorted), and this signs the URL as it stands.
struct SigV4: Sendable {
    let accessKeyID: String
    let secretKey: Secret
    let sessionToken: Secret?
    let region: String
    let service: String

    /// `headers` with those that carry the signature. All of them are signed, and the host.
    ///
    /// `payloadHash` is the SHA-256 of the body in hexadecimal digits, or `UNSIGNED-PAYLOAD`.
    func sign(
        _ method: HTTPMethod, _ url: HTTPURL, headers: HTTPHeaders, payloadHash: String, secondsSince1970: Int64
    ) -> HTTPHeaders {
        var result = headers
        let time = Self.basicTime(secondsSince1970)
        result["x-amz-date"] = time
        if let sessionToken { result["x-amz-security-token"] = sessionToken.exposed }
        let scope = "\(time.prefix(8))/\(region)/\(service)/aws4_request"
        let (request, names) = Self.canonicalRequest(method, url, headers: result, payloadHash: payloadHash)
        let hash = SHA256.hash(Array(request.utf8))
        let text = "AWS4-HMAC-SHA256\n\(time)\n\(scope)\n\(hash)"
        let signature = Self.hex(hmacSHA256(key: signingKey(day: String(time.prefix(8))), Array(text.utf8)))
        result["Authorization"] =
            "AWS4-HMAC-SHA256 Credential=\(accessKeyID)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
        return result
    }

    static func canonicalRequest(
        _ method: HTTPMethod, _ url: HTTPURL, headers: HTTPHeaders, payloadHash: String
    ) -> (text: String, signedHeaders: String) {
        var values: [String: [String]] = ["host": [url.authority]]
        for field in headers.fields {
            let value = field.value.split(separator: " ").joined(separator: " ")
            values[field.name.lowercased(), default: []].append(value)
        }
        let sorted = values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        let lines = sorted.map { "\($0.key):\($0.value.joined(separator: ","))\n" }.joined()
        let names = sorted.map(\.key).joined(separator: ";")
        let text = [method.rawValue, url.encodedPath, url.encodedQuery ?? "", lines, names, payloadHash]
            .joined(separator: "\n")
        return (text, names)
    }

    /// The query in the order that is signed.
    static func canonicalQuery(_ items: [QueryItem]) -> String? {
        if items.isEmpty { return nil }
        let encoded = items.map {
            (name: PercentEncoding.component.encode($0.name), value: PercentEncoding.component.encode($0.value))
        }
        let sorted = encoded.sorted { a, b in
            a.name == b.name
                ? a.value.utf8.lexicographicallyPrecedes(b.value.utf8)
                : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
        }
        return sorted.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    /// `20150830T123600Z`
    static func basicTime(_ secondsSince1970: Int64) -> String {
        let words = HTTPDate(secondsSince1970: secondsSince1970).description.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = (months.firstIndex { $0 == words[2] } ?? 0) + 1
        let clock = words[4].filter { $0 != ":" }
        return "\(words[3])\(month < 10 ? "0" : "")\(month)\(words[1])T\(clock)Z"
    }

    private func signingKey(day: String) -> [UInt8] {
        var key = Array("AWS4\(secretKey.exposed)".utf8)
        for part in [day, region, service, "aws4_request"] { key = hmacSHA256(key: key, Array(part.utf8)) }
        return key
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
