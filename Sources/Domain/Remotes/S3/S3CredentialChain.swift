import Curl
import Diagnostics
import Files
import HTTP
import JSON

/// Looks for credentials where AWS's tools look, in their order. The first place that has any decides; one that is
/// there but broken is an error and not passed over.
struct S3CredentialChain: Sendable {
    typealias Lease = Renewable<S3Credentials?>.Lease

    let profile: String?
    let region: String
    let remote: String
    let environment: RemoteEnvironment

    func find() throws -> Lease {
        // A profile that was named for this remote comes before the environment.
        if let profile {
            if let lease = try fromProfile(profile) { return lease }
            throw bad("profile \(profile)", "there is no such profile with a key")
        }
        if let lease = fromVariables() { return lease }
        if let lease = try fromWebIdentity() { return lease }
        let name = environment.variable("AWS_PROFILE") ?? environment.variable("AWS_DEFAULT_PROFILE") ?? "default"
        if let lease = try fromProfile(name) { return lease }
        if let lease = try fromContainer() { return lease }
        if let lease = try fromInstance() { return lease }
        let tried = ["environment", "web identity", "profile \(name)", "container", "instance metadata"]
        throw RemoteError.noCredentials(remote: remote, tried: tried)
    }

    // MARK: On this machine

    private func fromVariables() -> Lease? {
        guard let id = environment.variable("AWS_ACCESS_KEY_ID"),
            let secret = environment.variable("AWS_SECRET_ACCESS_KEY")
        else { return nil }
        let token = environment.variable("AWS_SESSION_TOKEN").map { Secret($0) }
        return Lease(
            value: S3Credentials(accessKeyID: id, secretKey: Secret(secret), sessionToken: token), ends: nil)
    }

    private func fromProfile(_ name: String) throws -> Lease? {
        let folder = environment.home.appending(".aws")
        let places = [("AWS_SHARED_CREDENTIALS_FILE", "credentials"), ("AWS_CONFIG_FILE", "config")]
        for (variable, file) in places {
            let path = environment.variable(variable).map { AbsolutePath($0, relativeTo: environment.home) }
            guard let text = try environment.text(of: path ?? folder.appending(file)) else { continue }
            let section = ProfileFile(parsing: text).sections[name] ?? [:]
            guard let id = section["aws_access_key_id"], let secret = section["aws_secret_access_key"] else { continue }
            let token = section["aws_session_token"].map { Secret($0) }
            return Lease(
                value: S3Credentials(accessKeyID: id, secretKey: Secret(secret), sessionToken: token), ends: nil)
        }
        return nil
    }

    // MARK: From a service

    private func fromWebIdentity() throws -> Lease? {
        guard let file = environment.variable("AWS_WEB_IDENTITY_TOKEN_FILE"),
            let role = environment.variable("AWS_ROLE_ARN")
        else { return nil }
        let source = "web identity"
        guard let token = try environment.text(of: AbsolutePath(file, relativeTo: environment.home)) else {
            throw bad(source, "file \(file) does not exist")
        }
        let endpoint = environment.variable("AWS_ENDPOINT_URL_STS") ?? "https://sts.\(region).amazonaws.com"
        let form = QueryItem.encode([
            QueryItem("Action", "AssumeRoleWithWebIdentity"), QueryItem("Version", "2011-06-15"),
            QueryItem("RoleArn", role),
            QueryItem("RoleSessionName", environment.variable("AWS_ROLE_SESSION_NAME") ?? "repro"),
            QueryItem("WebIdentityToken", String(token.drop { $0.isWhitespace }.prefix { !$0.isWhitespace })),
        ])
        let headers: HTTPHeaders = ["Content-Type": "application/x-www-form-urlencoded"]
        let reply = try ask(source, endpoint, .post, headers, body: .bytes(Array(form.utf8)))
        let result = XMLElement(parsing: reply.body)?["AssumeRoleWithWebIdentityResult"]?["Credentials"]
        guard let result, let id = result["AccessKeyId"]?.text, let secret = result["SecretAccessKey"]?.text,
            let session = result["SessionToken"]?.text
        else { throw bad(source, "the reply has no credentials") }
        let credentials = S3Credentials(
            accessKeyID: id, secretKey: Secret(secret), sessionToken: Secret(session))
        return Lease(value: credentials, ends: result["Expiration"].flatMap { Timestamp(iso8601: $0.text) })
    }

    private func fromContainer() throws -> Lease? {
        let url: String
        if let path = environment.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            url = "http://169.254.170.2\(path)"
        } else if let full = environment.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
            url = full
        } else {
            return nil
        }
        var headers = HTTPHeaders()
        if let file = environment.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            let text = try environment.text(of: AbsolutePath(file, relativeTo: environment.home))
            headers["Authorization"] = text.map { String($0.prefix { !$0.isNewline }) }
        } else {
            headers["Authorization"] = environment.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        }
        return try lease(in: ask("container", url, .get, headers), "container")
    }

    /// Version 2 only: version 1 answers whoever can make a server ask a URL.
    private func fromInstance() throws -> Lease? {
        if environment.variable("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" { return nil }
        let source = "instance metadata"
        let base = environment.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? "http://169.254.169.254"
        let tokenURL = "\(base)/latest/api/token"
        let wish: HTTPHeaders = ["X-aws-ec2-metadata-token-ttl-seconds": "21600"]
        // Most machines are no instances: silence there is no error.
        guard let tokenReply = try? ask(source, tokenURL, .put, wish, timeout: .seconds(1)) else { return nil }
        let headers: HTTPHeaders = ["X-aws-ec2-metadata-token": String(decoding: tokenReply.body, as: UTF8.self)]
        let roles = "\(base)/latest/meta-data/iam/security-credentials/"
        let names = try ask(source, roles, .get, headers).body
        let role = String(decoding: names.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return try lease(in: ask(source, roles + PercentEncoding.component.encode(role), .get, headers), source)
    }

    private func lease(in reply: HTTPReply, _ source: String) throws -> Lease {
        guard case .object(let object)? = try? JSONValue(parsing: reply.body),
            case .string(let id)? = object["AccessKeyId"], case .string(let secret)? = object["SecretAccessKey"]
        else { throw bad(source, "the reply has no credentials") }
        var token: Secret?
        if case .string(let text)? = object["Token"] { token = Secret(text) }
        var ends: Timestamp?
        if case .string(let text)? = object["Expiration"] { ends = Timestamp(iso8601: text) }
        return Lease(
            value: S3Credentials(accessKeyID: id, secretKey: Secret(secret), sessionToken: token), ends: ends)
    }

    private func ask(
        _ source: String, _ url: String, _ method: HTTPMethod, _ headers: HTTPHeaders, body: RequestBody = .none,
        timeout: Duration = .seconds(10)
    ) throws -> HTTPReply {
        let parsed: HTTPURL
        do {
            parsed = try HTTPURL(parsing: url)
        } catch {
            throw bad(source, error.description)
        }
        let request = HTTPRequest(
            method, parsed, headers: headers, body: body, maxReplyBytes: 1 << 20, timeout: timeout)
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
}
