package import Curl
package import HTTP
package import Threads

/// A remote behind a plain web server, read-only: a folder remote that the server shows, with its listings of folders
/// switched on (nginx's `autoindex`, Apache's `Indexes`, `python3 -m http.server`).
package struct HTTPStorage: RemoteStorage {
    private let root: HTTPURL
    private let channel: HTTPChannel

    package init(_ root: HTTPURL, client: HTTPClient, cancellation: Cancellation? = nil) {
        self.root = root
        channel = HTTPChannel(label: root.description, client: client, cancellation: cancellation)
    }

    package var label: String { root.description }
    package var isWritable: Bool { false }

    package func put(_ name: RemoteName, _ bytes: [UInt8]) throws -> PutOutcome {
        throw RemoteError.notWritable(remote: label)
    }

    package func delete(_ name: RemoteName) throws { throw RemoteError.notWritable(remote: label) }

    package func get(_ name: RemoteName, _ range: ByteRange?, limitBytes: Int) throws -> [UInt8]? {
        let reply = try channel.send(
            request(.get, name, range, limitBytes: limitBytes), name: name, limitBytes: limitBytes)
        if reply.status == .notFound { return nil }
        if let bytes = try channel.content(of: reply, range, name: name, limitBytes: limitBytes) { return bytes }
        throw failure(reply, "read \(name)")
    }

    package func head(_ name: RemoteName) throws -> RemoteEntry? {
        let reply = try channel.send(request(.head, name, nil, limitBytes: 0), name: name, limitBytes: 0)
        if reply.status == .notFound { return nil }
        guard reply.status == .ok, let size = reply.headers["Content-Length"].flatMap({ UInt64($0) }) else {
            throw failure(reply, "look at \(name)")
        }
        return RemoteEntry(name: name, sizeBytes: size, modified: channel.modified(reply))
    }

    /// Reads the names out of the page that lists the folder; their sizes are asked for one by one only when needed,
    /// so here they are zero.
    package func list(_ folder: String, page: String?) throws -> RemotePage {
        var url = root.appending(path: folder.utf8)
        if !url.encodedPath.hasSuffix("/") { url.encodedPath += "/" }
        let request = HTTPRequest(.get, url, maxReplyBytes: Self.listingLimitBytes, followsRedirects: true)
        let name = RemoteName(unchecked: folder)
        let reply = try channel.send(request, name: name, limitBytes: Self.listingLimitBytes)
        if reply.status == .notFound { return RemotePage(entries: [], next: nil) }
        guard reply.status == .ok else { throw failure(reply, "list \(folder)/") }
        let entries = Set(Self.links(in: reply.body)).compactMap { link in
            RemoteName(folder.isEmpty ? link : "\(folder)/\(link)").map { RemoteEntry(name: $0, sizeBytes: 0) }
        }
        return RemotePage(entries: entries.sorted { $0.name < $1.name }, next: nil)
    }

    /// The values of all `href` that name a file right here.
    static func links(in page: [UInt8]) -> [String] {
        let mark = Array("href=\"".utf8)
        var links: [String] = []
        var rest = page[...]
        while let start = rest.firstRange(of: mark) {
            rest = rest[start.upperBound...]
            let value = rest.prefix { $0 != UInt8(ascii: "\"") }
            rest = rest[value.endIndex...]
            let relative = value.starts(with: "./".utf8) ? value.dropFirst(2) : value
            if relative.allSatisfy({ $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }) {
                links.append(String(decoding: relative, as: UTF8.self))
            }
        }
        return links
    }

    private static let listingLimitBytes = 64 << 20

    private func request(_ method: HTTPMethod, _ name: RemoteName, _ range: ByteRange?, limitBytes: Int) -> HTTPRequest
    {
        var headers = HTTPHeaders()
        if let range { headers["Range"] = range.requestHeader }
        // A simple server sends the whole file, whatever part was asked for.
        let limit = range == nil ? limitBytes : max(limitBytes, RemoteFormat.packLimitBytes)
        return HTTPRequest(
            method, root.appending(path: name.text.utf8), headers: headers, maxReplyBytes: limit, followsRedirects: true
        )
    }

    private func failure(_ reply: HTTPReply, _ action: String) -> RemoteError {
        switch reply.status {
        case .unauthorized, .forbidden: .denied(remote: label, action: action, code: reply.status.description)
        default: channel.failure(reply, code: "")
        }
    }
}
