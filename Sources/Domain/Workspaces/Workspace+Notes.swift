package import Diagnostics
package import Files
package import Objects
import Synchronization

/// What else is known of content, by its digest: remembered beside the file-state index, and lost with it.
extension Workspace {
    /// Forgets what is damaged of the file-state index: content is then read instead.
    package func verifyIndex() -> IndexDamage { index.verify() }

    package func note(_ kind: String, on digest: Digest) -> [UInt8]? { index.note(kind, on: digest) }

    package func remember(_ note: [UInt8], _ kind: String, on digest: Digest) {
        index.remember(note, kind, on: digest)
    }

    /// As `fingerprint`, and whether it says all that another program could see there: below a folder nothing is ignored,
    /// and there are no links whose targets may change.
    package func plainFingerprint(
        _ path: RelativePath, monitor: any Monitor = SilentMonitor()
    ) throws -> (fingerprint: Fingerprint, isPlain: Bool)? {
        let hasLinks = Mutex(false)
        let found = try look(at: path, knowing: true, monitor: monitor) { _, listing in
            let links = listing.tree.entries.contains { if case .symbolicLink = $0.content { true } else { false } }
            if links { hasLinks.withLock { $0 = true } }
        }
        return found.map { ($0.fingerprint, $0.ignored.isEmpty && !hasLinks.withLock { $0 }) }
    }

    /// The digests of all files and listings at `path`.
    package func digests(at path: RelativePath, monitor: any Monitor = SilentMonitor()) throws -> Set<Digest> {
        let digests = Mutex<Set<Digest>>([])
        let found = try look(at: path, knowing: true, monitor: monitor) { _, listing in
            let files = listing.tree.entries.compactMap {
                if case .file(let digest, _) = $0.content { digest } else { nil }
            }
            digests.withLock { $0.formUnion(files + [listing.digest]) }
        }
        return digests.withLock { $0 }.union(found.map { [$0.fingerprint.digest] } ?? [])
    }
}
