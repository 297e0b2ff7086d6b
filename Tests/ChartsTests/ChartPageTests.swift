import FoundationEssentials
import Hashing
import JSON
import Testing

@testable import Charts

@Suite struct ChartPageTests {
    private static let attack = "</title></script><script>alert(1)</script>\"' onload=x &lt;"

    @Test func `nothing that comes from files can become markup`() throws {
        let attack = Self.attack
        let point = Chart.Point(x: 0, y: 0)
        let items: [ChartPage.Item] = [
            .chart(chart(.lines([.init(label: attack, color: 0, points: [point, point])], smoothing: nil))),
            .chart(chart(.points([.init(label: attack, color: 0, points: [point])], isJittered: true))),
            .chart(chart(.bars([.init(label: attack, color: 0, bars: [(attack, 1)])], isSorted: false))),
            .chart(
                chart(.confusion([.init(label: attack, pairs: [.init(x: attack, y: attack)])], isNormalized: false))),
            .pictures(title: attack, [.init(label: attack, mediaType: attack, bytes: [1, 2, 3])]),
        ]
        let html = ChartPage(title: attack, subtitle: attack, items: items, problems: [attack]).html()
        #expect(!html.contains("<script>alert"))
        #expect(!html.contains("alert(1)</script>"))
        #expect(html.split(separator: "<script").count - 1 == 2)
        // In the data, which is JSON, quotes are no markup.
        let markup = try #require(html.split(separator: "<script type=").first)
        #expect(!markup.contains("\" onload"))
        #expect(!markup.contains("' onload"))
    }

    @Test func `the policy allows the page's own script and no request`() throws {
        let html = ChartPage(title: "t", subtitle: "", items: []).html()
        let start = try #require(html.ranges(of: "<script>").last).upperBound
        let end = try #require(html.ranges(of: "</script>").last).lowerBound
        let hash = Data(SHA256.hash(Array(html[start..<end].utf8)).bytes).base64EncodedString()
        #expect(html.contains("script-src 'sha256-\(hash)'\""))
        #expect(html.contains("default-src 'none'"))
        #expect(
            !html.contains("http://") || html.ranges(of: "http://").count == html.ranges(of: "http://www.w3.org/").count
        )
    }

    @Test func `characters that XML cannot hold are left out`() {
        #expect(escapedMarkup("a\u{0}b\u{1B}c\u{FFFE}d\te") == "abcd e")
    }

    private func chart(_ content: Chart.Content) -> Chart {
        let attack = Self.attack
        return Chart(
            title: attack, xAxis: .init(title: attack, categories: [attack]),
            yAxis: .init(title: attack, categories: [attack]), content: content)
    }
}
