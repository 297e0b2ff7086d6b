import Diagnostics
import Experiments
import Files
import Hashing
import JSON
import Objects
import Synchronization

/// What one run has logged and could not send, on the disk: docs/formats/spool.md.
///
/// A folder with numbered segments, each of them messages as lines of JSON, and the content of files by its SHA-256. Who
/// holds its lock writes to it or sends it, so that nobody sends what another is writing. A segment goes when all its
/// messages were sent: to send one twice is harmless.
final class RunSpool: Sendable {
    static let version: Int64 = 1
    /// A segment is as long as may be sent again for nothing.
    private static let segmentBytes = 4 << 20
    /// More points than that are cut into several messages.
    private static let messagePoints = 1 << 16

    let folder: AbsolutePath
    let address: DestinationAddress
    /// Nil once it is closed.
    private let lock: Mutex<FileLock?>
    private let fileSystem: FileSystem
    private let state: Mutex<State>

    fileprivate struct State: ~Copyable {
        /// The segments that are complete, the oldest first.
        var complete: [UInt64]
        var lastNumber: UInt64
        var open: OpenFile?
        var openBytes = 0
    }

    /// Opens the spool of a run below `root`, or makes it. If another process has it, the run gets one more.
    static func open(
        _ run: RunID, in root: AbsolutePath, for address: DestinationAddress, fileSystem: FileSystem = .real
    ) throws -> RunSpool {
        for attempt in 0..<1000 {
            let name = attempt == 0 ? run.text : "\(run.text)-\(RunID.random().short)"
            let folder = root.appending(name)
            if attempt == 0, let left = try openLeft(at: folder, fileSystem: fileSystem) {
                if left.address == address { return left }
                continue
            }
            if let spool = try make(folder, run, address, fileSystem) { return spool }
        }
        throw SpoolError.inUse(root.description)
    }

    private static func make(
        _ folder: AbsolutePath, _ run: RunID, _ address: DestinationAddress, _ fileSystem: FileSystem
    ) throws -> RunSpool? {
        try fileSystem.makeFolders(folder.appending(filesName))
        guard let lock = try FileLock.tryAcquire(folder.appending(lockName), in: fileSystem) else { return nil }
        if try fileSystem.status(of: folder.appending(headName)) == nil {
            let head: JSONObject = ["version": .integer(version), "run": .string(run.text), "to": address.json]
            try fileSystem.writeAtomically(
                Array((JSONValue.object(head).text() + "\n").utf8), to: folder.appending(headName))
        }
        return try RunSpool(folder, address, lock, fileSystem)
    }

    /// Opens what another process has left at `folder`. Nil if a process has it still.
    static func openLeft(at folder: AbsolutePath, fileSystem: FileSystem = .real) throws -> RunSpool? {
        guard let head = try fileSystem.readIfPresent(folder.appending(headName)) else { return nil }
        guard let lock = try FileLock.tryAcquire(folder.appending(lockName), in: fileSystem) else { return nil }
        let fields = try JSONFields(JSONValue(parsing: head, file: folder.appending(headName).description))
        let found = try fields.integer("version") ?? 0
        guard found == version else { throw SpoolError.unknownVersion(folder.description, found) }
        guard let to = try fields.object("to"), let address = try DestinationAddress(to) else {
            throw SpoolError.damaged(folder.appending(headName).description)
        }
        return try RunSpool(folder, address, lock, fileSystem)
    }

    private init(
        _ folder: AbsolutePath, _ address: DestinationAddress, _ lock: FileLock, _ fileSystem: FileSystem
    ) throws {
        self.folder = folder
        self.address = address
        self.lock = Mutex(lock)
        self.fileSystem = fileSystem
        let numbers = try fileSystem.openFolder(folder).names().compactMap { name -> UInt64? in
            let text = String(decoding: name, as: UTF8.self)
            guard text.hasSuffix(Self.segmentSuffix) else { return nil }
            return UInt64(text.dropLast(Self.segmentSuffix.utf8.count))
        }.sorted()
        state = Mutex(State(complete: numbers, lastNumber: numbers.last ?? 0))
    }

    var isEmpty: Bool { state.withLock { $0.complete.isEmpty && $0.openBytes == 0 } }

    // MARK: Writing

    /// Keeps a message and the content of its files; durable on return.
    func append(_ update: RunUpdate, _ files: [OutgoingFile]) throws {
        var update = update
        for file in files {
            update.files.append(
                LoggedFile(place: file.place, digest: try keep(file.content), modifiedAt: file.modifiedAt))
        }
        for part in update.parts(mostPoints: Self.messagePoints) { try append(line: part.json.text()) }
        try state.withLock { try $0.open?.synchronise() }
    }

    /// Keeps a message that was refused, which is never sent again.
    func refuse(_ update: RunUpdate, _ files: [OutgoingFile]) throws {
        let path = folder.appending(Self.refusedName)
        var text = try fileSystem.readIfPresent(path) ?? []
        // Enough to see what it was about.
        if text.count > Self.segmentBytes { return }
        text += Array((update.json.text() + "\n").utf8)
        try fileSystem.writeAtomically(text, to: path)
    }

    private func append(line: String) throws {
        try state.withLock { state in
            if state.open == nil {
                state.lastNumber += 1
                state.open = try fileSystem.create(segment(state.lastNumber))
            }
            try state.open?.write(Array((line + "\n").utf8))
            state.openBytes += line.utf8.count + 1
            if state.openBytes >= Self.segmentBytes { try state.endSegment() }
        }
    }

    private func keep(_ content: OutgoingFile.Content) throws -> Digest {
        switch content {
        case .bytes(let bytes):
            let digest = Digest(of: bytes)
            let path = file(digest)
            if try fileSystem.status(of: path) == nil { try fileSystem.writeAtomically(bytes, to: path) }
            return digest
        case .file(let source):
            let temporary = folder.appending(Self.filesName).appending(FileSystem.temporaryName())
            let builder = DigestBuilder()
            let copy = try fileSystem.create(temporary)
            try fileSystem.open(source).forEachPiece { piece in
                builder.update(piece)
                try copy.write(piece)
            }
            try copy.synchronise()
            let digest = Digest(builder.finish())
            try fileSystem.rename(temporary, to: file(digest))
            return digest
        }
    }

    // MARK: Sending

    /// Sends the oldest segment and removes it. Answers what was refused. Throws if the destination is away: then the
    /// segment stays.
    func sendOne(to destination: any RunDestination) throws -> [String] {
        let number = try state.withLock { state in
            if state.complete.isEmpty { try state.endSegment() }
            return state.complete.first
        }
        guard let number else { return [] }
        var problems: [String] = []
        for (index, line) in try lines(of: number).enumerated() {
            guard let update = try? RunUpdate(json: JSONValue(parsing: Array(line))) else {
                problems.append("\(segment(number)):\(index + 1): a damaged message was passed over")
                continue
            }
            problems += try send(update, to: destination)
        }
        try fileSystem.removeFile(segment(number))
        state.withLock { $0.complete.removeAll { $0 == number } }
        // A later segment may name the same content.
        if isEmpty {
            let files = folder.appending(Self.filesName)
            try fileSystem.removeTree(files)
            try fileSystem.makeFolders(files)
        }
        return problems
    }

    private func send(_ update: RunUpdate, to destination: any RunDestination) throws -> [String] {
        var update = update
        let files = update.files.map { logged in
            OutgoingFile(place: logged.place, content: .file(file(logged.digest)), modifiedAt: logged.modifiedAt)
        }
        update.files = []
        do {
            return try destination.send(update, files).refusals.map { "\($0.what) was refused: \($0.reason)" }
        } catch let error as DestinationAway {
            throw error
        } catch {
            try refuse(update, [])
            return [(error as? any UserFacingError)?.message ?? "\(error)"]
        }
    }

    /// The last one may have been cut off by a crash: then it ends without a line break, and was never promised.
    private func lines(of number: UInt64) throws -> [ArraySlice<UInt8>] {
        var lines = try fileSystem.read(segment(number)).split(separator: 10, omittingEmptySubsequences: false)
        lines.removeLast()
        return lines.filter { !$0.isEmpty }
    }

    /// Nothing more is written or sent by this process; another may send what is left. An empty spool goes.
    func close() {
        state.withLock { state in try? state.endSegment() }
        defer { lock.withLock { $0 = nil } }
        guard isEmpty, let hasRefused = try? fileSystem.status(of: folder.appending(Self.refusedName)) != nil,
            !hasRefused
        else { return }
        try? fileSystem.removeTree(folder)
    }

    private func segment(_ number: UInt64) -> AbsolutePath {
        let digits = String(number)
        return folder.appending(String(repeating: "0", count: max(0, 8 - digits.count)) + digits + Self.segmentSuffix)
    }

    private func file(_ digest: Digest) -> AbsolutePath {
        folder.appending(Self.filesName).appending(digest.sha256.description)
    }

    private static let segmentSuffix = ".jsonl"
    private static let filesName = "files"
    private static let headName = "spool.json"
    private static let lockName = "lock"
    private static let refusedName = "refused.txt"
}

extension RunSpool.State {
    /// Ends the open segment.
    fileprivate mutating func endSegment() throws {
        guard let file = open.take() else { return }
        try file.synchronise()
        try file.close()
        complete.append(lastNumber)
        openBytes = 0
    }
}

extension RunUpdate {
    /// The same in several messages, none with more points than that: all but points is in the first, the end in the
    /// last.
    func parts(mostPoints: Int) -> [RunUpdate] {
        if pointCount <= mostPoints { return [self] }
        var rest = self
        rest.series = []
        var parts: [RunUpdate] = []
        var current = rest
        current.end = nil
        var room = mostPoints
        for series in series {
            var start = 0
            while start < series.points.count {
                let count = min(room, series.points.count - start)
                current.series.append(
                    LoggedSeries(key: series.key, points: Array(series.points[start..<start + count])))
                start += count
                room -= count
                if room == 0 {
                    parts.append(current)
                    current = RunUpdate(run: run, stage: stage)
                    room = mostPoints
                }
            }
        }
        if current.isEmpty, let last = parts.indices.last {
            parts[last].end = end
        } else {
            current.end = end
            parts.append(current)
        }
        return parts
    }
}

extension DestinationAddress {
    var json: JSONValue {
        switch self {
        case .project(let root): .object(["project": .string(root)])
        case .server(let url): .object(["server": .string(url)])
        }
    }

    init?(_ fields: JSONFields) throws {
        if let root = try fields.text("project") {
            self = .project(root)
        } else if let url = try fields.text("server") {
            self = .server(url)
        } else {
            return nil
        }
    }
}

/// A spool that cannot be read.
enum SpoolError: UserFacingError, Equatable {
    case unknownVersion(String, Int64)
    case damaged(String)
    case inUse(String)

    var kind: ErrorKind {
        switch self {
        case .unknownVersion: .invalidInput
        case .damaged: .corrupt
        case .inUse: .conflict
        }
    }

    var message: String {
        switch self {
        case .unknownVersion(let folder, let version):
            "spool \(folder) has version \(version); this program reads version \(RunSpool.version)"
        case .damaged(let path): "\(path) is damaged"
        case .inUse(let folder): "spool \(folder) is in use by another process"
        }
    }
}
