import Diagnostics

/// One line about one stage: state, name, duration, why.
struct StageLine {
    let state: String
    let style: Style
    let stage: String
    let milliseconds: Int64?
    let text: String

    private static let stateWidth = 8
    private static let durationWidth = 9

    /// `nameWidth` lines the columns up; `width` cuts the line if it is that of a terminal.
    func line(nameWidth: Int, palette: Palette, width: Int?) -> String {
        let duration = milliseconds.map { Formats.duration(milliseconds: $0) } ?? ""
        let space = String(repeating: " ", count: max(0, Self.durationWidth - displayWidth(of: duration)))
        let start =
            palette.paint(padded(state, toWidth: Self.stateWidth), style) + "  "
            + padded(stage, toWidth: nameWidth) + "  " + space + duration
        let room = width.map { $0 - Self.stateWidth - nameWidth - Self.durationWidth - 6 }
        let text = printable(text)
        let shown = room.map { truncated(text, toWidth: max(0, $0)) } ?? text
        return withoutTrailingSpaces(shown.isEmpty ? start : start + "  " + palette.paint(shown, .faint))
    }
}
