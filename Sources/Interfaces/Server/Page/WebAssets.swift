import CWebAssets
import Files
import Gzip
import HTTP
import Hashing
import MicroHTTPD
import Synchronization
import Zstd

/// The files of the page: those compiled into the binary, or, while one develops it, a folder as it is right now.
///
/// All are served below one prefix that holds the digest of all of them, so that a browser may keep each for ever and
/// the modules, which import each other by relative paths, are always of one version.
final class WebAssets: Sendable {
    private enum Source: Sendable {
        case embedded([String: Embedded])
        case folder(AbsolutePath, FileSystem)
    }

    /// A file's place among the embedded ones, and what is known of it.
    private struct Embedded: Sendable {
        let index: Int
        let tag: String
    }

    /// What a browser may accept, the best first.
    private enum Encoding: String, CaseIterable { case zstd, gzip }

    /// Stands for the version where `index.html` names its scripts and styles.
    static let placeholder = "/assets/-/"
    /// Of a folder, whose files may change at any time.
    static let changingVersion = "now"

    private let source: Source
    /// What stands in the paths of the files.
    let version: String
    /// By encoding and path; made when first asked for.
    private let compressed = Mutex<[String: [UInt8]]>([:])

    /// - `folder`: nil for the embedded files.
    init(folder: AbsolutePath? = nil, fileSystem: FileSystem = .real) {
        if let folder {
            source = .folder(folder, fileSystem)
            version = Self.changingVersion
            return
        }
        var files: [String: Embedded] = [:]
        var all: [UInt8] = []
        for index in 0..<web_asset_count() {
            let path = String(cString: web_asset_at(index).path)
            let digest = SHA256.hash(Self.embeddedBytes(index))
            files[path] = Embedded(index: index, tag: "\"\(digest.description.prefix(32))\"")
            all += "\(path) \(digest)\n".utf8
        }
        source = .embedded(files)
        version = String(SHA256.hash(all).description.prefix(16))
    }

    /// The paths of all embedded files.
    static var embeddedPaths: [String] { (0..<web_asset_count()).map { String(cString: web_asset_at($0).path) } }

    /// The page itself, whatever view its URL names.
    func page(_ head: RequestHead) throws -> Reply {
        guard let html = try bytes("index.html") else {
            return .text("The page has no index.html.\n", status: .notFound)
        }
        let text = String(decoding: html, as: UTF8.self)
        let parts = text.split(separator: Self.placeholder, omittingEmptySubsequences: false)
        let body = Array(parts.joined(separator: "/assets/\(version)/").utf8)
        let tag = "\"\(SHA256.hash(body).description.prefix(32))\""
        let headers: HTTPHeaders = [
            "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": Self.policy,
            "Cache-Control": "no-cache", "ETag": tag, "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
        ]
        if head.headers["If-None-Match"]?.contains(tag) == true { return Reply(.notModified, headers: headers) }
        return Reply(.ok, headers: headers, body: .bytes(body))
    }

    /// One of the files, by its path below the prefix of `version`.
    func file(_ path: String, version: String, _ head: RequestHead) throws -> Reply {
        // A page of another version of ours would mix its modules with these.
        guard version == self.version, let bytes = try bytes(path) else {
            return .text("There is no such file of this version; load the page again.\n", status: .notFound)
        }
        let tag = tag(path, bytes)
        var headers: HTTPHeaders = [
            "Content-Type": Self.contentType(path), "ETag": tag, "Vary": "Accept-Encoding",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": version == Self.changingVersion ? "no-cache" : "public, max-age=31536000, immutable",
        ]
        if head.headers["If-None-Match"]?.contains(tag) == true { return Reply(.notModified, headers: headers) }
        let encoding = Encoding.allCases.first { Self.accepts($0.rawValue, head.headers["Accept-Encoding"]) }
        guard let encoding, let small = compressedBytes(path, bytes, encoding) else {
            return Reply(.ok, headers: headers, body: .bytes(bytes))
        }
        headers["Content-Encoding"] = encoding.rawValue
        return Reply(.ok, headers: headers, body: .bytes(small))
    }

    /// No inline script or style, nothing from elsewhere, no frame around us.
    static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; \
        font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'
        """

    /// A file as text; nil if there is none.
    func text(_ path: String) throws -> String? { try bytes(path).map { String(decoding: $0, as: UTF8.self) } }

    // MARK: Bytes

    private func bytes(_ path: String) throws -> [UInt8]? {
        switch source {
        case .embedded(let files): return files[path].map { Self.embeddedBytes($0.index) }
        case .folder(let folder, let fileSystem):
            guard let inside = try? ArtifactPath.parse(path) else { return nil }
            return try fileSystem.readIfPresent(folder.appending(inside))
        }
    }

    private static func embeddedBytes(_ index: Int) -> [UInt8] {
        let asset = web_asset_at(index)
        return Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
    }

    private func tag(_ path: String, _ bytes: [UInt8]) -> String {
        if case .embedded(let files) = source, let known = files[path] { return known.tag }
        return "\"\(SHA256.hash(bytes).description.prefix(32))\""
    }

    /// Nil if the file does not shrink, or may change.
    private func compressedBytes(_ path: String, _ bytes: [UInt8], _ encoding: Encoding) -> [UInt8]? {
        guard case .embedded = source else { return nil }
        let key = "\(encoding.rawValue) \(path)"
        if let known = compressed.withLock({ $0[key] }) { return known.isEmpty ? nil : known }
        let small =
            switch encoding {
            case .zstd: ZstdCompressor.compress(bytes, level: 19)
            case .gzip: Gzip.compress(bytes)
            }
        let kept = small.count < bytes.count ? small : []
        compressed.withLock { $0[key] = kept }
        return kept.isEmpty ? nil : kept
    }

    /// Whether a list such as `gzip, zstd;q=0.5` has the encoding, and does not refuse it.
    static func accepts(_ encoding: String, _ list: String?) -> Bool {
        guard let list else { return false }
        return list.lowercased().split(separator: ",").contains { item in
            let words = item.split(separator: ";").map { $0.filter { $0 != " " } }
            return words.first == encoding && !words.dropFirst().contains { $0 == "q=0" || $0 == "q=0.0" }
        }
    }

    private static func contentType(_ path: String) -> String {
        let type = ContentType.guess(Array(path.utf8))
        return type.hasPrefix("text/") ? "\(type); charset=utf-8" : type
    }
}
