import Curl
package import Diagnostics
package import Files
package import HTTP
package import Threads

/// What a user wrote about a remote: its URL and its options, each checked, none of them a secret.
package struct RemoteSettings: Sendable, Hashable {
    package enum Place: Sendable, Hashable {
        case folder(AbsolutePath)
        case web(HTTPURL)
        case s3(bucket: String, prefix: String)
        case gcs(bucket: String, prefix: String)
    }

    package var place: Place
    package var endpoint: HTTPURL?
    package var region: String?
    package var addressing: S3Location.Addressing?
    package var profile: String?
    /// A service account's key, for Google.
    package var keyFile: AbsolutePath?
    package var certificateAuthorities: AbsolutePath?
    package var isAnonymous = false
    /// It holds what DVC pushed, not packs of ours.
    package var isDVC = false
    /// DVC pushed each file there under its own name, and the bucket keeps all versions.
    package var isVersionAware = false

    package static let optionNames = [
        "endpoint", "region", "addressing", "profile", "key_file", "ca_file", "anonymous", "dvc",
        "version_aware",
    ]

    /// `options` are as they stand in the configuration; relative paths are taken from `root`.
    package init(url: String, options: [String: String] = [:], root: AbsolutePath) throws {
        place = try Self.place(of: url, root)
        for (name, value) in options.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "endpoint": endpoint = try Self.url(value, name)
            case "region": region = value
            case "addressing":
                guard let addressing = S3Location.Addressing(rawValue: value) else {
                    throw RemoteError.invalidOption(name: name, value: value, reason: "use `path` or `virtual`")
                }
                self.addressing = addressing
            case "profile": profile = value
            case "key_file": keyFile = AbsolutePath(value, relativeTo: root)
            case "ca_file": certificateAuthorities = AbsolutePath(value, relativeTo: root)
            case "anonymous": isAnonymous = try Self.flag(value, name)
            case "dvc": isDVC = try Self.flag(value, name)
            case "version_aware":
                isVersionAware = try Self.flag(value, name)
                if isVersionAware, !keepsVersions {
                    throw RemoteError.invalidOption(
                        name: name, value: value, reason: "only buckets of S3 and Google keep versions")
                }
            default:
                throw RemoteError.invalidOption(
                    name: name, value: value, reason: "the options are \(Self.optionNames.joined(separator: ", "))")
            }
        }
    }

    private var keepsVersions: Bool {
        switch place {
        case .s3, .gcs: true
        case .folder, .web: false
        }
    }

    private static func flag(_ value: String, _ name: String) throws -> Bool {
        guard ["true", "false"].contains(value) else {
            throw RemoteError.invalidOption(name: name, value: value, reason: "use `true` or `false`")
        }
        return value == "true"
    }

    private static func place(of url: String, _ root: AbsolutePath) throws -> Place {
        let parts = url.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].hasPrefix("//") else {
            if url.isEmpty { throw RemoteError.invalidURL(url, reason: "it is empty") }
            return .folder(AbsolutePath(url, relativeTo: root))
        }
        let rest = String(parts[1].dropFirst(2))
        switch parts[0] {
        case "file": return .folder(AbsolutePath(rest))
        case "http", "https":
            do {
                return .web(try HTTPURL(parsing: url))
            } catch {
                throw RemoteError.invalidURL(error == .hasCredentials ? "\(parts[0])://…" : url, reason: "\(error)")
            }
        case "s3", "gs", "gcs":
            let names = rest.split(separator: "/").map(String.init)
            guard let bucket = names.first, bucket.utf8.allSatisfy(isBucketByte) else {
                throw RemoteError.invalidURL(url, reason: "it names no bucket")
            }
            let prefix = names.dropFirst().joined(separator: "/")
            return parts[0] == "s3" ? .s3(bucket: bucket, prefix: prefix) : .gcs(bucket: bucket, prefix: prefix)
        default: throw RemoteError.invalidURL(url, reason: "\(parts[0]) is not a kind of remote")
        }
    }

    private static func isBucketByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func url(_ text: String, _ name: String) throws -> HTTPURL {
        do {
            return try HTTPURL(parsing: text)
        } catch {
            let shown = error == .hasCredentials ? "…" : text
            throw RemoteError.invalidOption(name: name, value: shown, reason: "\(error)")
        }
    }
}

/// What remotes may use of the machine; the network is opened only where it is needed.
package struct RemoteMachine: Sendable {
    package var variables: [String: String]
    package var home: AbsolutePath
    package var fileSystem: FileSystem
    package var clock: Clock
    package var cancellation: Cancellation?

    package init(
        variables: [String: String], home: AbsolutePath, fileSystem: FileSystem = .real, clock: Clock = .system,
        cancellation: Cancellation? = nil
    ) {
        self.variables = variables
        self.home = home
        self.fileSystem = fileSystem
        self.clock = clock
        self.cancellation = cancellation
    }
}

/// Waits, and throws as soon as the user cancels.
func sleep(_ duration: Duration, unless cancellation: Cancellation?) throws {
    let step = Duration.milliseconds(100)
    let never = Guarded(false)
    var left = duration
    while left > .zero {
        if cancellation?.isCancelled == true { throw TransferError.cancelled }
        never.wait(timeout: min(step, left)) { $0 ? true : nil }
        left -= step
    }
}

extension RemoteSettings {
    /// The storage that these settings name, as this machine may use it, with calls that failed made again. Asks nothing
    /// of the network yet.
    package func makeStorage(in machine: RemoteMachine) throws -> any RemoteStorage {
        if case .folder(let folder) = place { return DirectoryStorage(folder: folder, in: machine.fileSystem) }
        var options = HTTPClientOptions()
        options.certificateAuthorities = certificateFile(in: machine)?.bytes
        let environment = RemoteEnvironment(
            variables: machine.variables, home: machine.home, fileSystem: machine.fileSystem, clock: machine.clock,
            client: try HTTPClient(options: options), cancellation: machine.cancellation)
        let storage: any RemoteStorage
        switch place {
        case .folder(let folder): storage = DirectoryStorage(folder: folder, in: machine.fileSystem)
        case .web(let url):
            storage = HTTPStorage(url, client: environment.client, cancellation: environment.cancellation)
        case .s3(let bucket, let prefix): storage = try makeS3(bucket, prefix, environment)
        case .gcs(let bucket, let prefix): storage = try makeGCS(bucket, prefix, environment)
        }
        let adaptive = AdaptiveStorage(storage, widest: options.maxConnectionsPerHost)
        return RetryingStorage(adaptive, sleep: { try sleep($0, unless: machine.cancellation) })
    }

    /// The certificates to trust: of the remote's options, else what AWS's and curl's tools would take; nil for the
    /// system's.
    func certificateFile(in machine: RemoteMachine) -> AbsolutePath? {
        if let certificateAuthorities { return certificateAuthorities }
        var named: [String?] = []
        if case .s3 = place { named += [machine.variables["AWS_CA_BUNDLE"], awsProfile("ca_bundle", in: machine)] }
        named += [machine.variables["CURL_CA_BUNDLE"], machine.variables["SSL_CERT_FILE"]]
        return named.compactMap(\.self).first { !$0.isEmpty }.map { AbsolutePath($0, relativeTo: machine.home) }
    }

    /// What `~/.aws/config` says of the profile.
    private func awsProfile(_ key: String, in machine: RemoteMachine) -> String? {
        let path = machine.variables["AWS_CONFIG_FILE"].map { AbsolutePath($0, relativeTo: machine.home) }
        let file = path ?? machine.home.appending(".aws/config")
        guard let text = try? machine.fileSystem.readIfPresent(file) else { return nil }
        let name = profile ?? machine.variables["AWS_PROFILE"] ?? "default"
        return ProfileFile(parsing: String(decoding: text, as: UTF8.self)).sections[name]?[key]
    }

    private func makeS3(_ bucket: String, _ prefix: String, _ environment: RemoteEnvironment) throws -> S3Storage {
        let named = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"].compactMap { environment.variable($0) }.first
        let region =
            region ?? environment.variable("AWS_REGION") ?? environment.variable("AWS_DEFAULT_REGION") ?? "us-east-1"
        let location = S3Location(
            bucket: bucket, prefix: prefix,
            endpoint: try endpoint ?? named.map { try Self.url($0, "endpoint") }, region: region,
            addressing: addressing)
        let credentials: S3CredentialSource =
            isAnonymous
            ? .anonymous()
            : .automatic(profile: profile, region: region, remote: location.label, in: environment)
        return S3Storage(location, credentials: credentials, in: environment)
    }

    private func makeGCS(_ bucket: String, _ prefix: String, _ environment: RemoteEnvironment) throws -> GCSStorage {
        let emulator = environment.variable("STORAGE_EMULATOR_HOST").map { $0.contains("://") ? $0 : "http://\($0)" }
        let location = GCSLocation(
            bucket: bucket, prefix: prefix, endpoint: try endpoint ?? emulator.map { try Self.url($0, "endpoint") })
        let tokens: GCSTokenSource =
            isAnonymous || (endpoint == nil && emulator != nil)
            ? .anonymous()
            : .automatic(keyFile: keyFile?.description, remote: location.label, in: environment)
        return GCSStorage(location, tokens: tokens, in: environment)
    }
}
