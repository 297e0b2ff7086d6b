import Diagnostics
import Experiments
import Files
import JSON

/// What a program has logged and the writer has not taken yet: the bounded buffer between the two.
struct PendingLog: Sendable {
    /// 32 bytes; grouped by series only when it is taken.
    struct Point: Sendable {
        var series: Int32
        var step: Int64
        var milliseconds: Int64
        var value: Double
    }

    /// How many points it holds at most: 32 MiB.
    static let pointLimit = 1 << 20
    /// How many bytes of all else.
    static let byteLimit = 256 << 20
    /// So many points are worth waking the writer for.
    static let wakePoints = 1 << 16

    private(set) var points: [Point] = []
    private var series: [String: Int32] = [:]
    private(set) var keys: [String] = []
    /// By series: what `step: nil` continues.
    private var lastSteps: [Int64] = []

    private(set) var params: [Param] = []
    private(set) var tags: [Tag] = []
    private(set) var work: [LogWork] = []
    var git: GitState?
    private var bytes = 0
    /// How many things were accepted so far: what a flush waits for.
    private(set) var accepted: UInt64 = 0
    private(set) var droppedPoints: UInt64 = 0
    private(set) var droppedOthers: UInt64 = 0
    /// The writer has not moved for as long as anyone is ready to wait.
    var isStalled = false
    var isClosed = false

    var isEmpty: Bool { points.isEmpty && params.isEmpty && tags.isEmpty && work.isEmpty && git == nil }

    enum Outcome { case taken, takenAndWake, full, closed }

    mutating func append(_ key: String, _ value: Double, step: Int64?, at milliseconds: Int64) -> Outcome {
        if isClosed { return .closed }
        if points.count >= Self.pointLimit { return .full }
        let number = self.number(of: key)
        let step = step ?? lastSteps[Int(number)] &+ 1
        lastSteps[Int(number)] = step
        points.append(Point(series: number, step: step, milliseconds: milliseconds, value: value))
        accepted &+= 1
        return points.count == Self.wakePoints ? .takenAndWake : .taken
    }

    /// The next point without a step comes after this one.
    mutating func continues(_ key: String, after step: Int64) {
        lastSteps[Int(number(of: key))] = step
    }

    mutating func drop(points count: Int) { droppedPoints &+= UInt64(count) }

    mutating func append(params new: [Param]) -> Outcome {
        append(bytes: new.reduce(0) { $0 + 64 + $1.key.utf8.count + sizeOf($1) }) { $0.params += new }
    }

    mutating func append(tags new: [Tag]) -> Outcome {
        append(bytes: new.reduce(0) { $0 + 64 + $1.key.utf8.count + $1.value.utf8.count }) { $0.tags += new }
    }

    mutating func append(work new: LogWork) -> Outcome { append(bytes: new.sizeBytes) { $0.work.append(new) } }

    private mutating func append(bytes count: Int, _ body: (inout PendingLog) -> Void) -> Outcome {
        if isClosed { return .closed }
        // One thing that is larger than the whole buffer is still taken, if it is alone.
        if bytes > 0, bytes + count > Self.byteLimit {
            droppedOthers &+= 1
            return .full
        }
        bytes += count
        accepted &+= 1
        body(&self)
        return .taken
    }

    private mutating func number(of key: String) -> Int32 {
        if let number = series[key] { return number }
        let number = Int32(keys.count)
        series[key] = number
        keys.append(key)
        lastSteps.append(-1)
        return number
    }

    /// All that waits; `spare` becomes the new buffer, so that two are enough for ever.
    mutating func take(spare: [Point]) -> PendingLog {
        var taken = self
        points = spare
        taken.series = [:]
        params = []
        tags = []
        work = []
        git = nil
        bytes = 0
        isStalled = false
        return taken
    }

    /// The points by series, each series in the order of logging.
    func seriesPoints() -> [LoggedSeries] {
        var counts = [Int](repeating: 0, count: keys.count)
        for point in points { counts[Int(point.series)] += 1 }
        var lists = counts.map { count in
            var list: [MetricPoint] = []
            list.reserveCapacity(count)
            return list
        }
        for point in points {
            lists[Int(point.series)].append(
                MetricPoint(
                    step: point.step, timestamp: Timestamp(milliseconds: point.milliseconds), value: point.value))
        }
        return zip(keys, lists).compactMap { $1.isEmpty ? nil : LoggedSeries(key: $0, points: $1) }
    }

    private func sizeOf(_ param: Param) -> Int {
        if case .string(let text) = param.value { text.utf8.count } else { 16 }
    }
}

/// What is logged and needs more than writing a row: done by the writer, since it reads files.
enum LogWork: Sendable {
    case file(OutgoingFile)
    /// Everything below a folder, or the file that the path is.
    case path(AbsolutePath, place: PlacePrefix)
    /// A file or folder that the run reads: named by its content.
    case dataset(AbsolutePath, name: String, context: String?)
    case namedDataset(DatasetUse)
    /// After its files.
    case model(RunModel)

    var sizeBytes: Int {
        if case .file(let file) = self, case .bytes(let bytes) = file.content { return bytes.count + 256 }
        return 1024
    }
}

/// Below what the files of a folder are put.
enum PlacePrefix: Sendable {
    case artifact(RelativePath)
    case model(id: String, RelativePath)

    func place(_ path: RelativePath) -> LoggedFile.Place {
        switch self {
        case .artifact(let folder): .artifact(folder.appending(path))
        case .model(let id, let folder): .model(id: id, folder.appending(path))
        }
    }
}

/// A file on its way to where runs are kept.
struct OutgoingFile: Sendable {
    enum Content: Sendable {
        case bytes([UInt8])
        case file(AbsolutePath)
    }

    var place: LoggedFile.Place
    var content: Content
    var modifiedAt: Timestamp
}
