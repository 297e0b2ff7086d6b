/// The lines at the bottom of a terminal that are drawn again and again, below lines that stay.
///
/// Pure: a frame is the text that turns what was shown into what is to be shown. Each line must fit the terminal.
struct LiveRegion {
    private var shownCount = 0

    /// `above` scrolls away and stays; `region` replaces the region shown before.
    mutating func frame(above: [String], region: [String]) -> String {
        if above.isEmpty, region.isEmpty, shownCount == 0 { return "" }
        // Each line is cleared after its new text, not all before: a slow terminal would flicker.
        let lines = (above + region).map { $0 + "\u{1B}[K\n" }.joined()
        let back = shownCount > 0 ? "\u{1B}[\(shownCount)A\r" : ""
        shownCount = region.count
        return back + lines + "\u{1B}[J"
    }
}
