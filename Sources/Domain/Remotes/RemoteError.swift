package import Curl
package import Diagnostics

/// Why a remote could not do what was asked. `remote` is its label; no case carries a secret.
package enum RemoteError: UserFacingError, Equatable {
    case invalidURL(String, reason: String)
    case invalidOption(name: String, value: String, reason: String)
    case notWritable(remote: String)
    case bucketMissing(remote: String)
    case noCredentials(remote: String, tried: [String])
    /// A file or a service that should hold credentials does not.
    case badCredentialSource(remote: String, source: String, reason: String)
    /// The server does not know the key, or the signature made with it is wrong.
    case credentialsRefused(remote: String, code: String)
    case denied(remote: String, action: String, code: String)
    case clockSkewed(remote: String, seconds: Int64)
    case wrongRegion(remote: String, region: String, expected: String?)
    case throttled(remote: String, retryAfter: Duration?)
    case serverFailed(remote: String, status: Int, code: String, retryAfter: Duration?)
    case unexpectedReply(remote: String, what: String)
    case network(remote: String, cause: HTTPClientError)
    case tooLarge(remote: String, name: String, limitBytes: Int)
    case tooMany(remote: String, what: String, limit: Int)
    case notARemote(remote: String)
    case newerFormat(remote: String, version: Int)
    /// The bytes are not what their name or their index says.
    case damaged(remote: String, name: String, problem: String)
    case missingObject(remote: String, object: String)
    /// We were asleep or cut off for so long that others may have taken us for dead.
    case leaseLost(remote: String)
    /// Each time we look, somebody has changed what we relied on.
    case unsteady(remote: String)
    /// Somebody else collects garbage there.
    case beingCollected(remote: String, since: Timestamp?)

    /// Whether the same call may succeed a little later.
    package var isTransient: Bool {
        switch self {
        case .throttled, .serverFailed: true
        case .network(_, let cause): cause.isTransient
        default: false
        }
    }

    /// How long the server asks us to wait.
    package var retryAfter: Duration? {
        switch self {
        case .throttled(_, let wait), .serverFailed(_, _, _, let wait): wait
        default: nil
        }
    }

    package var kind: ErrorKind {
        switch self {
        case .invalidURL, .invalidOption, .newerFormat, .wrongRegion: .invalidInput
        case .notWritable, .noCredentials, .badCredentialSource, .credentialsRefused, .denied, .clockSkewed: .denied
        case .bucketMissing, .notARemote, .missingObject: .notFound
        case .throttled, .serverFailed, .leaseLost, .unsteady: .unavailable
        case .beingCollected: .conflict
        case .network(_, let cause): cause.kind
        case .unexpectedReply, .tooLarge, .tooMany, .damaged: .corrupt
        }
    }

    package var message: String {
        switch self {
        case .invalidURL(let url, let reason): "remote URL `\(url)` cannot be used: \(reason)"
        case .invalidOption(let name, let value, let reason): "remote option \(name) cannot be `\(value)`: \(reason)"
        case .notWritable(let remote): "remote \(remote) can only be read"
        case .bucketMissing(let remote): "remote \(remote): there is no such bucket"
        case .noCredentials(let remote, let tried):
            "remote \(remote): no credentials were found (tried: \(tried.joined(separator: ", ")))"
        case .badCredentialSource(let remote, let source, let reason):
            "remote \(remote): credentials cannot be read from \(source): \(reason)"
        case .credentialsRefused(let remote, let code): "remote \(remote): the server refused the credentials (\(code))"
        case .denied(let remote, let action, let code):
            "remote \(remote): the server does not allow to \(action) (\(code))"
        case .clockSkewed(let remote, let seconds):
            "remote \(remote): this machine's clock differs from the server's by \(seconds) s"
        case .wrongRegion(let remote, let region, let expected):
            "remote \(remote): the bucket is not in region \(region)" + (expected.map { " but in \($0)" } ?? "")
        case .throttled(let remote, _): "remote \(remote): the server asks for fewer requests"
        case .serverFailed(let remote, let status, let code, _):
            "remote \(remote): the server failed with status \(status)" + (code.isEmpty ? "" : " (\(code))")
        case .unexpectedReply(let remote, let what): "remote \(remote): the server sent \(what)"
        case .network(let remote, let cause): "remote \(remote): \(cause.message)"
        case .tooLarge(let remote, let name, let limit):
            "remote \(remote): \(name) is larger than the \(limit) bytes that are allowed"
        case .tooMany(let remote, let what, let limit): "remote \(remote): there are more than \(limit) \(what)"
        case .notARemote(let remote): "remote \(remote): nothing was ever pushed there"
        case .newerFormat(let remote, let version):
            "remote \(remote) has format \(version); this program reads format \(RemoteFormat.version)"
        case .damaged(let remote, let name, let problem): "remote \(remote): \(name) is damaged: \(problem)"
        case .missingObject(let remote, let object): "remote \(remote): object \(object) is not there"
        case .leaseLost(let remote): "remote \(remote): this machine did not get through to it for a day"
        case .unsteady(let remote): "remote \(remote): it is being changed by others all the time"
        case .beingCollected(let remote, let since):
            "remote \(remote): somebody else collects garbage there" + (since.map { ", since \($0)" } ?? "")
        }
    }

    package var hint: String? {
        switch self {
        case .invalidURL: "use s3://BUCKET/PATH, gs://BUCKET/PATH, https://HOST/PATH or the path of a folder"
        case .invalidOption, .denied: nil
        case .notWritable: "push to a bucket or a folder, from which the web server may serve"
        case .bucketMissing: "check the name, or make the bucket"
        case .noCredentials: "set the environment variables, a profile, or `anonymous` for the remote"
        case .badCredentialSource: "repair or remove that source"
        case .credentialsRefused: "check the key, the secret and the profile"
        case .clockSkewed: "set the clock"
        case .wrongRegion: "set the remote's region"
        case .throttled, .serverFailed: "try again later; what was sent is not sent again"
        case .unexpectedReply: "check that the URL names the right server"
        case .network(_, let cause): cause.hint
        case .tooLarge, .tooMany: "the remote may be damaged, or not ours: `repro remote verify`"
        case .notARemote: "push first, or check the URL"
        case .newerFormat: "update this program"
        case .damaged:
            "see all of the damage with `repro remote verify`; `repro push` after it sends again what this machine has"
        case .missingObject: "push it from a machine that has it"
        case .leaseLost, .unsteady: "run the same command again: what was sent is not sent again"
        case .beingCollected:
            "wait until that is over; if it was killed on another machine, `--break-leases` takes it for dead"
        }
    }
}
