package import Files
import Processes

extension GitRepository {
    /// Every file that is tracked, or neither tracked nor ignored, below `folder` (relative to `root`), in no order. One
    /// that was removed from the work tree is still named.
    package func files(below folder: RelativePath = .root) throws -> [RelativePath] {
        let scope = folder.isRoot ? [] : ["--", folder.description]
        let listed = try git(
            ["--literal-pathspecs", "ls-files", "-z", "--cached", "--others", "--exclude-standard"] + scope)
        return Set(listed.standardOutput.split(separator: 0).map(Array.init)).map { RelativePath(unchecked: $0) }
    }

    /// The content of a file in a commit; nil if it has no such file. `revision`: anything that names a commit.
    package func content(of path: RelativePath, at revision: String) throws -> [UInt8]? {
        let output = try git(["cat-file", "blob", "\(revision):\(path)"], accepted: [0, 128])
        return output.exit.code == 0 ? output.standardOutput : nil
    }

    /// What is in a folder of a commit; empty if it has no such folder.
    package func entries(
        of folder: RelativePath, at revision: String
    ) throws -> [(name: [UInt8], isFolder: Bool)] {
        let place = folder.isRoot ? "" : folder.description
        let output = try git(["ls-tree", "-z", "\(revision):\(place)"], accepted: [0, 128])
        // `mode type id\tname`
        return output.standardOutput.split(separator: 0).compactMap { line in
            guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { return nil }
            let isFolder = line[..<tab].split(separator: UInt8(ascii: " ")).dropFirst().first?.elementsEqual(
                "tree".utf8)
            return (Array(line[line.index(after: tab)...]), isFolder == true)
        }
    }
}
