package import Files
import JSON
package import Objects
import YAML

/// A small text file beside a tracked path that says what the path holds: `data/raw.repro` for `data/raw`.
/// docs/formats/pointer-file.md.
package struct PointerFile: Sendable, Equatable {
    /// What it describes.
    package var path: RelativePath
    package var fingerprint: Fingerprint
    /// False: only fingerprinted, so that the store need not hold the content.
    package var isStored: Bool
    /// Nil for data that is nobody else's.
    package var source: DataSource?

    /// The newest that is read; written for imported data only, so that older programs read all else.
    package static let version: Int64 = 2

    package init(path: RelativePath, fingerprint: Fingerprint, isStored: Bool = true, source: DataSource? = nil) {
        self.source = source
        self.path = path
        self.fingerprint = fingerprint
        self.isStored = isStored
    }

    // MARK: Names

    private static let suffix = Array(".repro".utf8)

    /// Where the pointer of `path` is.
    package static func place(for path: RelativePath) -> RelativePath { RelativePath(unchecked: path.bytes + suffix) }

    /// What a pointer at `place` would describe; nil if its name is none of a pointer.
    package static func subject(of place: RelativePath) -> RelativePath? {
        guard isPointer(place.name) else { return nil }
        return RelativePath(unchecked: Array(place.bytes.dropLast(suffix.count)))
    }

    static func isPointer(_ name: [UInt8]) -> Bool {
        name.count > suffix.count && name.suffix(suffix.count).elementsEqual(suffix)
    }

    package var place: RelativePath { Self.place(for: path) }

    // MARK: Text

    package func text() -> String {
        let maker = source == nil ? "add" : "import"
        let lines =
            [
                "# Made by `repro \(maker)`: what the path beside it, of this name without `.repro`, holds. Keep it in Git.",
                "version: \(source == nil ? 1 : Self.version)",
            ] + fingerprint.yamlLines + (isStored ? [] : ["stored: false"]) + (source?.yamlLines ?? [])
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads the text of the pointer at `place`.
    package init(parsing bytes: [UInt8], at place: RelativePath) throws {
        let file = place.description
        let root = try YAMLDocument(parsing: bytes, file: file).root
        guard let entries = root.entries else {
            throw WorkspaceError.malformedPointer("it must be a mapping, not \(root.kindName)", root.location)
        }
        let known = ["version", "stored", "source"] + Fingerprint.yamlKeys
        for entry in entries where !known.contains(entry.name) {
            throw WorkspaceError.malformedPointer("unknown key `\(entry.name)`", entry.key.location)
        }
        guard case .integer(let version)? = root["version"]?.value else {
            throw WorkspaceError.malformedPointer("`version` is missing", root.location)
        }
        guard (1...Self.version).contains(version) else {
            throw WorkspaceError.pointerVersion(found: version, root.location)
        }
        do {
            fingerprint = try Fingerprint(yaml: root)
            source = try root["source"].map { node throws(FingerprintProblem) in try DataSource(yaml: node) }
        } catch {
            throw WorkspaceError.malformedPointer(error.text, error.location)
        }
        isStored = root["stored"]?.value != .bool(false)
        path = Self.subject(of: place) ?? place
    }
}
