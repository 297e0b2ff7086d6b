import Files

/// An object as it lies in the store. One that lies there twice is two of these.
package struct StoredObject: Sendable, Hashable {
    package let id: ObjectID
    /// On the disk, compressed or not.
    package let storedBytes: UInt64
    let place: Place
    /// When it was written, or last said to be needed.
    let modifiedNanoseconds: Int64
    /// The same, of whichever copy is the latest.
    package internal(set) var lastUsedNanoseconds: Int64

    enum Place: Sendable, Hashable {
        case loose(isCompressed: Bool)
        case packed(PackName)
    }
}

extension ObjectStore {
    /// The digest of what is stored under an id, read and hashed; nil if nothing is, and an error if it is damaged.
    package func digest(of id: ObjectID) throws -> Digest? {
        switch try inspect(id) {
        case .absent: return nil
        case .damaged(let damage): throw ObjectError.damaged(id, damage)
        case .whole(let digest): return digest
        }
    }

    /// Every object, in ascending order of ids; no content is read.
    package func storedObjects() throws -> [StoredObject] {
        var objects = try packs.all().flatMap { try storedObjects(of: $0) } + looseObjects()
        objects.sort { $0.id < $1.id }
        var start = 0
        while start < objects.count {
            var end = start + 1
            while end < objects.count, objects[end].id == objects[start].id { end += 1 }
            if end - start > 1 {
                let latest = objects[start..<end].reduce(Int64.min) { max($0, $1.modifiedNanoseconds) }
                for number in start..<end { objects[number].lastUsedNanoseconds = latest }
            }
            start = end
        }
        return objects
    }

    private func storedObjects(of pack: Pack) throws -> [StoredObject] {
        let used = try lastUse(of: pack)
        return pack.index.entries.map { entry in
            StoredObject(
                id: entry.id, storedBytes: entry.recordBytes, place: .packed(pack.name), modifiedNanoseconds: used,
                lastUsedNanoseconds: used)
        }
    }

    /// When the pack was written, or last held.
    func lastUse(of pack: Pack) throws -> Int64 {
        let held = try fileSystem.status(of: paths.held(pack.name))?.modifiedNanoseconds ?? .min
        return max(held, pack.status.modifiedNanoseconds)
    }

    /// Of all objects that have a file of their own.
    func looseIDs() throws -> [ObjectID] {
        guard try fileSystem.status(of: paths.objects) != nil else { return [] }
        return try fileSystem.openFolder(paths.objects).names().flatMap { fanOut -> [ObjectID] in
            let path = paths.objects.appending(RelativePath(unchecked: fanOut))
            guard try fileSystem.status(of: path)?.kind == .folder else { return [] }
            return try fileSystem.openFolder(path).names().compactMap {
                StorePaths.object(fanOut: fanOut, name: $0)?.id
            }
        }
    }

    func looseObjects() throws -> [StoredObject] {
        guard try fileSystem.status(of: paths.objects) != nil else { return [] }
        var objects: [StoredObject] = []
        for fanOut in try fileSystem.openFolder(paths.objects).names() {
            let path = paths.objects.appending(RelativePath(unchecked: fanOut))
            guard try fileSystem.status(of: path)?.kind == .folder else { continue }
            for entry in try fileSystem.openFolder(path).entries() {
                guard let (id, isCompressed) = StorePaths.object(fanOut: fanOut, name: entry.name) else { continue }
                let modified = entry.status.modifiedNanoseconds
                objects.append(
                    StoredObject(
                        id: id, storedBytes: entry.status.sizeBytes, place: .loose(isCompressed: isCompressed),
                        modifiedNanoseconds: modified, lastUsedNanoseconds: modified))
            }
        }
        return objects
    }
}
