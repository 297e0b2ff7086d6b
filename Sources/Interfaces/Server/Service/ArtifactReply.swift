import Diagnostics
import Experiments
import Files
import HTTP
import MicroHTTPD
import Objects
import Synchronization

/// An artifact on its way out: from the object store only, verified before the first byte is sent, and always as a
/// file to be saved, so that a page among the artifacts never runs as one of ours.
struct ArtifactReply {
    let services: Services

    /// Larger ones are not read into memory.
    private static let inMemoryBytes: UInt64 = 4 << 20

    func reply(to request: Request, _ artifact: Artifact) throws -> Reply {
        let size = artifact.digest.sizeBytes
        let tag = "\"\(artifact.digest.sha256)\""
        var headers: HTTPHeaders = [
            "ETag": tag, "Accept-Ranges": "bytes",
            "Last-Modified": HTTPDate(secondsSince1970: artifact.modifiedAt.milliseconds / 1000).description,
            "Content-Type": ContentType.guess(artifact.path.name),
            "Content-Disposition": disposition(artifact.path.name),
        ]
        if let known = request.head.headers["If-None-Match"], known == "*" || known.contains(tag) {
            return Reply(.notModified, headers: headers)
        }
        switch wantedRange(request, tag: tag, size: size) {
        case .unsatisfiable:
            headers["Content-Range"] = "bytes */\(size)"
            return Reply(.rangeNotSatisfiable, headers: headers)
        case .all:
            let body = try body(artifact.digest, ByteRange(offset: 0, count: size))
            return Reply(.ok, headers: headers, body: body)
        case .part(let range):
            headers["Content-Range"] = range.replyHeader(of: size)
            return Reply(.partialContent, headers: headers, body: try body(artifact.digest, range))
        }
    }

    private func wantedRange(_ request: Request, tag: String, size: UInt64) -> ByteRange.Request {
        // A part of another version is of no use to the client.
        if let condition = request.head.headers["If-Range"], condition != tag { return .all }
        return ByteRange.parse(requestHeader: request.head.headers["Range"], sizeBytes: size)
    }

    private func body(_ digest: Digest, _ range: ByteRange) throws -> ReplyBody {
        if digest.sizeBytes <= Self.inMemoryBytes {
            let bytes = try services.objects.read(digest)
            return .bytes(Array(bytes[Int(range.offset)..<Int(range.end)]))
        }
        try services.fileSystem.makeFolders(services.scratch)
        let copy = services.scratch.appending(FileSystem.temporaryName())
        _ = try services.objects.materialise(
            digest, at: copy, isExecutable: false, links: [.reflink, .hardlink], modifiedNanoseconds: 0)
        // Open, it needs no name, and nothing is left behind however this ends.
        defer { _ = try? services.fileSystem.removeFile(copy) }
        return .source(FileSource(try services.fileSystem.open(copy), range), sizeBytes: range.count)
    }

    private func disposition(_ name: [UInt8]) -> String {
        let text = String(decoding: name, as: UTF8.self)
        let plain = String(text.map { $0.isASCII && $0 != "\"" && $0 != "\\" && !$0.isNewline ? $0 : "_" })
        let exact = plain == text ? "" : "; filename*=UTF-8''\(PercentEncoding.component.encode(name))"
        // Bare where HTTP allows it, as MLflow sends it.
        return "attachment; filename=\(HTTPHeaders.isToken(plain) ? plain : "\"\(plain)\"")\(exact)"
    }
}

private final class FileSource: ReplySource {
    private struct State: ~Copyable {
        let file: OpenFile
        var range: ByteRange
    }

    private let state: Mutex<State>

    init(_ file: consuming sending OpenFile, _ range: ByteRange) { state = Mutex(State(file: file, range: range)) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try state.withLock { state in
            let wanted = Int(min(UInt64(buffer.count), state.range.count))
            if wanted == 0 { return 0 }
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
            let count = try state.file.read(into: part, at: state.range.offset)
            state.range = ByteRange(
                offset: state.range.offset + UInt64(count), count: state.range.count - UInt64(count))
            return count
        }
    }
}

/// What a file most likely is, by the end of its name.
enum ContentType {
    static func guess(_ name: [UInt8]) -> String {
        let text = String(decoding: name, as: UTF8.self).lowercased()
        guard let dot = text.lastIndex(of: ".") else { return plainText.contains(text) ? "text/plain" : unknown }
        let end = String(text[text.index(after: dot)...])
        return plainText.contains(end) ? "text/plain" : types[end] ?? unknown
    }

    private static let unknown = "application/octet-stream"

    /// Ends of names, or whole names.
    private static let plainText: Set = [
        "txt", "log", "err", "cfg", "conf", "cnf", "ini", "properties", "toml", "rst", "ipynb", "mlmodel", "mlproject",
    ]

    private static let types = [
        "md": "text/markdown", "csv": "text/csv",
        "tsv": "text/tab-separated-values", "html": "text/html", "htm": "text/html", "css": "text/css",
        "js": "text/javascript", "json": "application/json", "yaml": "application/yaml", "yml": "application/yaml",
        "xml": "application/xml", "pdf": "application/pdf", "zip": "application/zip", "gz": "application/gzip",
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "svg": "image/svg+xml",
        "webp": "image/webp", "mp4": "video/mp4", "wav": "audio/wav", "mp3": "audio/mpeg", "py": "text/x-python",
    ]
}
