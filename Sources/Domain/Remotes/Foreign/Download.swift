import Curl
import Diagnostics
import Files
import HTTP
import Threads

/// One attempt to bring a foreign file here.
struct Download {
    let label: String
    let path: AbsolutePath
    let machine: RemoteMachine
    let monitor: any Monitor

    // MARK: The web

    func run(_ url: HTTPURL, unless known: ForeignVersion?) throws -> ForeignVersion? {
        var headers = HTTPHeaders()
        if let etag = known?.etag {
            headers["If-None-Match"] = etag
        } else if let modified = known?.modified {
            headers["If-Modified-Since"] = modified
        }
        let file = try machine.fileSystem.create(path)
        var count = 0
        report(0, nil)
        let request = HTTPRequest(.get, url, headers: headers, followsRedirects: true)
        let reply = try HTTPClient().send(request, cancellation: machine.cancellation) { piece in
            try file.write(piece)
            count += piece.count
            report(count, nil)
        }
        try file.close()
        if reply.status == .notModified, known?.isEmpty == false {
            try machine.fileSystem.removeFile(path)
            return nil
        }
        guard reply.status == .ok else { throw failure(reply.status) }
        if let announced = reply.headers["Content-Length"].flatMap({ Int($0) }), announced != count {
            throw ForeignError.unavailable(label, status: "\(count) bytes came of \(announced)")
        }
        return ForeignVersion(etag: reply.headers["ETag"], modified: reply.headers["Last-Modified"])
    }

    private func failure(_ status: HTTPStatus) -> ForeignError {
        switch status.code {
        case 404, 410: .notThere(label)
        case 401, 403, 407: .denied(label, status: status.description)
        case 408, 429, 500...599: .unavailable(label, status: status.description)
        default: .unexpected(label, status: status.description)
        }
    }

    // MARK: A bucket

    private static let partBytes: UInt64 = 16 << 20

    func run(_ settings: RemoteSettings, _ key: String, unless known: ForeignVersion?) throws -> ForeignVersion? {
        let storage = try settings.makeStorage(in: machine)
        let name = RemoteName(unchecked: key)
        guard let entry = try storage.head(name) else { throw ForeignError.notThere(label) }
        let version = ForeignVersion(modified: entry.modified?.description)
        if let known, !known.isEmpty, known == version { return nil }
        let file = try machine.fileSystem.create(path)
        var offset: UInt64 = 0
        while offset < entry.sizeBytes {
            let range = ByteRange(offset: offset, count: min(Self.partBytes, entry.sizeBytes - offset))
            let limit = Int(Self.partBytes)
            guard let piece = try storage.get(name, range, limitBytes: limit), UInt64(piece.count) == range.count else {
                throw ForeignError.changed(label)
            }
            try file.write(piece)
            offset += range.count
            report(Int(clamping: offset), Int(clamping: entry.sizeBytes))
        }
        try file.close()
        guard try storage.head(name) == entry else { throw ForeignError.changed(label) }
        return version
    }

    private func report(_ done: Int, _ total: Int?) {
        monitor.progress(Progress(activity: "downloading \(label)", doneBytes: done, totalBytes: total))
    }
}
