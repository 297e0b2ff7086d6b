import Files

/// An object as it lies in the store.
package struct StoredObject: Sendable, Hashable {
    package let id: ObjectID
    /// On the disk, compressed or not.
    package let storedBytes: UInt64
    let isCompressed: Bool
    let modifiedNanoseconds: Int64
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
        guard try fileSystem.status(of: paths.objects) != nil else { return [] }
        var objects: [StoredObject] = []
        for fanOut in try fileSystem.openFolder(paths.objects).names() {
            let path = paths.objects.appending(RelativePath(unchecked: fanOut))
            guard try fileSystem.status(of: path)?.kind == .folder else { continue }
            for entry in try fileSystem.openFolder(path).entries() {
                guard let (id, isCompressed) = StorePaths.object(fanOut: fanOut, name: entry.name) else { continue }
                objects.append(
                    StoredObject(
                        id: id, storedBytes: entry.status.sizeBytes, isCompressed: isCompressed,
                        modifiedNanoseconds: entry.status.modifiedNanoseconds))
            }
        }
        return objects
    }
}
