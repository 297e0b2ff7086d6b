/// Rows of a CSV or TSV file, as Python's reader takes them: fields between delimiters, in quotes where they hold a
/// delimiter or a line break, two quotes for one.
struct DelimitedText {
    private(set) var rows: [[String]] = []
    /// The last field was not closed: there may be more of it.
    private(set) var endsInQuotes = false

    init(_ content: [UInt8], delimiter: UInt8) {
        let text = content.starts(with: [0xEF, 0xBB, 0xBF]) ? content.dropFirst(3) : content[...]
        var row: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var index = text.startIndex
        func endField() {
            row.append(String(decoding: field, as: UTF8.self))
            field.removeAll(keepingCapacity: true)
        }
        func endRow() {
            // A line with nothing in it is no row.
            if !(row.isEmpty && field.isEmpty) {
                endField()
                rows.append(row)
            }
            row = []
        }
        while index < text.endIndex {
            let byte = text[index]
            index += 1
            if isQuoted {
                if byte != quote {
                    field.append(byte)
                } else if index < text.endIndex, text[index] == quote {
                    field.append(quote)
                    index += 1
                } else {
                    isQuoted = false
                }
                continue
            }
            switch byte {
            case quote where field.isEmpty: isQuoted = true
            case delimiter: endField()
            case UInt8(ascii: "\n"): endRow()
            case UInt8(ascii: "\r"):
                if index < text.endIndex, text[index] == UInt8(ascii: "\n") { index += 1 }
                endRow()
            default: field.append(byte)
            }
        }
        endRow()
        endsInQuotes = isQuoted
    }

    private let quote = UInt8(ascii: "\"")
}
