package import HTTP

/// Where a bucket is, and how it is asked.
package struct S3Location: Sendable, Hashable {
    package enum Addressing: String, Sendable, Hashable, CaseIterable {
        /// `https://bucket.s3.region.amazonaws.com/key`: what AWS wants.
        case virtualHost = "virtual"
        /// `https://host/bucket/key`: what most other servers want.
        case path
    }

    package var bucket: String
    /// Without slashes at the ends; empty for the bucket's top.
    package var prefix: String
    /// Nil for AWS.
    package var endpoint: HTTPURL?
    package var region: String
    package var addressing: Addressing

    package init(
        bucket: String, prefix: String = "", endpoint: HTTPURL? = nil, region: String = "us-east-1",
        addressing: Addressing? = nil
    ) {
        self.bucket = bucket
        self.prefix = prefix
        self.endpoint = endpoint
        self.region = region
        // A dot in a bucket's name would not match AWS's certificate.
        self.addressing = addressing ?? (endpoint == nil && !bucket.contains(".") ? .virtualHost : .path)
    }

    package var label: String { "s3://\(bucket)" + (prefix.isEmpty ? "" : "/\(prefix)") }

    /// The bucket itself (nil) or a file in it. `region` may have been learnt from the server.
    func url(_ name: RemoteName?, region: String, query: [QueryItem]) -> HTTPURL {
        var url = endpoint ?? HTTPURL(scheme: .https, host: "s3.\(region).amazonaws.com")
        var path = url.encodedPath.hasSuffix("/") ? url.encodedPath : url.encodedPath + "/"
        switch addressing {
        case .virtualHost: url.host = "\(bucket).\(url.host)"
        case .path: path += PercentEncoding.component.encode(bucket) + (name == nil ? "" : "/")
        }
        if let name { path += PercentEncoding.path.encode(key(name)) }
        url.encodedPath = path
        url.encodedQuery = SigV4.canonicalQuery(query)
        return url
    }

    func key(_ name: RemoteName) -> String { key(name.text) }

    func key(_ text: String) -> String { prefix.isEmpty ? text : "\(prefix)/\(text)" }
}
