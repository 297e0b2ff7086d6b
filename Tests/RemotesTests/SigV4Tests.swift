import Files
import HTTP
import Hashing
import JSON
import Testing

@testable import Remotes

@Suite struct SigV4Tests {
    @Test func `every published vector is signed as AWS signs it`() throws {
        let file = AbsolutePath(#filePath).parent?.parent?.parent?.appending("fixtures/sigv4/vectors.json")
        guard case .array(let vectors) = try JSONValue(parsing: FileSystem.real.read(try #require(file))) else {
            throw RemoteError.notARemote(remote: "fixtures/sigv4/vectors.json")
        }
        #expect(vectors.count == 8)
        for case .object(let vector) in vectors {
            let text: (String) throws -> String = { key in try #require(vector.text(key)) }
            let signer = SigV4(
                accessKeyID: try text("keyID"), secretKey: Secret(try text("secret")), sessionToken: nil,
                region: try text("region"), service: try text("service"))
            var headers = HTTPHeaders()
            if case .object(let fields)? = vector["headers"] {
                for field in fields.pairs { headers[field.key] = fields.text(field.key) }
            }
            let signed = signer.sign(
                try #require(HTTPMethod(rawValue: text("method"))), try HTTPURL(parsing: text("url")), headers: headers,
                payloadHash: SHA256.hash(Array(try text("body").utf8)).description,
                secondsSince1970: try #require(HTTPDate(parsing: text("time"))?.secondsSince1970))
            let end = try ", SignedHeaders=\(text("signedHeaders")), Signature=\(text("signature"))"
            #expect(signed["Authorization"]?.hasSuffix(end) == true, "\(vector.text("name") ?? "")")
        }
    }

    @Test func `a session token is signed with the rest`() throws {
        let signer = SigV4(
            accessKeyID: "A", secretKey: Secret("B"), sessionToken: Secret("token"), region: "r", service: "s3")
        let signed = signer.sign(
            .get, try HTTPURL(parsing: "http://h/"), headers: [:], payloadHash: "UNSIGNED-PAYLOAD", secondsSince1970: 0)
        #expect(signed["x-amz-security-token"] == "token")
        #expect(signed["Authorization"]?.contains("SignedHeaders=host;x-amz-date;x-amz-security-token,") == true)
    }

    @Test func `a query is sorted by its encoded names, then values`() {
        let items = [QueryItem("b", "2"), QueryItem("a b", "1"), QueryItem("b", "1"), QueryItem("B", "/")]
        #expect(SigV4.canonicalQuery(items) == "B=%2F&a%20b=1&b=1&b=2")
        #expect(SigV4.canonicalQuery([]) == nil)
    }

    @Test func `a secret does not print`() {
        let credentials = S3Credentials(accessKeyID: "A", secretKey: Secret("hidden"), sessionToken: Secret("hidden"))
        #expect(!"\(credentials) \(String(reflecting: credentials))".contains("hidden"))
        var text = ""
        dump(credentials, to: &text)
        #expect(!text.contains("hidden"))
    }
}
