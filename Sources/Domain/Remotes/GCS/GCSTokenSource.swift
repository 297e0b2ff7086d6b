import Curl
package import Diagnostics
import Files
import HTTP
import Hashing
import JSON

/// Where the bearer tokens for Google Cloud Storage come from: fetched when first needed, and again before they end.
package final class GCSTokenSource: Sendable {
    private let token: Renewable<Secret?>

    /// For a bucket that everybody may read, and for an emulator.
    package static func anonymous(clock: Clock = .system) -> GCSTokenSource {
        GCSTokenSource(clock: clock) { Renewable.Lease(value: nil, ends: nil) }
    }

    /// As Google's own tools look for them: the file that is named, or the one of `gcloud auth application-default
    /// login`, and then the metadata server.
    package static func automatic(
        keyFile: String?, remote: String, in environment: RemoteEnvironment
    ) -> GCSTokenSource {
        let chain = GCSTokenChain(keyFile: keyFile, remote: remote, environment: environment)
        return GCSTokenSource(clock: environment.clock) { try chain.fetch() }
    }

    private init(clock: Clock, fetch: @escaping @Sendable () throws -> Renewable<Secret?>.Lease) {
        token = Renewable(clock: clock, fetch: fetch)
    }

    /// Nil for an anonymous request.
    func current() throws -> Secret? { try token.value() }

    func discard() { token.discard() }
}

/// Fetches one token from the first place that has credentials.
struct GCSTokenChain: Sendable {
    typealias Lease = Renewable<Secret?>.Lease

    let keyFile: String?
    let remote: String
    let environment: RemoteEnvironment

    func fetch() throws -> Lease {
        let named = keyFile ?? environment.variable("GOOGLE_APPLICATION_CREDENTIALS")
        if let named {
            let path = AbsolutePath(named, relativeTo: environment.home)
            guard let text = try environment.text(of: path) else { throw bad(named, "there is no such file") }
            return try fetch(with: text, from: named)
        }
        let usual = environment.home.appending(".config/gcloud/application_default_credentials.json")
        if let text = try environment.text(of: usual) { return try fetch(with: text, from: usual.description) }
        if let lease = try fromMetadataServer() { return lease }
        let tried = ["GOOGLE_APPLICATION_CREDENTIALS", "application default credentials", "metadata server"]
        throw RemoteError.noCredentials(remote: remote, tried: tried)
    }

    private func fetch(with text: String, from source: String) throws -> Lease {
        guard case .object(let object)? = try? JSONValue(parsing: text) else { throw bad(source, "it is not JSON") }
        switch object.text("type") {
        case "service_account": return try fromServiceAccount(object, source)
        case "authorized_user": return try fromUser(object, source)
        case let type: throw bad(source, "credentials of type \(type ?? "unknown") are not supported")
        }
    }

    /// RFC 7523: a signed statement of who we are, in exchange for a token.
    private func fromServiceAccount(_ object: JSONObject, _ source: String) throws -> Lease {
        guard let email = object.text("client_email"), let pem = object.text("private_key"),
            let key = RSAPrivateKey(pem: pem)
        else { throw bad(source, "it has no usable `client_email` and `private_key`") }
        let endpoint = object.text("token_uri") ?? Self.tokenEndpoint
        let now = environment.clock.now().milliseconds / 1000
        let header: JSONObject = ["alg": .string("RS256"), "typ": .string("JWT")]
        let claims: JSONObject = [
            "iss": .string(email), "scope": .string(Self.scope), "aud": .string(endpoint), "iat": .integer(now),
            "exp": .integer(now + 3600),
        ]
        let parts = [header, claims].map { Self.base64URL(Array(JSONValue.object($0).text().utf8)) }
        let statement = parts.joined(separator: ".")
        guard let signature = key.signSHA256(Array(statement.utf8)) else { throw bad(source, "its key cannot sign") }
        return try exchange(
            source, endpoint,
            [
                QueryItem("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                QueryItem("assertion", "\(statement).\(Self.base64URL(signature))"),
            ])
    }

    private func fromUser(_ object: JSONObject, _ source: String) throws -> Lease {
        guard let id = object.text("client_id"), let secret = object.text("client_secret"),
            let refresh = object.text("refresh_token")
        else { throw bad(source, "it has no `client_id`, `client_secret` and `refresh_token`") }
        return try exchange(
            source, object.text("token_uri") ?? Self.tokenEndpoint,
            [
                QueryItem("grant_type", "refresh_token"), QueryItem("client_id", id),
                QueryItem("client_secret", secret),
                QueryItem("refresh_token", refresh),
            ])
    }

    private func fromMetadataServer() throws -> Lease? {
        if environment.variable("NO_GCE_CHECK")?.lowercased() == "true" { return nil }
        let host = environment.variable("GCE_METADATA_HOST") ?? "metadata.google.internal"
        let url = "http://\(host)/computeMetadata/v1/instance/service-accounts/default/token"
        // Most machines are no instances: silence there is no error.
        guard let reply = try? ask("metadata server", url, .get, ["Metadata-Flavor": "Google"], nil) else { return nil }
        return try lease(in: reply, "metadata server")
    }

    private func exchange(_ source: String, _ endpoint: String, _ form: [QueryItem]) throws -> Lease {
        let headers: HTTPHeaders = ["Content-Type": "application/x-www-form-urlencoded"]
        return try lease(in: ask(source, endpoint, .post, headers, Array(QueryItem.encode(form).utf8)), source)
    }

    private func lease(in reply: HTTPReply, _ source: String) throws -> Lease {
        guard case .object(let object)? = try? JSONValue(parsing: reply.body), let token = object.text("access_token")
        else { throw bad(source, "the reply has no token") }
        var ends: Timestamp?
        if case .integer(let seconds)? = object["expires_in"] {
            ends = Timestamp(milliseconds: environment.clock.now().milliseconds + min(max(seconds, 0), 1 << 32) * 1000)
        }
        return Lease(value: Secret(token), ends: ends)
    }

    private func ask(
        _ source: String, _ url: String, _ method: HTTPMethod, _ headers: HTTPHeaders, _ body: [UInt8]?
    ) throws -> HTTPReply {
        let parsed: HTTPURL
        do {
            parsed = try HTTPURL(parsing: url)
        } catch {
            throw bad(source, error.description)
        }
        let request = HTTPRequest(
            method, parsed, headers: headers, body: body.map { .bytes($0) } ?? .none, maxReplyBytes: 1 << 20,
            timeout: .seconds(body == nil ? 2 : 20))
        do {
            let reply = try environment.client.send(request, cancellation: environment.cancellation)
            guard reply.status == .ok else { throw bad(source, "the service answered \(reply.status)") }
            return reply
        } catch let error as HTTPClientError {
            throw bad(source, error.message)
        }
    }

    private func bad(_ source: String, _ reason: String) -> RemoteError {
        .badCredentialSource(remote: remote, source: source, reason: reason)
    }

    /// RFC 4648, section 5, without padding.
    static func base64URL(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for digit in 0...group.count { text.append(alphabet[word >> (18 - 6 * digit) & 63]) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let tokenEndpoint = "https://oauth2.googleapis.com/token"
    private static let scope = "https://www.googleapis.com/auth/devstorage.read_write"
}

extension JSONObject {
    /// The value of `key` if it is a string.
    func text(_ key: String) -> String? {
        if case .string(let text)? = self[key] { text } else { nil }
    }
}
