package import Files
import Processes

/// What is in commits: asked of the `git` program, a few starts of it for any number of files.
extension GitRepository {
    /// The full id of the commit that `name` means: a branch, a tag, `HEAD~2`, first digits; nil if it means none.
    package func commit(named name: String) throws -> String? {
        if name.isEmpty || name.hasPrefix("-") { return nil }
        let answer = try git(["rev-parse", "--verify", "--quiet", "\(name)^{commit}"], accepted: [0, 1, 128])
        return answer.exit.code == 0 ? String(decoding: firstLine(of: answer.standardOutput), as: UTF8.self) : nil
    }

    /// The commits that branches (those of remotes, too), or tags, end at; each once, with a name.
    package func tips(branches: Bool, tags: Bool) throws -> [(name: String, commit: String)] {
        let patterns = (branches ? ["refs/heads", "refs/remotes"] : []) + (tags ? ["refs/tags"] : [])
        if patterns.isEmpty { return [] }
        let format = "%(refname:short) %(objecttype) %(objectname) %(*objecttype) %(*objectname)"
        let answer = try git(["for-each-ref", "--format=\(format)"] + patterns)
        var tips: [(name: String, commit: String)] = []
        for line in answer.standardOutput.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            // A tag with a message is an object of its own, followed by what it names.
            guard let place = words.lastIndex(of: "commit"), place + 1 < words.count, place > 0 else { continue }
            if !tips.contains(where: { $0.commit == words[place + 1] }) { tips.append((words[0], words[place + 1])) }
        }
        return tips
    }

    /// The plain files of a commit whose path (from `root`) is chosen, with their content.
    package func files(
        at commit: String, where isChosen: (RelativePath) -> Bool
    ) throws -> [(path: RelativePath, content: [UInt8])] {
        let listing = try git(["ls-tree", "-r", "-z", "-l", "--full-tree", commit], limitBytes: 1 << 30)
        var chosen: [(path: RelativePath, object: String, size: Int)] = []
        for entry in listing.standardOutput.split(separator: 0) {
            guard let tab = entry.firstIndex(of: UInt8(ascii: "\t")) else { continue }
            let facts = entry[..<tab].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            let path = RelativePath(unchecked: Array(entry[(tab + 1)...]))
            guard facts.count == 4, facts[0].hasPrefix("100"), let size = Int(facts[3]), isChosen(path) else {
                continue
            }
            chosen.append((path, facts[2], size))
        }
        var files: [(path: RelativePath, content: [UInt8])] = []
        var rest = chosen[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Self.objectsAtOnce)
            rest = rest.dropFirst(piece.count)
            // The objects one after the other, which their sizes tell apart.
            let content = try git(["cat-file", "blob"], objects: piece.map(\.object))
            var place = 0
            for file in piece {
                files.append((file.path, Array(content[place..<min(place + file.size, content.count)])))
                place = min(place + file.size, content.count)
            }
        }
        return files
    }

    /// Ids of 40 or 64 digits: far from the longest command line.
    private static let objectsAtOnce = 500

    private func git(_ subcommand: [String], objects: [String]) throws -> [UInt8] {
        if objects.count == 1 { return try git(subcommand + objects, limitBytes: 1 << 30).standardOutput }
        return try git(["show", "--no-textconv"] + objects, limitBytes: 1 << 30).standardOutput
    }
}
