extension JSONValue {
    /// The text for an element of HTML, which nothing in it can end.
    package func textInMarkup() -> String {
        var result = ""
        for scalar in text().unicodeScalars {
            switch scalar {
            case "<": result += "\\u003c"
            case ">": result += "\\u003e"
            case "&": result += "\\u0026"
            case "\u{2028}": result += "\\u2028"
            case "\u{2029}": result += "\\u2029"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
