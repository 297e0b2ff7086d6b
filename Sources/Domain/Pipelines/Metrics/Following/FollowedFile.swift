import Files
import JSON

/// One file that a stage writes, and how far it has been read.
///
/// A file that became shorter, or is another one, was written anew: it is read from its start, and as many points are
/// passed over as were found before, because programs that write a table anew write the same rows again and some more.
struct FollowedFile: Sendable {
    /// How much is read at once, so that no file holds up the others, nor fills the memory.
    private static let pieceBytes = 1 << 20
    private static let piecesAtOnce = 4
    private static let snapshotBytes: UInt64 = 4 << 20

    private let path: AbsolutePath
    private let name: RelativePath
    private let kind: MetricFileKind
    private var format: (any MetricFormat)?
    private var offset: UInt64 = 0
    private var inode: UInt64 = 0
    private var seen: FileStatus?
    private var pointCount = 0
    private var toPassOver = 0
    /// Of a snapshot: how often it was another one.
    private var versions: Int64 = 0
    private var lastSnapshot: [UInt8] = []

    init(_ path: AbsolutePath, name: RelativePath, kind: MetricFileKind) {
        self.path = path
        self.name = name
        self.kind = kind
        format = kind.makeFormat()
    }

    /// What is new. `isFinal`: all of it, since nothing more comes.
    mutating func read(_ status: FileStatus, isFinal: Bool, in fileSystem: FileSystem) -> FollowedNews {
        var news = FollowedNews()
        // Unchanged since it was read last.
        if status == seen, !isFinal { return news }
        do {
            if kind == .snapshot {
                try readSnapshot(status, fileSystem, &news)
            } else {
                try readOn(status, isFinal, fileSystem, &news)
            }
        } catch let error as FileError {
            // Removed between two looks: it may come back.
            if error.reason != .notFound { news.mistakes.append(error.message) }
        } catch {
            news.mistakes.append("\(name): \(error)")
        }
        return news
    }

    private mutating func readOn(
        _ status: FileStatus, _ isFinal: Bool, _ fileSystem: FileSystem, _ news: inout FollowedNews
    ) throws {
        if status.inode != inode || status.sizeBytes < offset {
            if inode != 0 { startAnew() }
            inode = status.inode
        }
        let file = try fileSystem.open(path)
        var pieces = 0
        var isAtEnd = false
        while isFinal || pieces < Self.piecesAtOnce {
            let bytes = try file.read(at: offset, count: Self.pieceBytes)
            if bytes.isEmpty {
                isAtEnd = true
                break
            }
            offset += UInt64(bytes.count)
            pieces += 1
            take(format?.read(bytes) ?? [], &news)
        }
        if isFinal { take(format?.finish() ?? [], &news) }
        news.mistakes += (format?.takeMistakes() ?? []).map { "\(name): \($0)" }
        // Else there is more to read, although the file may stay as it is.
        seen = isAtEnd ? status : nil
    }

    private mutating func startAnew() {
        offset = 0
        format = kind.makeFormat()
        // Their points say when they were made: to find one again is harmless.
        if case .events = kind { return }
        toPassOver = pointCount
        pointCount = 0
    }

    private mutating func take(_ points: [FollowedPoint], _ news: inout FollowedNews) {
        pointCount += points.count
        let passed = min(toPassOver, points.count)
        toPassOver -= passed
        news.points += points.dropFirst(passed)
    }

    /// A file that is just being written cannot be parsed: the next look will find it whole.
    private mutating func readSnapshot(
        _ status: FileStatus, _ fileSystem: FileSystem, _ news: inout FollowedNews
    ) throws {
        if status.sizeBytes > Self.snapshotBytes { return }
        let content = try fileSystem.read(path)
        guard content != lastSnapshot, let object = try? parseParamFile(content, path: name) else { return }
        lastSnapshot = content
        seen = status
        let step = object.pairs.first { stepNames.contains($0.key.lowercased()) && !$0.key.isEmpty }?.value.asNumber
        let number = step.flatMap { Int64(exactly: $0.rounded()) } ?? versions
        versions += 1
        for leaf in leaves(of: .object(object), key: "") {
            guard let value = leaf.value.asNumber else { continue }
            news.points.append(FollowedPoint(key: leaf.key, value: value, step: number))
        }
    }
}

/// What was found since the last look.
package struct FollowedNews: Sendable {
    package var points: [FollowedPoint] = []
    /// What could not be read, in words.
    package var mistakes: [String] = []
}
