import Files
import HTTP

/// A path of an artifact as clients may give it. Whatever could mean a place outside the root in any reading of it,
/// after any number of decodings, on any system, is refused, though nothing here ever opens a file by such a name.
enum ArtifactPath {
    /// `text` has been decoded once, as every URL is. The empty path is the root.
    static func parse(_ text: String) throws -> RelativePath {
        let stable = try decodedUntilStable(text)
        for form in [text, stable] {
            let slashed = form.map { $0 == "\\" ? "/" : $0 }
            let isAbsolute = slashed.first == "/" || isDrive(form)
            if form.contains("#") || isAbsolute || String(slashed).split(separator: "/").contains("..") {
                throw invalidPath
            }
            if ArtifactLocation.schemeOf(form) == "file" { throw invalidPath }
        }
        if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { throw invalidPath }
        if text.isEmpty { return .root }
        guard let path = try? RelativePath(parsing: text) else { throw invalidPath }
        return path
    }

    /// Some servers decode twice: what that would make of the path is looked at, too.
    static func decodedUntilStable(_ text: String) throws -> String {
        var current = text
        for _ in 0..<10 {
            guard current.utf8.contains(UInt8(ascii: "%")) else { return current }
            // A percent sign that is no escape stands for itself.
            guard let bytes = PercentEncoding.decode(current) else { return current }
            let next = String(decoding: bytes, as: UTF8.self)
            if next == current { return current }
            current = next
        }
        throw invalidPath
    }

    static let invalidPath = MLflowError.invalid("Invalid path")

    private static func isDrive(_ text: String) -> Bool {
        let start = Array(text.utf8.prefix(2))
        guard start.count == 2, start[1] == UInt8(ascii: ":") else { return false }
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(start[0] | 0x20)
    }
}
