import Diagnostics
import Files
import Hashing

// Packs that this machine found damaged, one name a line in `damaged` of the local cache. A note is a suspicion: it is
// looked into before anything is done about it.

extension Remote {
    func damagedPacks() -> Set<SHA256Digest> {
        guard let bytes = try? fileSystem.readIfPresent(damageFile) else { return [] }
        return Set(
            String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap {
                SHA256Digest(lowerCaseHex: "\($0)")
            })
    }

    func noteDamage(_ packs: Set<SHA256Digest>) {
        let all = damagedPacks().union(packs)
        if packs.isEmpty || all == damagedPacks() { return }
        writeDamage(all)
    }

    private func writeDamage(_ packs: Set<SHA256Digest>) {
        let text = packs.sorted().map { "\($0)\n" }.joined()
        // A note that is lost is made again by the next reader.
        if let parent = damageFile.parent { try? fileSystem.makeFolders(parent) }
        try? fileSystem.writeAtomically(Array(text.utf8), to: damageFile)
    }

    /// Reads the packs that were noted again, and keeps the notes that are true.
    func confirmDamage(among inventory: Inventory) throws -> Set<SHA256Digest> {
        let noted = damagedPacks()
        if noted.isEmpty { return [] }
        let listed = Set(inventory.packs.map(\.sha256))
        let confirmed = try noted.filter { pack in
            guard listed.contains(pack) else { return false }
            let bytes = try storage.get(
                RemoteName(pack: pack), nil, limitBytes: RemoteFormat.packLimitBytes)
            return bytes.map { SHA256.hash($0) != pack } ?? true
        }
        if confirmed != noted { writeDamage(confirmed) }
        return confirmed
    }

    /// Replaces the segments that list chunks in damaged packs by ones that do not list those that lie elsewhere now.
    /// What cannot be had elsewhere stays listed: its pack may yet be mended by somebody.
    func replaceDamagedEntries(_ index: RemoteIndex, _ damaged: Set<SHA256Digest>, _ monitor: any Monitor) throws {
        var stillListed: Set<SHA256Digest> = []
        for name in index.segments.keys.sorted() {
            guard let segment = try segment(name, monitor),
                segment.packs.contains(where: { damaged.contains($0.sha256) })
            else { continue }
            var mended = IndexSegment()
            mended.objects = segment.objects
            mended.records = segment.records
            for (number, pack) in segment.packs.enumerated() {
                let chunks = segment.chunks.filter { $0.location.pack == number }
                let kept =
                    damaged.contains(pack.sha256)
                    ? chunks.filter { !index.inventory.contains(chunk: $0.sha256) } : chunks
                if kept.isEmpty, !chunks.isEmpty { continue }
                stillListed.insert(pack.sha256)
                mended.add(PackListing(sha256: pack.sha256, sizeBytes: pack.sizeBytes, chunks: kept))
            }
            if mended.chunks.count == segment.chunks.count { continue }
            if !mended.isEmpty { try write(mended) }
            try storage.delete(RemoteName(segment: name))
        }
        writeDamage(damaged.intersection(stillListed))
    }

    /// Writes a segment, and answers its name, which is none of `taken`, and its size.
    @discardableResult
    func write(_ segment: IndexSegment, avoiding taken: Set<SHA256Digest> = []) throws -> (
        name: SHA256Digest, sizeBytes: Int
    ) {
        var (segment, bytes) = (segment, segment.encoded())
        while taken.contains(SHA256.hash(bytes)) {
            segment = segment.salted()
            bytes = segment.encoded()
        }
        let sha256 = SHA256.hash(bytes)
        _ = try storage.put(RemoteName(segment: sha256), bytes)
        add(segment, bytes, sha256)
        return (sha256, bytes.count)
    }
}

extension IndexSegment {
    /// With a claim more, under a name that nobody looks for, of content that is none.
    fileprivate func salted() -> IndexSegment {
        let name = SHA256.hash((0..<16).map { _ in UInt8.random(in: .min ... .max) }).description
        guard let content = objects.first?.digest ?? records.first?.content,
            let record = RemoteRecord(kind: .claim, name: name, content: content)
        else { return self }
        var segment = self
        segment.records.append(record)
        return segment
    }
}
