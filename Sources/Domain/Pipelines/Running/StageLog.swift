package import Files
import Hashing
import Objects
import Synchronization

/// What a stage's commands write, to either stream, in the order in which it came: kept in a file while they run, so
/// that it can be followed, and then in the store.
final class StageLog: Sendable {
    private struct State: ~Copyable {
        var file: OpenFile?
        var writtenBytes = 0
        /// The end of it, for error messages.
        var tail: [UInt8] = []
    }

    let path: AbsolutePath
    private let fileSystem: FileSystem
    private let state: Mutex<State>

    private static let tailBytes = 8 << 10
    private static let tailLines = 10

    init(path: AbsolutePath, fileSystem: FileSystem) throws {
        self.path = path
        self.fileSystem = fileSystem
        if let folder = path.parent { try fileSystem.makeFolders(folder) }
        _ = try fileSystem.removeFile(path)
        state = Mutex(State(file: try fileSystem.create(path)))
    }

    func append(_ bytes: [UInt8]) throws {
        try state.withLock { state in
            try state.file?.write(bytes)
            state.writtenBytes += bytes.count
            state.tail = Array((state.tail + bytes).suffix(Self.tailBytes))
        }
    }

    /// The last lines, without control characters, which could do things to the terminal that shows them.
    var lastLines: [String] {
        let tail = state.withLock { $0.tail }
        let lines = String(decoding: tail, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.suffix(Self.tailLines).map { line in
            String(
                String.UnicodeScalarView(
                    line.unicodeScalars.filter { $0 == "\t" || $0.properties.generalCategory != .control }))
        }
    }

    /// Moves the log into the store; nil if nothing was written.
    func keep(in store: ObjectStore) throws -> Digest? {
        let isEmpty = state.withLock { state in
            state.file = nil
            return state.writtenBytes == 0
        }
        let digest = isEmpty ? nil : try store.put(file: path)
        _ = try fileSystem.removeFile(path)
        return digest
    }
}

/// Where the log of a stage is while the stage runs, below the folder of its run.
package func liveLogPath(of stage: StageName, in logs: AbsolutePath) -> AbsolutePath {
    logs.appending("\(stage.fileName).log")
}

extension StageName {
    /// A file name that only this stage has: its letters where they are harmless, then a hash of the whole.
    var fileName: String {
        let letters = text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "_-@".contains($0)) ? $0 : "_" }
        let hash = XXH3.hash(Array(text.utf8)).description.prefix(8)
        return String(letters.prefix(80)) + "-" + hash
    }
}
