/// Reads the text of a pattern, by the rules of gitignore(5).
struct WildcardReader {
    private let pattern: [UInt8]
    private var place = 0

    init(_ pattern: [UInt8]) { self.pattern = pattern }

    /// Nil if nothing can fit.
    mutating func tokens() -> [Wildcard.Token]? {
        var tokens: [Wildcard.Token] = []
        while let byte = take() {
            switch byte {
            case UInt8(ascii: "?"): tokens.append(.anyByte)
            case UInt8(ascii: "*"): tokens.append(run())
            case UInt8(ascii: "\\"):
                guard let escaped = take() else { return nil }
                tokens.append(.byte(escaped))
            case UInt8(ascii: "["):
                guard let set = set() else { return nil }
                tokens.append(.oneOf(set))
            default: tokens.append(.byte(byte))
            }
        }
        return tokens
    }

    private func peek(_ distance: Int = 0) -> UInt8? {
        place + distance < pattern.count ? pattern[place + distance] : nil
    }

    private mutating func take() -> UInt8? {
        guard let byte = peek() else { return nil }
        place += 1
        return byte
    }

    /// After one star. Two or more that stand alone between slashes go through folders; all others are as one.
    private mutating func run() -> Wildcard.Token {
        let start = place - 1
        while peek() == UInt8(ascii: "*") { place += 1 }
        let standsAfterSlash = start == 0 || pattern[start - 1] == slash
        guard place - start > 1, standsAfterSlash else { return .anyName }
        switch peek() {
        case nil: return .anyPath
        case slash:
            place += 1
            return .anyFolders
        case UInt8(ascii: "\\") where peek(1) == slash: return .anyPath
        default: return .anyName
        }
    }

    /// After an opening bracket; nil if there is no closing one.
    private mutating func set() -> ByteSet? {
        let isInverted = peek() == UInt8(ascii: "!") || peek() == UInt8(ascii: "^")
        if isInverted { place += 1 }
        var set = ByteSet()
        /// Where a range may begin.
        var previous: UInt8?
        var isFirst = true
        while let byte = take() {
            // A bracket that comes first stands for itself.
            if byte == UInt8(ascii: "]"), !isFirst {
                if isInverted { set.invert() }
                set.remove(slash)
                return set
            }
            isFirst = false
            if byte == UInt8(ascii: "\\") {
                guard let escaped = take() else { return nil }
                set.insert(escaped)
                previous = escaped
            } else if byte == UInt8(ascii: "-"), let first = previous, let next = peek(), next != UInt8(ascii: "]") {
                guard let last = rangeEnd() else { return nil }
                if first <= last { for byte in first...last { set.insert(byte) } }
                previous = nil
            } else if byte == UInt8(ascii: "["), peek() == UInt8(ascii: ":"), let end = endOfName() {
                guard end > place + 1, pattern[end - 1] == UInt8(ascii: ":") else {
                    set.insert(byte)
                    previous = byte
                    continue
                }
                guard let belongs = namedSets[String(decoding: pattern[(place + 1)..<(end - 1)], as: UTF8.self)] else {
                    return nil
                }
                for byte in UInt8.min...UInt8.max where belongs(byte) { set.insert(byte) }
                place = end + 1
                previous = nil
            } else {
                set.insert(byte)
                previous = byte
            }
        }
        return nil
    }

    private mutating func rangeEnd() -> UInt8? {
        guard let byte = take() else { return nil }
        return byte == UInt8(ascii: "\\") ? take() : byte
    }

    /// Of the next closing bracket.
    private func endOfName() -> Int? { pattern[place...].firstIndex(of: UInt8(ascii: "]")) }
}

/// `[:alpha:]` and its like, of ASCII only.
private let namedSets: [String: @Sendable (UInt8) -> Bool] = [
    "alnum": { isLetter($0) || isDigit($0) },
    "alpha": { isLetter($0) },
    "blank": { $0 == 0x20 || $0 == 0x09 },
    "cntrl": { $0 < 0x20 || $0 == 0x7F },
    "digit": { isDigit($0) },
    "graph": { (0x21...0x7E).contains($0) },
    "lower": { (0x61...0x7A).contains($0) },
    "print": { (0x20...0x7E).contains($0) },
    "punct": { (0x21...0x7E).contains($0) && !isLetter($0) && !isDigit($0) },
    // Vertical tab and form feed are none to Git.
    "space": { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D },
    "upper": { (0x41...0x5A).contains($0) },
    "xdigit": { isDigit($0) || (0x41...0x46).contains($0) || (0x61...0x66).contains($0) },
]

private func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
