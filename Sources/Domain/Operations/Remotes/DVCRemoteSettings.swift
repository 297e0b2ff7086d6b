import Files
import Pipelines
import Remotes

/// A remote as `.dvc/config` and `.dvc/config.local` describe it, in our words.
struct DVCRemoteSettings {
    let name: String
    let settings: RemoteSettings
    /// Keys that stand in the configuration, as environment variables.
    let variables: [String: String]

    /// Nil if there is none of that name; without a name, the one that DVC would take.
    init?(_ name: String?, in config: DVCConfig, root: AbsolutePath) throws {
        let usual = config.value("remote", in: "core") ?? (config.remotes.count == 1 ? config.remotes[0] : nil)
        guard let name = name ?? usual, let url = try Self.url(of: name, in: config, depth: 0) else { return nil }
        let folder = root.appending(".dvc")
        var options = ["dvc": "true"]
        var variables: [String: String] = [:]
        func take(_ key: String, as option: String) {
            if let value = config.value(key, in: "remote \(name)") { options[option] = value }
        }
        take("endpointurl", as: "endpoint")
        take("region", as: "region")
        take("profile", as: "profile")
        take("allow_anonymous_login", as: "anonymous")
        options["anonymous"] = options["anonymous"]?.lowercased()
        let keepsVersions = ["version_aware", "worktree"].contains { key in
            config.value(key, in: "remote \(name)")?.lowercased() == "true"
        }
        if keepsVersions { options["version_aware"] = "true" }
        if let value = config.value("ssl_verify", in: "remote \(name)"),
            !["true", "false"].contains(value.lowercased())
        {
            options["ca_file"] = value
        }
        if let path = config.value("credentialpath", in: "remote \(name)") {
            if url.hasPrefix("s3") {
                variables["AWS_SHARED_CREDENTIALS_FILE"] = AbsolutePath(path, relativeTo: folder).description
            } else {
                options["key_file"] = path
            }
        }
        let keys = [
            ("access_key_id", "AWS_ACCESS_KEY_ID"), ("secret_access_key", "AWS_SECRET_ACCESS_KEY"),
            ("session_token", "AWS_SESSION_TOKEN"),
        ]
        for (key, variable) in keys {
            if let value = config.value(key, in: "remote \(name)") { variables[variable] = value }
        }
        self.name = name
        self.variables = variables
        settings = try RemoteSettings(url: url, options: options, root: folder)
    }

    /// `remote://other/path` is below another remote.
    private static func url(of name: String, in config: DVCConfig, depth: Int) throws -> String? {
        guard let url = config.url(ofRemote: name) else { return nil }
        let start = "remote://"
        guard url.hasPrefix(start) else { return url }
        let rest = url.dropFirst(start.count)
        let other = String(rest.prefix { $0 != "/" })
        guard depth < 8, let base = try Self.url(of: other, in: config, depth: depth + 1) else {
            throw RemoteError.invalidURL(url, reason: "it refers to a remote that there is not")
        }
        return base + rest.dropFirst(other.count)
    }
}
