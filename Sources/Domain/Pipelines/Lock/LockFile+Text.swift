import Files
import Hashing
import JSON
import Objects
import Workspaces
import YAML

/// The text of a lock file: YAML, one fact a line, so that Git can merge it and people can read a diff of it.
extension LockFile {
    static let version = 1

    package func text() -> String {
        var lines = [
            "# Made by `repro run`: what each stage last read and wrote. Keep it in Git.",
            "version: \(Self.version)",
            stages.isEmpty ? "stages: {}" : "stages:",
        ]
        for (name, stage) in stages.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(quoted(name.text)):")
            lines += stage.lines().map { "    " + $0 }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension LockedStage {
    fileprivate func lines() -> [String] {
        var lines = ["cmd:"] + inputs.commands.map { "- \(quoted($0))" }
        if !inputs.workingDirectory.isRoot { lines.append("wdir: \(quoted(inputs.workingDirectory.description))") }
        lines += Self.fileLines("deps", inputs.dependencies.map { ($0.path, $0.fingerprint, []) })
        lines += paramLines()
        if !inputs.environment.isEmpty {
            lines.append("env:")
            for variable in inputs.environment {
                lines.append("  \(quoted(variable.name)): \(variable.valueHash?.description ?? "null")")
            }
        }
        lines += Self.fileLines("outs", outputs.map { ($0.path, $0.fingerprint, options(of: $0.path)) })
        return lines
    }

    private func paramLines() -> [String] {
        if inputs.params.isEmpty { return [] }
        var lines = ["params:"]
        var file: RelativePath?
        for param in inputs.params {
            if param.file != file {
                lines.append("  \(quoted(param.file.description)):")
                file = param.file
            }
            lines.append("    \(quoted(param.key)): \(param.value.yamlText)")
        }
        return lines
    }

    private func options(of path: RelativePath) -> [String] {
        guard let declared = inputs.outputs.first(where: { $0.path == path }) else { return [] }
        return (declared.isCached ? [] : ["cache: false"]) + (declared.persists ? ["persist: true"] : [])
    }

    private static func fileLines(_ title: String, _ files: [(RelativePath, Fingerprint, [String])]) -> [String] {
        if files.isEmpty { return [] }
        return [title + ":"]
            + files.flatMap { path, fingerprint, options in
                ["- path: \(quoted(path.description))"]
                    + (fingerprint.yamlLines + options).map { "  " + $0 }
            }
    }
}

extension JSONValue {
    /// As a YAML flow value: JSON is YAML, but for the numbers that JSON does not know.
    fileprivate var yamlText: String {
        guard case .number(let number) = self, !number.isFinite else { return YAMLText.oneLine(json: text()) }
        return number.isNaN ? ".nan" : number > 0 ? ".inf" : "-.inf"
    }
}

/// `text` as it stands where no YAML reader could take it for anything but this string, else in JSON's quotes.
private func quoted(_ text: String) -> String {
    isPlainLockText(text.utf8) ? text : YAMLText.oneLine(json: JSONValue.string(text).text())
}

/// Whether a text stands in a lock file without quotes.
func isPlainLockText(_ text: some Collection<UInt8>) -> Bool {
    guard let first = text.first, isLetter(first) || first == UInt8(ascii: "_") || first == UInt8(ascii: "/"),
        text.allSatisfy({ isLetter($0) || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) || isPlainMark($0) })
    else { return false }
    if text.count > 5 { return true }
    let word = text.map { $0 | 0x20 }
    return !keywords.contains(word)
}

private func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") }

private func isPlainMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "@"), UInt8(ascii: "-"): true
    default: false
    }
}

/// What some YAML reader takes for something else than text.
private let keywords: Set<[UInt8]> = Set(
    ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"].map { Array($0.utf8) })
