import Files
import Hashing
import JSON
import Objects
import YAML

/// Reads a lock file that stands exactly as `LockFile.text()` writes it, line by line: twenty times as fast as YAML, and
/// a thousand stages are read at each start.
///
/// Understands nothing else. For a file that someone has edited, or that is damaged, the answer is nil, and YAML's
/// reader has the word: so there is one place that explains mistakes, and what both accept they must read alike.
struct LockTextReader {
    private var lines: Lines
    /// Thrown at anything unexpected; never seen outside.
    private struct NotOurs: Error {}

    /// Nil if the text is not exactly ours.
    static func read(_ text: [UInt8]) -> LockFile? {
        guard text.last == UInt8(ascii: "\n") else { return nil }
        var reader = LockTextReader(lines: Lines(text[...]))
        return try? reader.readFile()
    }

    /// The lines that are left of a text that ends with a line break.
    private struct Lines {
        private(set) var first: ArraySlice<UInt8>?
        private var rest: ArraySlice<UInt8>

        init(_ text: ArraySlice<UInt8>) {
            rest = text
            removeFirst()
        }

        var isEmpty: Bool { first == nil }

        mutating func removeFirst() {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
                first = nil
                return
            }
            first = rest[..<end]
            rest = rest[(end + 1)...]
        }

        mutating func popFirst() -> ArraySlice<UInt8>? {
            defer { removeFirst() }
            return first
        }
    }

    // MARK: The parts of the file

    private mutating func readFile() throws -> LockFile {
        if lines.first?.first == UInt8(ascii: "#") { lines.removeFirst() }
        try expect("version: \(LockFile.version)")
        try expect("stages:")
        var stages: [StageName: LockedStage] = [:]
        while !lines.isEmpty {
            let name = StageName(try text(try key(indented: 2)))
            if stages.updateValue(try readStage(), forKey: name) != nil { throw NotOurs() }
        }
        return LockFile(stages: stages)
    }

    private mutating func readStage() throws -> LockedStage {
        var commands: [String] = []
        try expect("    cmd:")
        while let command = after("    - ") { commands.append(try text(command)) }
        let folder = try after("    wdir: ").map { try path($0) } ?? .root
        let dependencies = try readFiles("    deps:")
        let params = try readParams()
        let environment = try readEnvironment()
        let outs = try readFiles("    outs:")
        return LockedStage(
            inputs: StageInputs(
                commands: commands, workingDirectory: folder,
                dependencies: dependencies.map { InputFile(path: $0.path, fingerprint: $0.fingerprint) },
                params: params, environment: environment,
                outputs: outs.map { DeclaredOutput(path: $0.path, isCached: $0.isCached, persists: $0.persists) }),
            outputs: outs.map { LockedOutput(path: $0.path, fingerprint: $0.fingerprint) })
    }

    private struct File {
        var path: RelativePath
        var fingerprint: Fingerprint
        var isCached: Bool
        var persists: Bool
    }

    private mutating func readFiles(_ title: StaticString) throws -> [File] {
        guard take(title) else { return [] }
        var files: [File] = []
        while let value = after("    - path: ") {
            let path = try path(value)
            let isExecutable = take("      executable: true")
            let fileCount = try after("      files: ").map { try count($0) }
            let treeSize = try fileCount == nil ? nil : count(try required("      tree_size: "))
            let size = try count(try required("      size: "))
            let id = String(decoding: try quotedDigits(try required("      xxh3: ")), as: UTF8.self)
            let sha256 = String(decoding: try quotedDigits(try required("      sha256: ")), as: UTF8.self)
            let isUncached = take("      cache: false")
            let persists = take("      persist: true")
            guard let id = ObjectID(hex: id), let sha256 = SHA256Digest(hex: sha256), !isExecutable || fileCount == nil
            else { throw NotOurs() }
            files.append(
                File(
                    path: path,
                    fingerprint: Fingerprint(
                        kind: fileCount.map { .folder(fileCount: $0) } ?? .file(isExecutable: isExecutable),
                        digest: Digest(id: id, sha256: sha256, sizeBytes: UInt64(treeSize ?? size)),
                        contentBytes: UInt64(size)),
                    isCached: !isUncached, persists: persists))
        }
        if files.isEmpty { throw NotOurs() }
        return files
    }

    private mutating func readParams() throws -> [InputParam] {
        guard take("    params:") else { return [] }
        var params: [InputParam] = []
        var files: Set<RelativePath> = []
        while let line = lines.first, line.starts(with: "      ".utf8) {
            let file = try path(try key(indented: 6))
            if !files.insert(file).inserted { throw NotOurs() }
            var keys: Set<String> = []
            while let line = lines.first, line.starts(with: "        ".utf8) {
                let (name, value) = try entry(indented: 8)
                if !keys.insert(name).inserted { throw NotOurs() }
                params.append(InputParam(file: file, key: name, value: try paramValue(value)))
            }
        }
        return params
    }

    private mutating func readEnvironment() throws -> [InputVariable] {
        guard take("    env:") else { return [] }
        var variables: [InputVariable] = []
        var names: Set<String> = []
        while let line = lines.first, line.starts(with: "      ".utf8) {
            let (name, value) = try entry(indented: 6)
            guard names.insert(name).inserted else { throw NotOurs() }
            let isNull = value.elementsEqual("null".utf8)
            let hash = isNull ? nil : SHA256Digest(hex: String(decoding: value, as: UTF8.self))
            // Digits alone YAML would take for a number, which is read alike; what is no hash is YAML's to judge.
            if !isNull, hash == nil { throw NotOurs() }
            variables.append(InputVariable(name: name, valueHash: hash))
        }
        return variables
    }

    // MARK: Lines

    private mutating func expect(_ line: String) throws {
        guard let first = lines.first, first.elementsEqual(line.utf8) else { throw NotOurs() }
        lines.removeFirst()
    }

    /// Whether the next line is this one; if so, it is gone.
    private mutating func take(_ line: StaticString) -> Bool {
        guard let first = lines.first, first.count == line.utf8CodeUnitCount, starts(first, with: line) else {
            return false
        }
        lines.removeFirst()
        return true
    }

    /// What follows `start` in the next line, which is then gone; nil if it does not start so.
    private mutating func after(_ start: StaticString) -> ArraySlice<UInt8>? {
        guard let first = lines.first, starts(first, with: start) else { return nil }
        lines.removeFirst()
        return first.dropFirst(start.utf8CodeUnitCount)
    }

    private mutating func required(_ start: StaticString) throws -> ArraySlice<UInt8> {
        guard let value = after(start) else { throw NotOurs() }
        return value
    }

    private func starts(_ line: ArraySlice<UInt8>, with start: StaticString) -> Bool {
        start.withUTF8Buffer { line.starts(with: $0) }
    }

    /// A line that is only a key with its colon.
    private mutating func key(indented indent: Int) throws -> ArraySlice<UInt8> {
        guard let line = lines.popFirst(), line.last == UInt8(ascii: ":") else { throw NotOurs() }
        return try unindented(line.dropLast(), indent)
    }

    private mutating func entry(indented indent: Int) throws -> (key: String, value: ArraySlice<UInt8>) {
        guard let line = lines.popFirst() else { throw NotOurs() }
        let rest = try unindented(line, indent)
        // A quoted key may hold a colon itself; a plain one cannot.
        let keyEnd = rest.first == UInt8(ascii: "\"") ? try endOfQuoted(rest) : rest.firstIndex(of: UInt8(ascii: ":"))
        guard let keyEnd, keyEnd < rest.endIndex, rest[keyEnd...].starts(with: ": ".utf8) else { throw NotOurs() }
        return (try text(rest[..<keyEnd]), rest[keyEnd...].dropFirst(2))
    }

    private func unindented(_ line: ArraySlice<UInt8>, _ indent: Int) throws -> ArraySlice<UInt8> {
        guard line.count > indent, line.prefix(indent).allSatisfy({ $0 == UInt8(ascii: " ") }) else { throw NotOurs() }
        return line.dropFirst(indent)
    }

    // MARK: Values

    /// The place behind the closing quote.
    private func endOfQuoted(_ value: ArraySlice<UInt8>) throws -> Int {
        var index = value.startIndex + 1
        while index < value.endIndex {
            switch value[index] {
            case UInt8(ascii: "\\"): index += 2
            case UInt8(ascii: "\""): return index + 1
            default: index += 1
            }
        }
        throw NotOurs()
    }

    /// A text as `quoted` writes it: plain, or in quotes with the few escapes that YAML and JSON have in common.
    private func text(_ value: ArraySlice<UInt8>) throws -> String {
        guard value.first == UInt8(ascii: "\"") else {
            guard isPlainLockText(value) else { throw NotOurs() }
            return String(decoding: value, as: UTF8.self)
        }
        guard value.count >= 2, try endOfQuoted(value) == value.endIndex else { throw NotOurs() }
        let inner = value.dropFirst().dropLast()
        guard !inner.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { throw NotOurs() }
        if !inner.contains(UInt8(ascii: "\\")) { return try valid(inner) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(inner.count)
        var rest = inner
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "\""): bytes.append(UInt8(ascii: "\""))
            case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
            case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
            default: throw NotOurs()
            }
        }
        return try valid(bytes[...])
    }

    /// Only plain ASCII is the same for all readers: YAML joins or refuses some of the rest.
    private func valid(_ bytes: ArraySlice<UInt8>) throws -> String {
        if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
        guard let text = String(validating: bytes, as: UTF8.self),
            text.unicodeScalars.allSatisfy({
                $0.value < 0x80 || ($0.value > 0xA0 && ![0x2028, 0x2029, 0xFEFF].contains($0.value))
            })
        else { throw NotOurs() }
        return text
    }

    private func path(_ value: ArraySlice<UInt8>) throws -> RelativePath {
        let bytes = Array(try text(value).utf8)
        if bytes == [UInt8(ascii: ".")] { return .root }
        guard let path = try? RelativePath(parsing: bytes) else { throw NotOurs() }
        return path
    }

    /// A number of at most 18 digits, without sign and leading zero.
    private func count(_ value: ArraySlice<UInt8>) throws -> Int {
        guard value.count <= 18, let first = value.first, first != UInt8(ascii: "0") || value.count == 1 else {
            throw NotOurs()
        }
        return try value.reduce(0) { number, digit in
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { throw NotOurs() }
            return number * 10 + Int(digit - UInt8(ascii: "0"))
        }
    }

    private func quotedDigits(_ value: ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
        guard value.count > 2, value.first == UInt8(ascii: "\""), value.last == UInt8(ascii: "\"") else {
            throw NotOurs()
        }
        return value.dropFirst().dropLast()
    }

    /// Numbers, lists and mappings are read by YAML's reader alone, so that they cannot mean something else here.
    private func paramValue(_ value: ArraySlice<UInt8>) throws -> JSONValue {
        switch value.first ?? 0 {
        case UInt8(ascii: "\""): return .string(try text(value))
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            guard let node = try? YAMLDocument(parsing: Array(value), file: "").root, node.isFlow else {
                throw NotOurs()
            }
            return node.value
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
            guard value.allSatisfy({ "0123456789+-.eEinfa".utf8.contains($0) }) else { throw NotOurs() }
            let number = plainScalarValue(String(decoding: value, as: UTF8.self))
            guard number.asNumber != nil else { throw NotOurs() }
            return number
        default:
            switch String(decoding: value, as: UTF8.self) {
            case "true": return .bool(true)
            case "false": return .bool(false)
            case "null": return .null
            default: throw NotOurs()
            }
        }
    }
}
