import Files
import Objects
import Workspaces

/// Says in what way files were made where that is not the way that was asked for.
enum LinkText {
    /// `asked for hardlink: 3 files hard-linked, 2 copied (2 small ones lie in a pack)`. Nil if nobody asked for links, or if
    /// every file became what was asked for first. The usual setting asks for reflink or copy alike, so that either is
    /// what was asked for.
    static func line(asked: [LinkKind], made: LinkReport) -> String? {
        guard let first = asked.first, asked != Config().links, made.refusals.values.contains(where: { $0 > 0 }) else {
            return nil
        }
        let order: [LinkKind] = [.reflink, .hardlink, .symlink, .copy]
        let counts = order.compactMap { kind in made.counts[kind].map { "\($0) \(participle(kind))" } }
        let reasons = made.refusals.map { (count: $0.value, text: text($0.key)) }.sorted {
            ($1.count, $0.text) < ($0.count, $1.text)
        }
        let why = reasons.map { "\($0.text): \($0.count)" }.joined(separator: "; ")
        return "asked for \(first.rawValue), made: \(counts.joined(separator: ", ")) (\(why))"
    }

    private static func participle(_ kind: LinkKind) -> String {
        switch kind {
        case .reflink: "sharing blocks"
        case .hardlink: "hard-linked"
        case .symlink: "linked"
        case .copy: "copied"
        }
    }

    private static func text(_ reason: LinkRefusal) -> String {
        switch reason {
        case .packed: "stored in a pack"
        case .compressed: "stored compressed"
        case .executable: "executable, so not the stored file itself"
        case .unsupported: "the file system cannot do it"
        case .otherFileSystem: "the store is on another file system"
        case .tooManyLinks: "too many links to one file"
        case .denied: "not permitted"
        }
    }
}
