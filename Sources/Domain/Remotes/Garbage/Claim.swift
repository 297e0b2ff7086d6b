import Diagnostics
import Hashing
import Objects

/// What a push has vouched for: the files and folders that were there, whole, when it ended. docs/formats/remote.md,
/// "Index segments".
///
/// Garbage collection keeps it for the grace period, whatever else refers to it: who pushes need not have told Git yet.
struct Claim: Sendable, Equatable {
    let fingerprints: Set<Fingerprint>
    /// What was pushed with them, and is looked for by nobody else's name: logs, patches.
    let objects: Set<Digest>

    private static let firstLine = "repro push 1"

    /// The SHA-256 of the files and folders that it vouches for, whenever it does.
    var name: String { SHA256.hash(lines).description }

    /// The day is in it, so that a claim that is written again later is another file.
    func text(_ now: Timestamp) -> [UInt8] {
        let others = objects.map { "object \($0.id) \($0.sha256) \($0.sizeBytes) 1 \($0.sizeBytes)\n" }
        return Array("\(Self.firstLine)\n\(now.description.prefix(10))\n".utf8) + lines + others.sorted().joined().utf8
    }

    private var lines: [UInt8] {
        let lines = fingerprints.map { fingerprint in
            let (word, count): (String, Int) =
                switch fingerprint.kind {
                case .file(let isExecutable): (isExecutable ? "executable" : "file", 1)
                case .folder(let fileCount): ("folder", fileCount)
                }
            let digest = fingerprint.digest
            return "\(word) \(digest.id) \(digest.sha256) \(digest.sizeBytes) \(count) \(fingerprint.contentBytes)\n"
        }
        return Array(lines.sorted().joined().utf8)
    }

    init(_ fingerprints: [Fingerprint], objects: [Digest] = []) {
        self.fingerprints = Set(fingerprints)
        self.objects = Set(objects)
    }

    /// Nil unless all of it is as it should be.
    init?(parsing text: [UInt8]) {
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        guard lines.first == Self.firstLine[...], lines.count >= 2 else { return nil }
        let isObject = { (line: Substring) in line.hasPrefix("object ") }
        let found = lines.dropFirst(2).map { Self.fingerprint($0) }
        if found.contains(nil) { return nil }
        fingerprints = Set(lines.dropFirst(2).filter { !isObject($0) }.compactMap { Self.fingerprint($0) })
        objects = Set(lines.dropFirst(2).filter(isObject).compactMap { Self.fingerprint($0)?.digest })
    }

    private static func fingerprint(_ line: Substring) -> Fingerprint? {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 6, let id = ObjectID(hex: words[1]), let sha256 = SHA256Digest(lowerCaseHex: words[2]),
            let size = UInt64(words[3]), let count = Int(words[4]), let bytes = UInt64(words[5])
        else { return nil }
        let kind: Fingerprint.Kind
        switch words[0] {
        case "file", "object": kind = .file(isExecutable: false)
        case "executable": kind = .file(isExecutable: true)
        case "folder": kind = .folder(fileCount: count)
        default: return nil
        }
        return Fingerprint(kind: kind, digest: Digest(id: id, sha256: sha256, sizeBytes: size), contentBytes: bytes)
    }
}
