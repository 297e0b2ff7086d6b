package import Diagnostics
package import HTTP

/// A place that keeps named, immutable files: a bucket, a folder, a web server.
///
/// The whole of what packs and synchronisation ask of a remote. The contract:
/// - A name is derived from the content, so a name is never given to other bytes, and writing twice is harmless.
/// - `put` is atomic: others see the whole file or none. What is there is not replaced.
/// - What was put is found by all calls that start after `put` has returned.
/// - Absence is nil (or a `delete` that does nothing), never an error.
/// - Nobody retries here; an error says whether trying again may help (`RemoteError.isTransient`).
/// - Any number of threads may call at once.
package protocol RemoteStorage: Sendable {
    /// For people, without secrets: `s3://bucket/prefix`.
    var label: String { get }
    /// False for a web server.
    var isWritable: Bool { get }

    @discardableResult
    func put(_ name: RemoteName, _ bytes: [UInt8]) throws -> PutOutcome
    /// The file, or a part of it. A part that goes beyond the end is cut there; one that starts there is empty. Of a
    /// file with more than `limitBytes` nothing is returned: that is an error.
    func get(_ name: RemoteName, _ range: ByteRange?, limitBytes: Int) throws -> [UInt8]?
    func head(_ name: RemoteName) throws -> RemoteEntry?
    /// The files right in `folder` (`""` is the top), in pages. `page` is what the page before called `next`. Files
    /// with a name that no `RemoteName` can have are left out.
    func list(_ folder: String, page: String?) throws -> RemotePage
    func delete(_ name: RemoteName) throws
}

package enum PutOutcome: Sendable, Hashable {
    case stored
    /// Nothing was written, or, where the server cannot tell, the same bytes again.
    case alreadyThere
}

package struct RemoteEntry: Sendable, Hashable {
    package let name: RemoteName
    package let sizeBytes: UInt64
    /// By the server's clock; nil where it does not say.
    package let modified: Timestamp?

    package init(name: RemoteName, sizeBytes: UInt64, modified: Timestamp? = nil) {
        self.name = name
        self.sizeBytes = sizeBytes
        self.modified = modified
    }
}

package struct RemotePage: Sendable {
    package let entries: [RemoteEntry]
    /// Nil for the last page.
    package let next: String?

    package init(entries: [RemoteEntry], next: String?) {
        self.entries = entries
        self.next = next
    }
}

extension RemoteStorage {
    /// `count` bytes from `offset` on, or fewer at the end; nil if there is no such file.
    package func piece(of name: RemoteName, at offset: UInt64, count: Int) throws -> [UInt8]? {
        try get(name, ByteRange(offset: offset, count: UInt64(count)), limitBytes: count)
    }

    /// All pages together. More than `limit` entries are an error: a listing must fit into memory.
    package func listAll(_ folder: String, limit: Int = 1_000_000) throws -> [RemoteEntry] {
        var entries: [RemoteEntry] = []
        var page: String?
        repeat {
            let next = try list(folder, page: page)
            entries += next.entries
            if entries.count > limit { throw RemoteError.tooMany(remote: label, what: "names", limit: limit) }
            if next.next != nil, next.next == page {
                throw RemoteError.unexpectedReply(remote: label, what: "a listing that does not end")
            }
            page = next.next
        } while page != nil
        return entries
    }
}

/// The name of a file in a remote: one to four components of lower-case letters, digits, `.`, `-` and `_`, that do not
/// start with a dot. It needs no escaping anywhere, and leads nowhere but below the remote.
package struct RemoteName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String
    /// Of a bucket that keeps former versions: which one `get` and `head` ask for. Nil for the last.
    package private(set) var version: String?

    /// Nil for any other text, so that what a server lists can be used as it is.
    package init?(_ text: String) {
        let components = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...4).contains(components.count), text.utf8.count <= 200 else { return nil }
        for component in components {
            guard let first = component.utf8.first, first != UInt8(ascii: "."),
                component.utf8.allSatisfy(Self.isAllowed)
            else { return nil }
        }
        self.text = text
    }

    /// Trusts that `text` is a name: for those of docs/formats/remote.md.
    init(unchecked text: String) { self.text = text }

    /// A file of somebody else's, by a name of any form, for `get` and `head` of a bucket.
    package init(foreign text: String, version: String) {
        self.text = text
        self.version = version
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// What stands before the last slash; empty for a name at the top.
    package var folder: String {
        text.lastIndex(of: "/").map { String(text[..<$0]) } ?? ""
    }

    /// What stands after the last slash.
    package var lastComponent: String {
        text.lastIndex(of: "/").map { String(text[text.index(after: $0)...]) } ?? text
    }

    package static func < (a: RemoteName, b: RemoteName) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }

    package var description: String { text }
}
