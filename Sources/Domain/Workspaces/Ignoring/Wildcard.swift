/// A pattern for bytes, as ignore files and globs write it: `*`, `?`, `[a-z]`, `**`, and `\` before a letter meant as it is.
///
/// Compiled once; matching takes no memory, and at most as many steps as the lengths of pattern and text multiplied.
package struct Wildcard: Sendable, Equatable {
    /// A slash is fitted by a slash in the pattern only, and by the first two of the last three kinds.
    enum Token: Sendable, Equatable {
        case byte(UInt8)
        case anyByte
        case oneOf(ByteSet)
        /// Any run without a slash.
        case anyName
        /// Any run.
        case anyPath
        /// Nothing, or any run that ends with a slash.
        case anyFolders
    }

    private let tokens: [Token]

    /// Nil for a pattern that fits nothing: one that ends within brackets or after a backslash, or names no class.
    package init?(_ pattern: some Sequence<UInt8>) {
        var reader = WildcardReader(Array(pattern))
        guard let tokens = reader.tokens() else { return nil }
        self.tokens = tokens
    }

    /// Whether some byte of the text has a meaning of its own.
    package static func isPattern(_ text: some Sequence<UInt8>) -> Bool { text.contains(where: isSpecial) }

    static func isSpecial(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "[")
            || byte == UInt8(ascii: "\\")
    }

    package func matches(_ text: [UInt8]) -> Bool { text.withUnsafeBufferPointer { matches($0[...]) } }

    /// Goes forward as far as it can; then the last run of a name, and after that the last run of a path, takes one more.
    /// Earlier runs need not: what follows them was found at the first place possible.
    func matches(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var (token, place) = (0, text.startIndex)
        var name: (token: Int, place: Int)?
        var path: (token: Int, place: Int, isFolders: Bool)?
        while true {
            if token == tokens.count {
                if place == text.endIndex { return true }
            } else {
                switch tokens[token] {
                case .anyName:
                    token += 1
                    name = (token, place)
                    continue
                case .anyPath, .anyFolders:
                    path = (token + 1, place, tokens[token] == .anyFolders)
                    token += 1
                    name = nil
                    continue
                default:
                    if place < text.endIndex, tokens[token].fits(text[place]) {
                        (token, place) = (token + 1, place + 1)
                        continue
                    }
                }
            }
            if let last = name, last.place < text.endIndex, text[last.place] != slash {
                name = (last.token, last.place + 1)
                (token, place) = (last.token, last.place + 1)
            } else if let last = path, let next = Self.next(of: last, in: text) {
                path = (last.token, next, last.isFolders)
                (token, place) = (last.token, next)
                name = nil
            } else {
                return false
            }
        }
    }

    /// Where a run of a path may end next; nil if it may not.
    private static func next(
        of run: (token: Int, place: Int, isFolders: Bool), in text: Slice<UnsafeBufferPointer<UInt8>>
    ) -> Int? {
        if run.isFolders { return text[run.place...].firstIndex(of: slash).map { $0 + 1 } }
        return run.place < text.endIndex ? run.place + 1 : nil
    }
}

let slash = UInt8(ascii: "/")

extension Wildcard.Token {
    fileprivate func fits(_ byte: UInt8) -> Bool {
        switch self {
        case .byte(let wanted): byte == wanted
        case .anyByte: byte != slash
        case .oneOf(let set): set.contains(byte)
        case .anyName, .anyPath, .anyFolders: false
        }
    }
}

/// Some of the 256 bytes.
struct ByteSet: Sendable, Equatable {
    private var bits: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    static func == (a: ByteSet, b: ByteSet) -> Bool { a.bits == b.bits }

    func contains(_ byte: UInt8) -> Bool {
        let mask: UInt64 = 1 << UInt64(byte & 63)
        return switch byte >> 6 {
        case 0: bits.0 & mask != 0
        case 1: bits.1 & mask != 0
        case 2: bits.2 & mask != 0
        default: bits.3 & mask != 0
        }
    }

    mutating func insert(_ byte: UInt8) {
        let mask: UInt64 = 1 << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: bits.0 |= mask
        case 1: bits.1 |= mask
        case 2: bits.2 |= mask
        default: bits.3 |= mask
        }
    }

    mutating func invert() { bits = (~bits.0, ~bits.1, ~bits.2, ~bits.3) }

    mutating func remove(_ byte: UInt8) {
        if !contains(byte) { return }
        invert()
        insert(byte)
        invert()
    }
}
