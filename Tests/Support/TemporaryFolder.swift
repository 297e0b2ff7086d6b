package import Files
import Glibc

/// A folder of its own for one test, removed with all its content when the test lets go of it.
package final class TemporaryFolder: Sendable {
    package let path: AbsolutePath

    package init() throws {
        let place = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let name = "repro-test-" + String(UInt64.random(in: .min ... .max), radix: 36)
        path = AbsolutePath(place).appending(name)
        try FileSystem.real.makeFolders(path)
    }

    deinit { try? FileSystem.real.removeTree(path) }

    /// `text` may hold slashes.
    package subscript(text: String) -> AbsolutePath { AbsolutePath(text, relativeTo: path) }

    /// Replaces the file's content, making the folders above it.
    package func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    package func write(_ bytes: [UInt8], to name: String) throws {
        try FileSystem.real.makeFolders(self[name].parent ?? path)
        _ = try FileSystem.real.removeFile(self[name])
        let file = try FileSystem.real.create(self[name])
        try file.write(bytes)
    }

    package func read(_ name: String) throws -> String {
        String(decoding: try FileSystem.real.read(self[name]), as: UTF8.self)
    }

    /// The names in a folder, in byte order.
    package func names(in folder: String = ".") throws -> [String] {
        try FileSystem.real.openFolder(self[folder]).names().map { String(decoding: $0, as: UTF8.self) }
    }
}
