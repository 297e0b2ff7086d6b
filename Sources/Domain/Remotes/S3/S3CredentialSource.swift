package import Diagnostics

/// Who asks, as far as S3 is concerned.
package struct S3Credentials: Sendable, Hashable {
    package let accessKeyID: String
    package let secretKey: Secret
    package let sessionToken: Secret?

    package init(accessKeyID: String, secretKey: Secret, sessionToken: Secret? = nil) {
        self.accessKeyID = accessKeyID
        self.secretKey = secretKey
        self.sessionToken = sessionToken
    }
}

/// Where the credentials come from: fetched when first needed, kept, and fetched again before they end.
package final class S3CredentialSource: Sendable {
    private let credentials: Renewable<S3Credentials?>

    /// For a bucket that everybody may read.
    package static func anonymous(clock: Clock = .system) -> S3CredentialSource {
        S3CredentialSource(clock: clock) { Renewable.Lease(value: nil, ends: nil) }
    }

    package static func fixed(_ credentials: S3Credentials, clock: Clock = .system) -> S3CredentialSource {
        S3CredentialSource(clock: clock) { Renewable.Lease(value: credentials, ends: nil) }
    }

    /// Asks in the order of AWS's own tools: environment, web identity, profile files, container, instance.
    package static func automatic(
        profile: String?, region: String, remote: String, in environment: RemoteEnvironment
    ) -> S3CredentialSource {
        let chain = S3CredentialChain(profile: profile, region: region, remote: remote, environment: environment)
        return S3CredentialSource(clock: environment.clock) { try chain.find() }
    }

    init(clock: Clock, fetch: @escaping @Sendable () throws -> Renewable<S3Credentials?>.Lease) {
        credentials = Renewable(clock: clock, fetch: fetch)
    }

    /// Nil for an anonymous request.
    func current() throws -> S3Credentials? { try credentials.value() }

    func discard() { credentials.discard() }
}
