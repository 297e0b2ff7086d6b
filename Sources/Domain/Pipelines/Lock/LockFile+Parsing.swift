import Diagnostics
import Files
import Hashing
import JSON
import Objects
import Workspaces
import YAML

extension LockFile {
    /// Reads the text of a lock file; `file` names it in messages.
    package init(parsing bytes: [UInt8], file: String = LockFile.name.description) throws {
        if let lock = LockTextReader.read(bytes) {
            self = lock
            return
        }
        try self.init(parsingYAML: bytes, file: file)
    }

    /// By YAML's rules alone, whatever the text looks like.
    init(parsingYAML bytes: [UInt8], file: String) throws {
        try Self.refuseMergeConflict(bytes, file: file)
        let root = try YAMLDocument(parsing: bytes, file: file).root
        if root.isNull {
            self.init()
            return
        }
        let fields = try LockFields(root, what: "the lock file", known: ["version", "stages"])
        let version = try fields.integer("version")
        guard version == Self.version else {
            throw LockFileError.version(found: version, location: root.location)
        }
        var stages: [StageName: LockedStage] = [:]
        for entry in root["stages"]?.entries ?? [] {
            stages[StageName(entry.name)] = try LockedStage(parsing: entry.value)
        }
        self.init(stages: stages)
    }

    /// Git leaves both sides in the file, between lines that begin so.
    private static func refuseMergeConflict(_ bytes: [UInt8], file: String) throws {
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        where line.starts(with: "<<<<<<< ".utf8) {
            throw LockFileError.mergeConflict(location: SourceLocation(file: file, line: index + 1, column: 1))
        }
    }
}

extension LockedStage {
    fileprivate init(parsing node: YAMLNode) throws {
        let fields = try LockFields(node, what: "a stage", known: ["cmd", "wdir", "deps", "params", "env", "outs"])
        let outs = try fields.items("outs").map { try LockedFile(parsing: $0) }
        let inputs = StageInputs(
            commands: try fields.items("cmd").map { try LockFields.text($0, "cmd") },
            workingDirectory: try node["wdir"].map { try LockFields.path($0) } ?? .root,
            dependencies: try fields.items("deps").map {
                let file = try LockedFile(parsing: $0)
                return InputFile(path: file.path, fingerprint: file.fingerprint)
            },
            params: try fields.entries("params").flatMap { entry in
                let file = try LockFields.path(entry.key)
                return (entry.value.entries ?? []).map { InputParam(file: file, key: $0.name, value: $0.value.value) }
            },
            environment: try fields.entries("env").map { entry in
                InputVariable(name: entry.name, valueHash: SHA256Digest(hex: entry.value.text ?? ""))
            },
            outputs: outs.map { DeclaredOutput(path: $0.path, isCached: $0.isCached, persists: $0.persists) })
        self.init(inputs: inputs, outputs: outs.map { LockedOutput(path: $0.path, fingerprint: $0.fingerprint) })
    }
}

/// A dep or an out as the lock file has it.
private struct LockedFile {
    let path: RelativePath
    let fingerprint: Fingerprint
    let isCached: Bool
    let persists: Bool

    private static let known = ["path", "cache", "persist"] + Fingerprint.yamlKeys

    init(parsing node: YAMLNode) throws {
        let fields = try LockFields(node, what: "a file", known: Self.known)
        path = try LockFields.path(try fields.required("path"))
        isCached = node["cache"]?.value != .bool(false)
        persists = node["persist"]?.value == .bool(true)
        do {
            fingerprint = try Fingerprint(yaml: node)
        } catch {
            throw LockFileError.malformed(error.text, location: error.location)
        }
    }
}

/// A mapping of the lock file, whose keys are known.
private struct LockFields {
    let node: YAMLNode

    init(_ node: YAMLNode, what: String, known: [String]) throws {
        guard let entries = node.entries else {
            throw LockFileError.malformed("\(what) must be a mapping, not \(node.kindName)", location: node.location)
        }
        for entry in entries where !known.contains(entry.name) {
            throw LockFileError.malformed("\(what) has an unknown key `\(entry.name)`", location: entry.key.location)
        }
        self.node = node
    }

    func required(_ key: String) throws -> YAMLNode {
        guard let value = node[key] else {
            throw LockFileError.malformed("`\(key)` is missing", location: node.location)
        }
        return value
    }

    /// Not negative.
    func integer(_ key: String) throws -> Int {
        let value = try required(key)
        guard case .integer(let number) = value.value, number >= 0 else {
            throw LockFileError.malformed("`\(key)` must be a whole number", location: value.location)
        }
        return Int(number)
    }

    func items(_ key: String) throws -> [YAMLNode] {
        guard let value = node[key] else { return [] }
        guard let items = value.items else {
            throw LockFileError.malformed("`\(key)` must be a list", location: value.location)
        }
        return items
    }

    func entries(_ key: String) throws -> [YAMLEntry] {
        guard let value = node[key] else { return [] }
        guard let entries = value.entries else {
            throw LockFileError.malformed("`\(key)` must be a mapping", location: value.location)
        }
        return entries
    }

    static func text(_ node: YAMLNode, _ key: String) throws -> String {
        guard let text = node.text else {
            throw LockFileError.malformed("`\(key)` must be text", location: node.location)
        }
        return text
    }

    static func path(_ node: YAMLNode) throws -> RelativePath {
        let text = try text(node, "path")
        if text == "." { return .root }
        do {
            return try RelativePath(parsing: text)
        } catch {
            throw LockFileError.malformed(error.message, location: node.location)
        }
    }
}
