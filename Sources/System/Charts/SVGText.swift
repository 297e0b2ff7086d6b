/// The text of an SVG picture, element by element. Everything that goes in is escaped here, and nowhere else.
struct SVGText {
    private(set) var text = ""

    typealias Attributes = [(String, String)]

    mutating func open(_ name: String, _ attributes: Attributes = []) { start(name, attributes, end: ">\n") }

    mutating func close(_ name: String) { text += "</\(name)>\n" }

    mutating func empty(_ name: String, _ attributes: Attributes) { start(name, attributes, end: "/>\n") }

    /// An element that holds text.
    mutating func element(_ name: String, _ attributes: Attributes, _ content: String) {
        start(name, attributes, end: ">")
        text += escapedMarkup(content) + "</\(name)>\n"
    }

    private mutating func start(_ name: String, _ attributes: Attributes, end: String) {
        text += "<\(name)"
        for (key, value) in attributes { text += " \(key)=\"\(escapedMarkup(value))\"" }
        text += end
    }
}

/// Text as it may stand in HTML and XML, in an attribute too. Characters that XML cannot hold at all are left out.
package func escapedMarkup(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        case "\t", "\n", "\r": result += " "
        default:
            let value = scalar.value
            if value < 0x20 || value == 0x7F || value == 0xFFFE || value == 0xFFFF { continue }
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// A coordinate: at most two digits after the point.
func coordinate(_ value: Double) -> String { decimal(value, digits: 2, keepsZeros: false) }

/// A number with so many digits after the point.
func decimal(_ value: Double, digits: Int, keepsZeros: Bool = true) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    var power = 1.0
    for _ in 0..<digits { power *= 10 }
    let scaled = Int64((abs(value) * power).rounded())
    let whole = scaled / Int64(power)
    var fraction = String(scaled % Int64(power))
    fraction = String(repeating: "0", count: max(0, digits - fraction.utf8.count)) + fraction
    if !keepsZeros { while fraction.last == "0" { fraction.removeLast() } }
    let sign = value < 0 && scaled != 0 ? "-" : ""
    return digits == 0 || fraction.isEmpty ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
}

/// `text` no longer than `count` characters; what is cut off shows as an ellipsis.
func shortened(_ text: String, to count: Int) -> String {
    text.count <= count ? text : text.prefix(max(1, count - 1)) + "…"
}
