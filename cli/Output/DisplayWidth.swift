/// How many columns of a terminal `text` takes: wide East Asian characters and emoji take two, marks that join the
/// character before them none.
///
/// A table of our own: the C library's `wcwidth` needs a locale to be loaded, which costs start-up time and is `C`
/// in many containers.
func displayWidth(of text: String) -> Int {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    return text.reduce(0) { $0 + displayWidth(of: $1) }
}

/// `text` if it fits, or its beginning and `…`.
func truncated(_ text: String, toWidth width: Int) -> String {
    if displayWidth(of: text) <= width { return text }
    if width < 1 { return "" }
    var result = ""
    var used = 1
    for character in text {
        used += displayWidth(of: character)
        if used > width { break }
        result.append(character)
    }
    return result + "…"
}

/// `text` with spaces after it up to `width` columns.
func padded(_ text: String, toWidth width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - displayWidth(of: text)))
}

func withoutTrailingSpaces(_ text: String) -> String {
    String(text[..<(text.lastIndex { $0 != " " }.map(text.index(after:)) ?? text.startIndex)])
}

/// `text` without control characters and escape sequences, so that what a stage or a file name holds cannot steer the
/// terminal.
func printable(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var result = String.UnicodeScalarView()
    var scalars = text.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
        if scalar == "\u{1B}" {
            skipEscapeSequence(&scalars)
        } else if scalar == "\t" {
            result.append(" ")
        } else if scalar.properties.generalCategory != .control {
            result.append(scalar)
        }
    }
    return String(result)
}

/// `ESC [ … letter` and `ESC ] … BEL`; of any other sequence, the one character after ESC.
private func skipEscapeSequence(_ scalars: inout Substring.UnicodeScalarView) {
    switch scalars.popFirst() {
    case "[":
        while let scalar = scalars.popFirst(), !("@"..."~").contains(scalar) {}
    case "]":
        while let scalar = scalars.popFirst(), scalar != "\u{07}", scalar != "\\" {}
    default: break
    }
}

private func displayWidth(of character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    switch first.properties.generalCategory {
    case .control, .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if character.unicodeScalars.contains("\u{FE0F}") || first.properties.isEmojiPresentation { return 2 }
    return wideRanges.contains { $0.contains(first.value) } ? 2 : 1
}

/// East Asian Width W and F, in whole blocks.
private let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
    0x17000...0x18AFF, 0x1B000...0x1B2FF, 0x20000...0x3FFFD,
]
