import Files

/// Paths, for the question whether another one is among them, holds one of them, or lies in one of them.
struct PathSet {
    private var paths: Set<RelativePath> = []
    /// All folders above the paths.
    private var folders: Set<RelativePath> = []

    mutating func insert(_ path: RelativePath) {
        guard paths.insert(path).inserted else { return }
        var folder = path.parent
        while let next = folder, folders.insert(next).inserted { folder = next.parent }
    }

    func overlaps(_ path: RelativePath) -> Bool {
        if folders.contains(path) { return true }
        var candidate: RelativePath? = path
        while let next = candidate {
            if paths.contains(next) { return true }
            candidate = next.parent
        }
        return false
    }
}
