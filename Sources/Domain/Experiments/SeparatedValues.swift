/// A line of a file of separated values, without its end, as RFC 4180 has it: quotes where a field holds the separator, a
/// quote or a line break.
///
/// By scalars: a quote with an accent on it is one character, and not a quote.
package func separatedLine(_ fields: [String], by separator: Unicode.Scalar = ",") -> String {
    let special: Set<Unicode.Scalar> = [separator, "\"", "\n", "\r"]
    var line = ""
    for (index, field) in fields.enumerated() {
        if index > 0 { line.unicodeScalars.append(separator) }
        guard field.unicodeScalars.contains(where: special.contains) else {
            line += field
            continue
        }
        line += "\""
        for scalar in field.unicodeScalars {
            line.unicodeScalars.append(scalar)
            if scalar == "\"" { line += "\"" }
        }
        line += "\""
    }
    return line
}
