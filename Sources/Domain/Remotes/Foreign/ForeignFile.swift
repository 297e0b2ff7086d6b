import Curl
package import Diagnostics
package import Files
import HTTP
import Threads

/// What a server says of a file so that a later change can be noticed.
package struct ForeignVersion: Sendable, Hashable {
    package var etag: String?
    /// As the server wrote it.
    package var modified: String?

    package init(etag: String? = nil, modified: String? = nil) {
        self.etag = etag
        self.modified = modified
    }

    package var isEmpty: Bool { etag == nil && modified == nil }
}

/// One file outside all remotes, by its URL: on the web, or in a bucket of S3 or Google.
package struct ForeignFile: Sendable {
    private enum Place: Sendable {
        case web(HTTPURL)
        case bucket(RemoteSettings, key: String)
    }

    private let place: Place
    /// Without the query.
    package let label: String

    /// Nil for a text that is no URL of these kinds.
    package init?(_ text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[1].hasPrefix("//") else { return nil }
        switch parts[0].lowercased() {
        case "http", "https":
            do {
                let url = try HTTPURL(parsing: text)
                place = .web(url)
                label = url.origin + url.encodedPath
            } catch {
                let shown = error == .hasCredentials ? "the URL" : text
                throw ForeignError.notAnAddress(shown, reason: "\(error)")
            }
        case "s3", "gs", "gcs":
            let names = parts[1].dropFirst(2).split(separator: "/")
            guard names.count > 1, let key = names.last, !text.hasSuffix("/") else {
                throw ForeignError.notAnAddress(text, reason: "it names no file in a bucket")
            }
            let folder = "\(parts[0])://" + names.dropLast().joined(separator: "/")
            place = .bucket(try RemoteSettings(url: folder, root: .fileSystemRoot), key: String(key))
            label = text
        default: return nil
        }
    }

    /// The last name in the address; nil if it has none that a file could have.
    package var name: [UInt8]? {
        let last: [UInt8]?
        switch place {
        case .web(let url):
            last = url.encodedPath.split(separator: "/", omittingEmptySubsequences: false).last.flatMap {
                PercentEncoding.decode($0)
            }
        case .bucket(_, let key): last = Array(key.utf8)
        }
        guard let last, !last.isEmpty, !last.contains(0), !last.contains(UInt8(ascii: "/")),
            !last.elementsEqual(".".utf8), !last.elementsEqual("..".utf8)
        else { return nil }
        return last
    }

    /// Writes the file to `path`, where nothing is yet, and answers its version; nil, and nothing is written, if it still
    /// has the version `known`. Tries again what may succeed later. A file that is not whole is never left.
    package func fetch(
        to path: AbsolutePath, unless known: ForeignVersion?, in machine: RemoteMachine, monitor: any Monitor
    ) throws -> ForeignVersion? {
        for wait in Self.waits {
            do {
                return try attempt(path, known, machine, monitor)
            } catch let error where Self.isTransient(error) {
                try sleep(wait, unless: machine.cancellation)
            }
        }
        return try attempt(path, known, machine, monitor)
    }

    private static let waits: [Duration] = [.milliseconds(300), .seconds(1), .seconds(3)]

    private static func isTransient(_ error: any Error) -> Bool {
        switch error {
        case ForeignError.unavailable: true
        case let error as HTTPClientError: error.isTransient
        default: false
        }
    }

    private func attempt(
        _ path: AbsolutePath, _ known: ForeignVersion?, _ machine: RemoteMachine, _ monitor: any Monitor
    ) throws -> ForeignVersion? {
        do {
            let download = Download(label: label, path: path, machine: machine, monitor: monitor)
            switch place {
            case .web(let url): return try download.run(url, unless: known)
            case .bucket(let settings, let key): return try download.run(settings, key, unless: known)
            }
        } catch {
            _ = try? machine.fileSystem.removeFile(path)
            throw error
        }
    }
}
