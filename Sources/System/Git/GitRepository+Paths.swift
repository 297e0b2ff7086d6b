package import Files
import Processes

extension GitRepository {
    /// Those of `paths` (relative to `root`) that `.gitignore` and its like exclude, tracked files excepted.
    package func ignored(among paths: [RelativePath]) throws -> Set<RelativePath> {
        var lines: Set<[UInt8]> = []
        for piece in pieces(of: paths) {
            // It answers with NULs only if it is asked through standard input, and gives a leading colon a meaning.
            // Exit code 1: none is ignored.
            let answer = try git(["check-ignore", "--"] + piece.map { "./\($0)" }, accepted: [0, 1])
            lines.formUnion(answer.standardOutput.split(separator: UInt8(ascii: "\n")).map { Array($0) })
        }
        return Set(paths.filter { lines.contains(quotedAsByGit(Array("./".utf8) + $0.bytes)) })
    }

    /// Those of `paths` (relative to `root`) that Git tracks; a folder is tracked if a file in it is.
    package func tracked(among paths: [RelativePath]) throws -> Set<RelativePath> {
        var files: Set<RelativePath> = []
        for piece in pieces(of: paths) {
            let output = try git(["--literal-pathspecs", "ls-files", "-z", "--"] + piece.map(\.description))
                .standardOutput
            for path in output.split(separator: 0) { files.insert(RelativePath(unchecked: Array(path))) }
        }
        var tracked = files
        for file in files {
            var folder = file.parent
            while let next = folder, tracked.insert(next).inserted { folder = next.parent }
        }
        return tracked.intersection(paths)
    }

    /// As many pieces as the length of a command line needs. A path that is not UTF-8 is not found by Git like this.
    private func pieces(of paths: [RelativePath]) -> [ArraySlice<RelativePath>] {
        var pieces: [ArraySlice<RelativePath>] = []
        var rest = paths[...]
        while !rest.isEmpty {
            var length = 0
            let piece = rest.prefix { path in
                defer { length += path.bytes.count + 1 }
                return length == 0 || length + path.bytes.count < longestCommandLine
            }
            pieces.append(piece)
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }
}

/// Well below the system's limit of 128 KiB for the smallest stack, so that the environment fits, too.
private let longestCommandLine = 64 << 10

/// A path as Git prints it with `core.quotePath` off: in quotes, if it has control characters, quotes or backslashes.
private func quotedAsByGit(_ path: [UInt8]) -> [UInt8] {
    var quoted: [UInt8] = []
    for byte in path {
        if let letter = escapes[byte] {
            quoted += [UInt8(ascii: "\\"), letter]
        } else if byte < 0x20 || byte == 0x7F {
            quoted += [UInt8(ascii: "\\")] + [byte >> 6, byte >> 3 & 7, byte & 7].map { UInt8(ascii: "0") + $0 }
        } else {
            quoted.append(byte)
        }
    }
    return quoted.count == path.count ? path : [UInt8(ascii: "\"")] + quoted + [UInt8(ascii: "\"")]
}

private let escapes: [UInt8: UInt8] = [
    7: UInt8(ascii: "a"), 8: UInt8(ascii: "b"), 9: UInt8(ascii: "t"), 10: UInt8(ascii: "n"), 11: UInt8(ascii: "v"),
    12: UInt8(ascii: "f"), 13: UInt8(ascii: "r"), UInt8(ascii: "\""): UInt8(ascii: "\""),
    UInt8(ascii: "\\"): UInt8(ascii: "\\"),
]
