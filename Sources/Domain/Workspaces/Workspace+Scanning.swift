import Diagnostics
import Files
import Objects
import Threads

extension Workspace {
    /// Walks `path`; nil if nothing is there. `knowing`: whether the index is believed. `ignoring`: whether ignore files
    /// count.
    func scan(_ path: RelativePath, knowing: Bool, ignoring: Bool = true) throws -> Scan? {
        var scanner = Scanner(workspace: self, usesIndex: knowing, usesIgnoreFiles: ignoring)
        return try scanner.run(path) ? scanner.scan : nil
    }

    /// What is at `path`, down to each byte; nil if nothing is there.
    func snapshot(_ path: RelativePath, knowing: Bool, ignoring: Bool = true) throws -> Snapshot? {
        guard var scan = try scan(path, knowing: knowing, ignoring: ignoring) else { return nil }
        let reader = ContentReader(workspace: self)
        try read(scan.unknownFiles, of: &scan, as: "reading \(path)", SilentMonitor()) { file, path in
            try reader.digest(of: file, at: path)
        }
        guard let snapshot = Snapshot(scan) else { throw WorkspaceError.keepsChanging(path) }
        return snapshot
    }

    /// Reads the files with these numbers, several at once, and remembers what they hold.
    func read(
        _ numbers: [Int], of scan: inout Scan, as activity: String, _ monitor: any Monitor,
        by digest: @Sendable (Scan.File, AbsolutePath) throws -> Digest
    ) throws {
        let reader = ContentReader(workspace: self)
        let files = scan.files
        let meter = WorkMeter(
            activity, totalItems: numbers.count, totalBytes: numbers.reduce(0) { $0 + files[$1].status.sizeBytes },
            monitor: monitor)
        let states = try mapConcurrently(numbers, width: width) { number in
            let state = try reader.state(of: files[number]) { path in try digest(files[number], path) }
            meter.finished(bytes: state.digest.sizeBytes)
            return state
        }
        for (number, state) in zip(numbers, states) { scan.files[number].digest = state.digest }
        let vanished = numbers.isEmpty ? [] : scan.vanished
        index.update(zip(numbers, states).map { (files[$0].path, $1) }, forget: vanished)
    }
}
