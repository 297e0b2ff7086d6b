package import Files
package import Objects

extension Workspace {
    /// What a fingerprint says of a path below it; nil if it has no such path. The root path is the whole.
    package func content(at path: RelativePath, in fingerprint: Fingerprint) throws -> Tree.Content? {
        var content = Tree.Content(fingerprint)
        for name in path.components {
            guard case .folder(let digest, _, _) = content else { return nil }
            guard let entry = try store.readTree(digest).entries.first(where: { $0.name.elementsEqual(name) }) else {
                return nil
            }
            content = entry.content
        }
        return content
    }
}
