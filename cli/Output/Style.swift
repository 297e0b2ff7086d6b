/// How a piece of text looks on a terminal; what it says must be understood without it.
enum Style: Sendable {
    case plain, strong, faint, good, bad, warning, notice

    fileprivate var code: String {
        switch self {
        case .plain: ""
        case .strong: "1"
        case .faint: "2"
        case .good: "32"
        case .bad: "31"
        case .warning: "33"
        case .notice: "36"
        }
    }
}

/// Turns styles into escape codes, or into nothing off a terminal.
struct Palette: Sendable {
    let isColored: Bool

    static let plain = Palette(isColored: false)

    func paint(_ text: String, _ style: Style) -> String {
        if !isColored || style == .plain || text.isEmpty { return text }
        return "\u{1B}[\(style.code)m\(text)\u{1B}[0m"
    }
}
