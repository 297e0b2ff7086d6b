/// `text` in lines of at most `width` columns, broken at spaces; a longer word has a line of its own.
func wrapped(_ text: String, toWidth width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
        if line.isEmpty {
            line = String(word)
        } else if displayWidth(of: line) + 1 + displayWidth(of: String(word)) <= width {
            line += " " + word
        } else {
            lines.append(line)
            line = String(word)
        }
    }
    return line.isEmpty ? lines : lines + [line]
}
