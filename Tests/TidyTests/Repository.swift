import FoundationEssentials

/// The files of this repository, as the tidy rules see them: text, by path from its root.
struct Repository: Sendable {
    let files: [TextFile]

    /// Read once; all rules share it.
    static let shared = Repository(root: rootFolder)

    private static let rootFolder: String = {
        // This file is Tests/TidyTests/Repository.swift.
        let components = #filePath.split(separator: "/").dropLast(3)
        return "/" + components.joined(separator: "/")
    }()

    /// Made by tools, or Git's own.
    private static let skippedFolders: Set = [".build", ".git", ".swiftpm", "__pycache__", "vendor"]
    private static let textLimitBytes = 2_000_000

    private init(root: String) {
        var files: [TextFile] = []
        var folders = [""]
        while let folder = folders.popLast() {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)) ?? []
            for name in names where !Self.skippedFolders.contains(name) {
                let path = folder.isEmpty ? name : folder + "/" + name
                var isFolder = false
                _ = FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder)
                if isFolder {
                    folders.append(path)
                } else if let bytes = FileManager.default.contents(atPath: root + "/" + path),
                    bytes.count <= Self.textLimitBytes, !bytes.contains(0)
                {
                    files.append(TextFile(path: path, text: String(decoding: bytes, as: UTF8.self)))
                }
            }
        }
        self.files = files.sorted { $0.path < $1.path }
    }

    func file(_ path: String) -> TextFile? { files.first { $0.path == path } }

    /// Whether there is a file or folder with this path.
    func contains(_ path: String) -> Bool {
        files.contains { $0.path == path || $0.path.hasPrefix(path + "/") }
    }

    func files(below folder: String, suffix: String = "") -> [TextFile] {
        files.filter { $0.path.hasPrefix(folder + "/") && $0.path.hasSuffix(suffix) }
    }

    /// The Swift files that make the product: what `Sources/` and `cli/` hold.
    static let productSources =
        (shared.files(below: "Sources", suffix: ".swift")
        + shared.files(below: "cli", suffix: ".swift")).map(SwiftSource.init)

    static let testSources = shared.files(below: "Tests", suffix: ".swift").map(SwiftSource.init)
}

/// One text file of the repository.
struct TextFile: Sendable {
    let path: String
    let text: String
    let lines: [Substring]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        self.lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The numbers, from 1, of the lines that contain `fragment`.
    func lineNumbers(containing fragment: String) -> [Int] {
        let wanted = Array(fragment.utf8)
        return lines.indices.filter { lines[$0].utf8.containsSequence(wanted) }.map { $0 + 1 }
    }
}

extension Substring.UTF8View {
    /// String.contains(_:) compares characters and takes seconds over a whole repository; bytes do here.
    fileprivate func containsSequence(_ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first else { return true }
        var rest = self[...]
        while let start = rest.firstIndex(of: first) {
            if rest[start...].starts(with: wanted) { return true }
            rest = rest[rest.index(after: start)...]
        }
        return false
    }
}
