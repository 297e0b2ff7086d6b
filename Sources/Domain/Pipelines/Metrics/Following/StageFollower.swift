package import Diagnostics
package import Files

/// Follows the measurements that a stage writes into files while it runs: its metrics and plots, TensorBoard's event
/// files below any of its outs, and DVCLive's folder, declared or not.
///
/// A look costs a status for each file that is known and a listing for each folder, within bounds. What was there before
/// the stage began is not read.
package struct StageFollower: Sendable {
    /// Folders with more names than that are data, not logs.
    private static let mostNames = 2_000
    private static let mostFiles = 500
    private static let mostDepth = 6

    private struct Place: Sendable {
        var path: RelativePath
        var role: Output.Role
        /// It was removed before the stage began: what is there is the stage's.
        var isOwn: Bool
    }

    private let root: AbsolutePath
    private let startedAt: Timestamp
    private let fileSystem: FileSystem
    private let places: [Place]
    private var files: [RelativePath: FollowedFile] = [:]
    private var crowded: Set<RelativePath> = []
    /// Which file has a key; another file with the same one gets its path before it.
    private var owners: [String: RelativePath] = [:]
    private var complaints: Set<String> = []
    /// The last point of each key.
    package private(set) var latest: [String: FollowedPoint] = [:]

    package init(_ stage: Stage, root: AbsolutePath, startedAt: Timestamp, in fileSystem: FileSystem = .real) {
        self.root = root
        self.startedAt = startedAt
        self.fileSystem = fileSystem
        var places = stage.outputs.map { Place(path: $0.path, role: $0.role, isOwn: !$0.persists) }
        let live = stage.workingDirectory.appending(RelativePath(unchecked: Array("dvclive".utf8)))
        if !places.contains(where: { live.isAtOrBelow($0.path) }) {
            places.append(Place(path: live, role: .output, isOwn: false))
        }
        self.places = places
    }

    /// What is new since the last look. `isFinal`: all of it, since the stage has ended.
    package mutating func look(isFinal: Bool = false) -> FollowedNews {
        var news = FollowedNews()
        for place in places { look(at: place.path, place, depth: 0, isFinal, &news) }
        return news
    }

    private mutating func look(
        at path: RelativePath, _ place: Place, depth: Int, _ isFinal: Bool, _ news: inout FollowedNews
    ) {
        guard let status = try? fileSystem.statusFollowingLinks(of: root.appending(path)) else { return }
        if status.kind == .folder {
            if depth < Self.mostDepth { lookInside(path, place, depth, isFinal, &news) }
            return
        }
        guard status.kind == .file, let kind = MetricFileKind(path, below: place.path, role: place.role) else { return }
        // The clock that stamps files lags behind by a few milliseconds.
        let isOld = status.modifiedNanoseconds < (startedAt.milliseconds - 20) * 1_000_000
        if files[path] == nil, isOld, !(isFinal && place.isOwn) { return }
        if files[path] == nil, files.count >= Self.mostFiles { return }
        var file = files[path] ?? FollowedFile(root.appending(path), name: path, kind: kind)
        let found = file.read(status, isFinal: isFinal, in: fileSystem)
        files[path] = file
        news.points += found.points.map { named($0, path) }
        for mistake in found.mistakes where complaints.count < 20 && complaints.insert(mistake).inserted {
            news.mistakes.append(mistake)
        }
    }

    private mutating func lookInside(
        _ folder: RelativePath, _ place: Place, _ depth: Int, _ isFinal: Bool, _ news: inout FollowedNews
    ) {
        if crowded.contains(folder) { return }
        guard let opened = try? fileSystem.openFolder(root.appending(folder)), let names = try? opened.namesAndFolders()
        else { return }
        if names.count > Self.mostNames {
            crowded.insert(folder)
            return
        }
        for entry in names.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
            let path = folder.appending(name: entry.name)
            // Most files of an out are data: their names say so, and they cost no status.
            if !entry.isFolder, MetricFileKind(path, below: place.path, role: place.role) == nil { continue }
            look(at: path, place, depth: depth + 1, isFinal, &news)
        }
    }

    private mutating func named(_ point: FollowedPoint, _ path: RelativePath) -> FollowedPoint {
        var point = point
        let owner = owners[point.key] ?? path
        owners[point.key] = owner
        if owner != path { point.key = "\(path):\(point.key)" }
        latest[point.key] = point
        return point
    }
}
