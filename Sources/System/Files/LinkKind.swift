/// How a file of the workspace gets the content of a stored object.
package enum LinkKind: String, Sendable, CaseIterable {
    /// A copy that shares its blocks until one of the two changes; not on every file system.
    case reflink
    /// A second name for the stored file, which is why it is read-only.
    case hardlink
    /// A symbolic link into the store.
    case symlink
    case copy
}
